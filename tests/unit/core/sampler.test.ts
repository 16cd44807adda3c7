import { describe, expect, it } from 'vitest'
import { inWindow, sample, type SampleOptions, TrajectoryCache } from '../../../src/core/sampler'
import type { FinalSample, StepRecord } from '../../../src/core/records'
import type { Denoiser } from '../../../src/engine/types'
import { methodById } from '../../../src/guidance'
import { defaultSettings } from '../../../src/settings/codec'
import type { Settings } from '../../../src/settings/types'
import { DATA_MEAN, DATA_STD, gaussianDenoise, toyDenoiser, toyModel } from '../../support/model'

async function run(
  denoiser: Denoiser,
  settings: Settings,
  extra: Pick<SampleOptions, 'cache' | 'signal' | 'negativeAlone'> = {},
): Promise<{ steps: StepRecord[]; final: readonly FinalSample[] }> {
  const steps: StepRecord[] = []
  let final: readonly FinalSample[] = []
  for await (const event of sample({ denoiser, settings, method: methodById(settings.method)!, ...extra })) {
    if (event.kind === 'step') steps.push(event.record)
    else final = event.samples
  }
  return { steps, final }
}

const settings = (changes: Partial<Settings> = {}): Settings => ({ ...defaultSettings(toyModel, changes.method ?? 'pag'), ...changes })

describe('convergence on a Gaussian', () => {
  const errorAt = async (solver: 'euler' | 'heun', steps: number) => {
    const { steps: records, final } = await run(toyDenoiser(gaussianDenoise), settings({ method: 'none', scale: 0, steps, solver }))
    const { min, max } = toyModel.sigma
    // The last step takes D at σ_min, so the comparison is with the exact D there.
    const exact = records[0]!.samples[0]!.guided.x.map((x) => {
      const atMin = DATA_MEAN + (x - DATA_MEAN) * Math.sqrt((DATA_STD ** 2 + min ** 2) / (DATA_STD ** 2 + max ** 2))
      return (DATA_STD ** 2 * atMin + min ** 2 * DATA_MEAN) / (DATA_STD ** 2 + min ** 2)
    })
    return Math.max(...exact.map((value, i) => Math.abs(value - final[0]!.guided[i]!)))
  }

  it('is of first order for Euler and of second order for Heun', async () => {
    const eulerRatio = (await errorAt('euler', 32)) / (await errorAt('euler', 64))
    const heunRatio = (await errorAt('heun', 16)) / (await errorAt('heun', 32))
    expect(eulerRatio).toBeGreaterThan(1.7)
    expect(eulerRatio).toBeLessThan(2.4)
    expect(heunRatio).toBeGreaterThan(3.2)
    // At equal cost (two evaluations a step) Heun is the better one.
    expect(await errorAt('heun', 32)).toBeLessThan(await errorAt('euler', 64))
  })
})

describe('rows whose result is known are not evaluated', () => {
  const rowsOf = async (changes: Partial<Settings>) => {
    const denoiser = toyDenoiser(gaussianDenoise)
    const result = await run(denoiser, settings({ steps: 6, ...changes }))
    return { rows: denoiser.batches.map((batch) => batch.length), ...result }
  }

  it('two in the first step, four afterwards, in one batch an evaluation', async () => {
    const { rows, steps } = await rowsOf({ scale: 1 })
    expect(rows).toEqual([2, 4, 4, 4, 4, 4])
    expect(steps.map((step) => step.rows)).toEqual(rows)
  })

  it('twice as many evaluations for Heun, but for the last step', async () => {
    expect((await rowsOf({ scale: 1, solver: 'heun' })).rows).toEqual([2, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4])
  })

  it('scale 0 evaluates no negative for the guided image and equals the unguided one bit for bit', async () => {
    const { rows, final, steps } = await rowsOf({ scale: 0 })
    expect(rows).toEqual([2, 2, 2, 2, 2, 2])
    expect(final[0]!.guided).toEqual(final[0]!.positive)
    expect(steps.every((step) => step.samples[0]!.predictionNegative === null)).toBe(true)
  })

  it('nothing but the positive without a method, with no layers, or with the blur off', async () => {
    for (const changes of [{ method: 'none', scale: 0 }, { layers: [] }, { method: 'seg', parameters: { sigma: 0 } }] as const) {
      const { rows, final } = await rowsOf(changes)
      expect(rows).toEqual([1, 1, 1, 1, 1, 1])
      expect(final[0]!.guided).toEqual(final[0]!.positive)
    }
  })

  it('the guided image waits for the window, and leaves three rows after it', async () => {
    const { rows, steps } = await rowsOf({ window: [0.1, 3] })
    const inside = steps.map((step) => step.sigma > 0.1 && step.sigma <= 3)
    const first = inside.indexOf(true)
    expect(first).toBeGreaterThan(0)
    expect(rows).toEqual(inside.map((guided, i) => (i === 0 || i < first ? 2 : guided ? (i === first ? 3 : 4) : 3)))
  })

  it('three rows where nobody looks at the negative alone, with the same guided image', async () => {
    const denoiser = toyDenoiser(gaussianDenoise)
    const hidden = await run(denoiser, settings({ steps: 6, scale: 1 }), { negativeAlone: false })
    expect(denoiser.batches.map((batch) => batch.length)).toEqual([2, 3, 3, 3, 3, 3])
    expect(hidden.final[0]!.negative).toBeNull()
    expect(hidden.steps.every((step) => step.samples[0]!.negative === null)).toBe(true)
    expect(hidden.final[0]!.guided).toEqual((await rowsOf({ scale: 1 })).final[0]!.guided)
  })

  it('samples share the batch', async () => {
    expect((await rowsOf({ scale: 1, samples: 3 })).rows).toEqual([6, 12, 12, 12, 12, 12])
  })
})

it('the window holds its upper bound and not its lower one', () => {
  expect([0.1, 0.2, 3, 3.1].map((sigma) => inWindow(sigma, [0.1, 3]))).toEqual([false, true, true, false])
  expect(inWindow(80, [0, Infinity])).toBe(true)
})

describe('guidance', () => {
  it('is D_pos + s (D_pos − D_neg) at the guided point, with the measures of the difference', async () => {
    const { steps } = await run(toyDenoiser(gaussianDenoise), settings({ scale: 1.5, steps: 5 }))
    for (const { samples, sigma } of steps) {
      const { guided, predictionPositive, predictionNegative, differenceRatio, cosine } = samples[0]!
      const difference = predictionPositive.map((value, i) => value - predictionNegative![i]!)
      guided.denoised.forEach((value, i) => expect(value).toBeCloseTo(predictionPositive[i]! + 1.5 * difference[i]!, 4))
      const length = (a: Float32Array) => Math.hypot(...a)
      expect(differenceRatio).toBeCloseTo(length(difference) / length(predictionPositive), 5)
      const noise = guided.x.map((value, i) => (value - predictionPositive[i]!) / sigma)
      const dot = noise.reduce((sum, value, i) => sum + value * difference[i]!, 0)
      expect(cosine).toBeCloseTo(dot / (length(noise) * length(difference)), 4)
    }
  })

  it('leaves the lone trajectories alone', async () => {
    const weak = await run(toyDenoiser(gaussianDenoise), settings({ scale: 0.5, steps: 5 }))
    const strong = await run(toyDenoiser(gaussianDenoise), settings({ scale: 4, steps: 5 }))
    expect(strong.final[0]!.positive).toEqual(weak.final[0]!.positive)
    expect(strong.final[0]!.negative).toEqual(weak.final[0]!.negative)
    expect(strong.final[0]!.guided).not.toEqual(weak.final[0]!.guided)
  })
})

describe('the cache', () => {
  it('leaves only the guided rows when the scale changes, with the same result', async () => {
    const cache = new TrajectoryCache()
    await run(toyDenoiser(gaussianDenoise), settings({ scale: 1, steps: 5, solver: 'heun' }), { cache })
    const again = toyDenoiser(gaussianDenoise)
    const cached = await run(again, settings({ scale: 2, steps: 5, solver: 'heun' }), { cache })
    expect(again.batches.map((batch) => batch.length)).toEqual([2, 2, 2, 2, 2, 2, 2, 2])
    const fresh = await run(toyDenoiser(gaussianDenoise), settings({ scale: 2, steps: 5, solver: 'heun' }))
    expect(cached.final).toEqual(fresh.final)
  })

  it('does not serve another seed, class or method', async () => {
    const cache = new TrajectoryCache()
    await run(toyDenoiser(gaussianDenoise), settings({ steps: 4 }), { cache })
    for (const changes of [{ seed: 2 }, { class: 1 }, { method: 'seg' }, { layers: [1] }] as const) {
      const denoiser = toyDenoiser(gaussianDenoise)
      await run(denoiser, settings({ steps: 4, ...changes }), { cache })
      expect(denoiser.batches[0]).toHaveLength(2)
    }
  })
})

describe('the budget of the cache', () => {
  const rowsOf = async (cache: TrajectoryCache, changes: Partial<Settings>) => {
    const denoiser = toyDenoiser(gaussianDenoise)
    await run(denoiser, settings({ steps: 4, ...changes }), { cache })
    return denoiser.batches.map((batch) => batch.length)
  }
  const oneRun = 4 * 2 * 4 * 4 // four steps, two trajectories, four values of four bytes

  it('forgets the run used longest ago', async () => {
    const cache = new TrajectoryCache(2 * oneRun)
    for (const seed of [1, 2, 1, 3]) await rowsOf(cache, { seed })
    expect(await rowsOf(cache, { seed: 1, scale: 2 })).toEqual([2, 2, 2]) // at the first step all is known
    expect(await rowsOf(cache, { seed: 2, scale: 2 })).toEqual([2, 4, 4, 4])
  })

  it('keeps what fits of a run that does not', async () => {
    const cache = new TrajectoryCache(oneRun / 2)
    await rowsOf(cache, {})
    expect(await rowsOf(cache, { scale: 2 })).toEqual([2, 4, 4])
  })
})

it('stops before the next evaluation when aborted', async () => {
  const abort = new AbortController()
  const denoiser = toyDenoiser((row) => {
    if (denoiser.batches.length === 3) abort.abort(new Error('enough'))
    return gaussianDenoise(row)
  })
  await expect(run(denoiser, settings({ steps: 8 }), { signal: abort.signal })).rejects.toThrow('enough')
  expect(denoiser.batches).toHaveLength(3)
})
