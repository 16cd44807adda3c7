/**
 * The sampler: up to three trajectories from the same noise (the positive alone, the first negative alone, and the guided one),
 * by any solver. It knows no image: rows are tensors of the model's shape. An async generator: the caller draws, records and
 * aborts without the sampler knowing.
 *
 * Every evaluation of a step goes into one batch: D⁺(x⁺), D⁻(x⁻), D⁺(x) and each D⁻(x) at the guided x. A row whose result
 * is known is not evaluated: trajectories that have not yet parted share their rows, and a D⁻ at the guided x is left out
 * where it would not count (s = 0, outside its window, a negative equal to the positive). Only a negative that is made of D⁺
 * (SAG) has to wait for it, in a second batch.
 */
import { normals, STREAM } from '../core/random'
import { negativesOf, walksAlone } from '../guidance/pair'
import { positiveOf } from '../guidance/positive'
import type { Denoiser, VisionModel } from '../model/types'
import type { Settings } from '../settings/types'
import type { TrajectoryCache } from './cache'
import { courseOf } from './course'
import { inWindow } from './plan'
import { Predictor } from './predicting'
import { sampleRecord } from './recording'
import type { Lone, SamplerEvent } from './records'
import { noiseLevels } from './schedule'
import { solverById } from './solver-registry'
import { each, type Some, stride, type Walker } from './trajectories'

export interface SampleOptions {
  readonly denoiser: Denoiser
  readonly settings: Settings
  /** Which trajectories somebody looks at, beside the guided one; those left out cost nothing. */
  readonly alone: readonly Lone[]
  readonly signal?: AbortSignal
  /** Only with a denoiser whose rows do not depend on their batch; see `TrajectoryCache`. */
  readonly cache?: Pick<TrajectoryCache, 'open'>
  /** Start from these images instead of seeded noise, one per sample: x at the noise level of the first step, data units. */
  readonly initial?: readonly Float32Array[]
  /** The step that is taken first. Default 0; with another one `initial` says from where. */
  readonly first?: number
  /** Needed where SAG masks by a vision transformer (`usesVision`). */
  readonly vision?: VisionModel
}

/**
 * Runs the sampler. Yields one `step` event for each outer step and one `final`. Rejects with the signal's reason when
 * aborted (checked before each evaluation), and with whatever the denoiser rejects with.
 */
export async function* sample(options: SampleOptions): AsyncGenerator<SamplerEvent, void, void> {
  const { denoiser, settings, alone, cache, vision, signal } = options
  const { model } = denoiser
  const { seed, steps, samples, image: first } = settings
  const solver = solverById(settings.solver)
  const sigmas = noiseLevels(steps, model)
  const size = model.image.channels * model.image.height * model.image.width * (denoiser.imagesPerRow ?? 1)

  let walkers = Array.from({ length: samples }, (_, image): Some<Walker> => {
    const x = options.initial?.[image] ?? normals(seed, first + image, size).map((value) => value * sigmas[0]!)
    const start = { x, previous: null }
    return {
      positive: alone.includes('positive') ? start : null,
      negative: alone.includes('negative') && walksAlone(settings, model) ? start : null,
      guided: start,
    }
  })
  const from = options.first ?? 0
  const course = denoiser.goesAhead ? await courseOf({ model, settings, sigmas, first: from, walkers }) : null
  // Who goes ahead has no D that it was not asked for, and what it gives differs in the last bits from what is kept.
  const kept = course ? undefined : cache?.open(settings)
  let asked = 0
  const foreseen = course && { nextPlace: () => ({ course, step: asked++ }) }
  const predictor = new Predictor(
    { denoiser, vision, signal, kept, ...foreseen },
    settings,
    negativesOf(settings),
    positiveOf(settings, model),
  )
  for (let index = from; index < steps; index++) {
    const sigma = sigmas[index]!
    const sigmaNext = sigmas[index + 1]!
    const predicted = predictor.step({ step: index, sigma, sigmaNext })
    const strides = await stride(
      walkers,
      (image, { x, previous }) => {
        const noise = () => normals(seed, first + image, size, STREAM.solver, index)
        return solver.step(x, { sigma, sigmaNext, steps, previous, noise, parameters: settings.solverParameters })
      },
      predicted.predict,
    )
    yield {
      kind: 'step',
      record: {
        index,
        steps,
        sigma,
        sigmaNext,
        sigmaHat: strides[0]!.guided.first.sigma,
        inWindow: inWindow(sigma, settings.window),
        samples: strides.map((walked, image) => sampleRecord(walked, predicted.found[image]!)),
        rows: predicted.rows(),
      },
    }
    walkers = strides.map((walked) => each(walked, ({ x, first }) => ({ x, previous: first })))
  }
  yield { kind: 'final', samples: walkers.map((walker) => each(walker, ({ x }) => x)) }
}
