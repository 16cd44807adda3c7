/** Versions of the link format, and what the older ones left out. */
import { finestDecoderLayers } from '../guidance/layers'
import type { ModelInfo } from '../model/types'
import { DEFAULT_METHOD, withoutStarts } from './defaults'
import type { Raw } from './read'

/**
 * Links leave out what the methods' own metadata says, so a default of theirs that changes is another version too (a test holds
 * the defaults of this one). Since version 3 they name their model and say every scale and all layers; of none is anything left
 * out that a model's measured starts decide. A later version is refused with a word on why.
 */
export const LINK_VERSION = 3

/** What a link of version 1 left out: the defaults of that version. */
function firstDefaults(method: string, model: ModelInfo): Raw {
  const shared = {
    method,
    network: model.networks[0]?.id,
    class: 0,
    seed: 1,
    samples: 1,
    steps: 16,
    solver: 'euler',
    window: [0, 'inf'],
  }
  switch (method) {
    case 'pag':
      return {
        ...shared,
        scale: 1,
        layers: 'all',
        perturbation: 'identity',
        mix: 1,
        rate: 0.9,
        keepDiagonal: true,
        temperature: 0.25,
      }
    case 'seg':
      return { ...shared, scale: 0.75, layers: finestDecoderLayers(model), sigma: 1 }
    case 'icg':
      return { ...shared, scale: 0.5, redraw: 'step', exclude: false }
    default:
      return shared
  }
}

/** What a link says, and the model whose defaults it leaves out. */
interface Completed {
  readonly raw: Raw
  readonly model: ModelInfo
}

/**
 * What a link says, with what its version left out where that was something else than today; null for a version that is not read.
 * One without a version was written by hand and is read like a preset: it starts where the model is best.
 */
export function completed(version: string | undefined, said: Raw, model: ModelInfo): Completed | null {
  switch (version) {
    case undefined:
      return { raw: said, model }
    case '1': {
      const method = typeof said.method === 'string' ? said.method : DEFAULT_METHOD
      return { raw: { ...firstDefaults(method, model), ...said }, model: withoutStarts(model) }
    }
    case '2':
    case String(LINK_VERSION):
      return { raw: said, model: withoutStarts(model) }
    default:
      return null
  }
}

/** Versions 1 and 2 left out the name of the one family that there was. */
export const leavesModelOut = (version: string | undefined): boolean => version === '1' || version === '2'
