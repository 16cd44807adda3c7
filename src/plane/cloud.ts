/**
 * A cloud of points on its way: the same sampler as for pictures, whose rows hold many points each. What a method draws at random
 * for an image (ICG's class, TSG's noise) is drawn for each row, so that rows are many, and points of a row few.
 */
import { concatenate } from '../core/vector'
import { sample } from '../sampling/sample'
import type { TrajectoryCache } from '../sampling/cache'
import type { FinalSample, Lone, SampleRecord, Trajectory } from '../sampling/records'
import type { Settings } from '../settings/types'
import type { PlaneDenoiser } from './denoiser'

export const POINTS = 2000
export const POINTS_PER_ROW = 100

/** Of one trajectory the points at each noise level, [points × 2] each; the last is the end, at σ = 0. */
export type Path = readonly Float32Array[]

export interface Cloud {
  /** Noise levels of the paths' entries. */
  readonly sigmas: readonly number[]
  readonly paths: Readonly<Record<Trajectory, Path | null>>
  /** Evaluations of a network, of one point each. */
  readonly evaluations: number
  /** Root mean square of D − D⁺ that guidance added, over all points and steps. */
  readonly push: number
}

export interface CloudOptions {
  readonly denoiser: PlaneDenoiser
  readonly settings: Settings
  /** Trajectories beside the guided one. */
  readonly alone: readonly Lone[]
  readonly points?: number
  readonly cache?: TrajectoryCache
  readonly signal?: AbortSignal
  /** Called after each step; what it returns is waited for. */
  readonly onStep?: (step: number) => void | Promise<void>
}

/** The points of one trajectory, of all rows; null where it was not walked. */
function pointsOf(samples: readonly (SampleRecord | FinalSample)[], which: Trajectory): Float32Array | null {
  const parts: Float32Array[] = []
  for (const row of samples) {
    const at = row[which]
    if (at === null) return null
    parts.push(at instanceof Float32Array ? at : at.x)
  }
  return concatenate(parts, Float32Array)
}

const TRAJECTORIES: readonly Trajectory[] = ['positive', 'negative', 'guided']

/** Rejects as `sample` does. `settings.samples` is not read: there are as many points as are asked for. */
export async function runCloud(options: CloudOptions): Promise<Cloud> {
  const { denoiser, settings, alone, points = POINTS, cache, signal, onStep } = options
  const rows = points / denoiser.imagesPerRow
  if (!Number.isInteger(rows)) throw new RangeError(`points come in rows of ${denoiser.imagesPerRow}, not ${points}`)
  const sigmas: number[] = []
  const paths: Record<Trajectory, Float32Array[]> = { positive: [], negative: [], guided: [] }
  let evaluations = 0
  let pushed = 0
  const keep = (samples: readonly (SampleRecord | FinalSample)[]) => {
    for (const which of TRAJECTORIES) {
      const at = pointsOf(samples, which)
      if (at) paths[which].push(at)
    }
  }
  const events = sample({
    denoiser,
    settings: { ...settings, samples: rows },
    alone,
    ...(cache && { cache }),
    ...(signal && { signal }),
  })
  for await (const event of events) {
    if (event.kind === 'final') {
      sigmas.push(0)
      keep(event.samples)
      continue
    }
    const { record } = event
    sigmas.push(record.sigmaHat)
    evaluations += record.rows * denoiser.imagesPerRow
    keep(record.samples)
    for (const { guided, predictionPositive } of record.samples) pushed += squares(guided.denoised, predictionPositive)
    await onStep?.(record.index)
  }
  const walked = (which: Trajectory) => (paths[which].length === sigmas.length ? paths[which] : null)
  return {
    sigmas,
    paths: { positive: walked('positive'), negative: walked('negative'), guided: walked('guided') },
    evaluations,
    push: Math.sqrt(pushed / (points * (sigmas.length - 1))),
  }
}

function squares(a: Float32Array, b: Float32Array): number {
  if (a === b) return 0
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2
  return sum
}
