/** How far a network is from the exact answer, and whether it errs in the direction in which another one does. */
import { classWeightsOf } from '../guidance/pair'
import type { ModelInfo, NetworkRef } from '../model/types'
import type { PlaneDenoiser } from './denoiser'
import type { Label, Mixture } from './mixture'

export interface Errors {
  /** D of the network − D of the mixture, [points × 2]. */
  readonly of: Float32Array
  /** Root mean square of it. */
  readonly size: number
}

const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0)

export interface Asked {
  readonly x: Float32Array
  readonly sigma: number
  readonly label: Label
}

export function errorsOf(
  network: NetworkRef,
  { x, sigma, label }: Asked,
  denoiser: PlaneDenoiser,
  mixture: Mixture,
): Errors {
  const model: ModelInfo = denoiser.model
  const condition = label === null ? ({ kind: 'null' } as const) : ({ kind: 'class', index: label } as const)
  const made = denoiser.predict({ x, sigma, classWeights: classWeightsOf(condition, model), attention: null, network })
  const exact = mixture.denoise(x, sigma, label)
  const of = made.map((value, i) => value - exact[i]!)
  return { of, size: Math.sqrt((2 * dot(of, of)) / of.length) }
}

/** Cosine of two networks' errors over all points: 1 where they err in the same direction everywhere, 0 where neither tells of the other. */
export function agreement(a: Errors, b: Errors): number {
  const length = Math.sqrt(dot(a.of, a.of) * dot(b.of, b.of))
  return length === 0 ? 0 : dot(a.of, b.of) / length
}
