/** The ways on that the page offers after a failure. Pure. */
import type { EngineFailure } from '../worker/protocol'

export interface Remedy {
  readonly kind: 'restart' | 'rerun' | 'use-wasm' | 'reset-layers'
  readonly label: string
}

const RESTART: Remedy = { kind: 'restart', label: 'Start again' }
const RERUN: Remedy = { kind: 'rerun', label: 'Sample again' }
const USE_WASM: Remedy = { kind: 'use-wasm', label: 'Use the processor' }
const RESET: Remedy = { kind: 'reset-layers', label: 'Reset the method' }

/** At least one for every failure: buttons that lead on, the best first. */
export function remediesFor(failure: EngineFailure, scope: 'engine' | 'run'): readonly Remedy[] {
  const again = scope === 'engine' ? RESTART : RERUN
  switch (failure.code) {
    case 'download-failed':
      return [{ kind: 'restart', label: 'Try again' }]
    case 'integrity':
      return [{ kind: 'restart', label: 'Download again' }]
    case 'storage-full':
      return [again]
    case 'no-webgpu':
    case 'no-threads':
    case 'device-lost':
    case 'golden-mismatch':
      return [USE_WASM, again]
    case 'out-of-memory':
      return [again, USE_WASM]
    case 'not-finite':
      return [RESET, RERUN]
    case 'worker-died':
    case 'internal':
      return [again]
    default:
      return failure.code satisfies never
  }
}
