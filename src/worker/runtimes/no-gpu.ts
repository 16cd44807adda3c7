/** Why WebGPU can't be used, as far as asking for a graphics processor tells: in the worker, or before it on the page. */
import { type EngineFailure, noWebGpu } from '../../core/failure'

export type NoGpu = 'unoffered' | 'unfound' | 'software'

export function noGpu(why: NoGpu): EngineFailure {
  switch (why) {
    case 'unoffered':
      return noWebGpu(isSecureContext ? 'this browser does not offer it' : 'the page was not served over https')
    case 'unfound':
      return noWebGpu('the browser found no graphics processor it can use')
    case 'software':
      return noWebGpu('there is no graphics processor, only software in its place, which WASM outruns')
    default:
      return why satisfies never
  }
}
