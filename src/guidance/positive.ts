/**
 * What the positive is asked unless a method says otherwise: the chosen network and class at x_t, nothing perturbed.
 */
import type { ModelInfo } from '../model/types'
import type { Settings } from '../settings/types'
import { networkById, networkRef } from './networks'
import type { Prediction } from './prediction'

export function positiveOf(settings: Settings, model: ModelInfo): Prediction {
  const network = networkById(settings.network, model) ?? model.networks[0]!
  return {
    network: networkRef(network.id, settings.ema, model),
    condition: settings.class === null ? { kind: 'null' } : { kind: 'class', index: settings.class },
    attention: null,
    noiseFactor: 1,
    embeddingOffset: null,
    input: { kind: 'x' },
  }
}
