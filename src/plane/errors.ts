/** How far a network is from the exact answer, and whether it errs in the direction in which another one does. */
import { classWeightsOf } from '../guidance/pair'
import type { ModelInfo, NetworkRef } from '../model/types'
import type { PlaneDenoiser } from './denoiser'
import { gridPoints, halfView } from './grid'
import { levelsOf } from './ground'
import { EXACT } from './model'
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

/** A network beside the exact answer at one noise level. */
export interface ErrorMap {
  readonly network: string
  /** Length of its error at each place of the grid, relative to σ: the error of the predicted noise. */
  readonly values: Float32Array
  /** Root mean square of that over true noisy points. */
  readonly size: number
  /** How much of its error points where the main network's does, over the same points: −1 … 1. */
  readonly along: number
}

export interface ErrorMaps {
  readonly sigma: number
  readonly side: number
  /** How much each place of the grid counts: 1 where true points are, 0 where there are none. */
  readonly ground: Float32Array
  readonly maps: readonly ErrorMap[]
}

const DRAWN = 1000
const SEED = 9

/** Maps of the networks that can be asked for the class. */
export function errorMaps(
  sigma: number,
  label: Label,
  side: number,
  denoiser: PlaneDenoiser,
  mixture: Mixture,
): ErrorMaps {
  const { model } = denoiser
  const grid = gridPoints({ half: halfView(sigma, model.dataDeviation) }, side)
  const [edge = 0, inner = 0] = levelsOf(sigma, label, mixture, [0.999, 0.9])
  const log = mixture.logDensity(grid, sigma, label)
  const ground = Float32Array.from(log, (value) =>
    Math.min(1, Math.max(0, 0.5 + (value - edge) / (2 * (inner - edge)))),
  )
  const points = mixture.draw(DRAWN, label, sigma, SEED)
  const asked = model.networks.filter(
    ({ id, labelDropout, role }) => id !== EXACT && (label === null ? labelDropout : role !== 'unconditional'),
  )
  const [main] = asked
  const reference = main && errorsOf({ id: main.id }, { x: points, sigma, label }, denoiser, mixture)
  const maps = asked.map(({ id }): ErrorMap => {
    const at = errorsOf({ id }, { x: points, sigma, label }, denoiser, mixture)
    const { of } = errorsOf({ id }, { x: grid, sigma, label }, denoiser, mixture)
    const values = Float32Array.from({ length: side * side }, (_, i) => Math.hypot(of[2 * i]!, of[2 * i + 1]!) / sigma)
    return { network: id, values, size: at.size / sigma, along: reference ? agreement(at, reference) : 0 }
  })
  return { sigma, side, ground, maps }
}
