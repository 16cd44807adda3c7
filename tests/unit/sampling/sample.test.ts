import { describe, expect, it } from 'vitest'
import { methods } from '../../../src/guidance'
import { TrajectoryCache } from '../../../src/sampling/cache'
import { rescaled } from '../../../src/sampling/combining'
import { inWindow } from '../../../src/sampling/plan'
import { sample, type SampleOptions } from '../../../src/sampling/sample'
import type { FinalSample, StepRecord } from '../../../src/sampling/records'
import type { Denoiser } from '../../../src/model/types'
import { defaultSettings } from '../../../src/settings'
import type { Settings, Term } from '../../../src/settings/types'
import { DATA_MEAN, DATA_STD, gaussianDenoise, toyDenoiser, toyModel } from '../../support/model'

async function run(
  denoiser: Denoiser,
  settings: Settings,
  extra: Partial<Pick<SampleOptions, 'cache' | 'signal' | 'alone'>> = {},
): Promise<{ steps: StepRecord[]; final: readonly FinalSample[] }> {
  const steps: StepRecord[] = []
  let final: readonly FinalSample[] = []
  for await (const event of sample({ denoiser, settings, alone: ['positive', 'negative'], ...extra })) {
    if (event.kind === 'step') steps.push(event.record)
    else final = event.samples
  }
  return { steps, final }
}

const settings = (changes: Partial<Settings> = {}): Settings => ({
  ...defaultSettings(toyModel, changes.method ?? 'pag'),
  ...changes,
})

describe('convergence on a Gaussian', () => {
  const errorAt = async (solver: 'euler' | 'heun', steps: number) => {
    const { steps: records, final } = await run(
      toyDenoiser(gaussianDenoise),
      settings({ method: 'none', scale: 0, steps, solver }),
    )
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

it('holds every D in the range that the model names before it steps, as diffusers’ DDPM does', async () => {
  const free = toyDenoiser((row) => row.x.map((value) => 3 * value))
  const denoiser = { ...free, model: { ...toyModel, clip: 0.75 } }
  const { steps, final } = await run(denoiser, settings({ scale: 2, steps: 4, solver: 'euler' }))
  for (const { sigma, sigmaNext, samples } of steps) {
    const [{ guided, positive, predictionPositive } = samples[0]!] = samples
    // What the network said is shown as it was; the step is taken with what was held.
    expect(Math.max(...predictionPositive.map(Math.abs))).toBeGreaterThan(0.75)
    const held = guided.x.map((value) => Math.min(0.75, Math.max(-0.75, 3 * value)))
    expect([...positive!.denoised].every((value) => Math.abs(value) <= 0.75)).toBe(true)
    expect([...guided.denoised]).toEqual([...held])
    if (sigmaNext > 0) continue
    expect(Math.max(...final[0]!.guided.map((value, i) => Math.abs(value - held[i]!)))).toBeLessThan(
      1e-6 * sigma + 1e-5,
    )
  }
})

describe('an image of a run', () => {
  const able = methods.filter((method) => method.unavailable(toyModel) === null)
  const ofMethods = able.map(({ id }): [string, Partial<Settings>] => [id, defaultSettings(toyModel, id)])
  const sag = defaultSettings(toyModel, 'sag')
  it.each<[string, Partial<Settings>]>([
    ...ofMethods,
    ['a drawn mask', { ...sag, parameters: { ...sag.parameters, mask: 'random' } }],
    ['noise at each step', { solver: 'ddim', solverParameters: { ancestral: 1 } }],
  ])('is the same alone: %s', async (_, own) => {
    const wanted = settings({ ...own, steps: 3, seed: 9 })
    const together = await run(toyDenoiser(gaussianDenoise), { ...wanted, samples: 3, image: 4 })
    const alone = await run(toyDenoiser(gaussianDenoise), { ...wanted, image: 6 })
    expect(alone.final).toEqual([together.final[2]])
    expect(alone.steps.map(({ samples }) => samples)).toEqual(together.steps.map(({ samples }) => samples.slice(2)))
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
    for (const changes of [
      { method: 'none', scale: 0 },
      { layers: [] },
      { method: 'seg', parameters: { sigma: 0 } },
    ] as const) {
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
    const hidden = await run(denoiser, settings({ steps: 6, scale: 1 }), { alone: ['positive'] })
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
  it('is D_pos + s (D_pos − D_neg) at the guided point', async () => {
    const { steps } = await run(toyDenoiser(gaussianDenoise), settings({ scale: 1.5, steps: 5 }))
    for (const { samples } of steps) {
      const { guided, predictionPositive, predictionNegative } = samples[0]!
      const difference = predictionPositive.map((value, i) => value - predictionNegative![i]!)
      guided.denoised.forEach((value, i) => expect(value).toBeCloseTo(predictionPositive[i]! + 1.5 * difference[i]!, 4))
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
    // The positive is the same under another method.
    for (const [changes, unknown] of [
      [{ seed: 2 }, 2],
      [{ class: 1 }, 2],
      [{ method: 'seg' }, 1],
      [{ layers: [1] }, 1],
    ] as const) {
      const denoiser = toyDenoiser(gaussianDenoise)
      await run(denoiser, settings({ steps: 4, ...changes }), { cache })
      expect(denoiser.batches[0]).toHaveLength(unknown)
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

describe('several negatives', () => {
  /** Perturbed rows believe in a mean of their own: −1 with an identity map, −2 with blurred queries. */
  const twoMeans = toyDenoiser((row) => {
    const control = row.attention?.find((entry) => entry !== null)
    const mean = control ? (control.querySigma === undefined ? -1 : -2) : DATA_MEAN
    const variance = DATA_STD ** 2
    return row.x.map((x) => (variance * x + row.sigma ** 2 * mean) / (variance + row.sigma ** 2))
  })
  const blur: Term = { ...settings({ method: 'seg', scale: 0.5, window: [0.1, 3] }) }

  it('push together, each within its own window, in one batch', async () => {
    twoMeans.batches.length = 0
    const { steps } = await run(twoMeans, settings({ scale: 1, steps: 6, stack: [blur] }))
    const inside = steps.map(({ sigma }) => sigma > 0.1 && sigma <= 3)
    expect(inside).toContain(true)
    expect(twoMeans.batches.map((batch) => batch.length)).toEqual(
      inside.map((both, i) => (i === 0 ? 2 : 4) + (both ? 1 : 0)),
    )
    for (const [i, { samples }] of steps.entries()) {
      const { guided, predictionPositive: plus, predictionNegative: minus, stacked } = samples[0]!
      const second = stacked[0]!.predictionNegative
      expect(second !== null).toBe(inside[i])
      guided.denoised.forEach((value, j) => {
        const expected = plus[j]! + (plus[j]! - minus![j]!) + 0.5 * (second ? plus[j]! - second[j]! : 0)
        expect(value).toBeCloseTo(expected, 4)
      })
    }
  })
})

describe('a negative made of earlier predictions', () => {
  it('pushes away from their average, which Heun advances once a step', async () => {
    for (const solver of ['euler', 'heun'] as const) {
      const denoiser = toyDenoiser(gaussianDenoise)
      const chosen = settings({ method: 'momentum', scale: 0.5, steps: 5, solver })
      const beta = chosen.parameters.beta as number
      const { steps, final } = await run(denoiser, chosen)
      let memory = null as Float32Array | null
      for (const { samples } of steps) {
        const { predictionPositive, predictionNegative, guided } = samples[0]!
        expect(predictionNegative).toEqual(memory)
        guided.denoised.forEach((value, i) =>
          expect(value).toBeCloseTo(
            predictionPositive[i]! + (memory ? 0.5 * (predictionPositive[i]! - memory[i]!) : 0),
            5,
          ),
        )
        const past = memory
        memory = past ? past.map((value, i) => (1 - beta) * predictionPositive[i]! + beta * value) : predictionPositive
      }
      // No evaluation beside the positive's, and no trajectory of its own.
      expect(denoiser.batches.every((batch) => batch.length <= 2)).toBe(true)
      expect(final[0]!.negative).toBeNull()
      expect((await run(toyDenoiser(gaussianDenoise), chosen)).final).toEqual(final)
    }
  })
})

describe('a negative made of the positive', () => {
  const tame = (row: { readonly x: Float32Array; readonly sigma: number }) =>
    row.x.map((x) => Math.tanh(x / (1 + row.sigma ** 2)))

  it('waits for it: one reading of the attention, then the prediction at the degraded image', async () => {
    const denoiser = toyDenoiser(tame)
    const { steps } = await run(
      denoiser,
      settings({
        method: 'sag',
        scale: 0.5,
        steps: 4,
        parameters: { ...settings({ method: 'sag' }).parameters, mapLayer: 1, startSigma: Infinity },
      }),
      { alone: ['positive'] },
    )
    // First step: D⁺ of the lone positive, the reading, the degraded one; later the guided D⁺ is the reading itself.
    expect(steps.map(({ rows }) => rows)).toEqual([3, 3, 3, 3])
    for (const { samples } of steps) expect(samples[0]!.mask).toHaveLength(4)
  })

  it('equals the positive where the mask is empty and nothing is clamped', async () => {
    const parameters = { ...settings({ method: 'sag' }).parameters, mapLayer: 1, startSigma: Infinity, threshold: 1000 }
    const { steps, final } = await run(toyDenoiser(tame), settings({ method: 'sag', scale: 0.5, steps: 4, parameters }))
    for (const { samples } of steps) {
      const { predictionPositive, predictionNegative } = samples[0]!
      predictionNegative!.forEach((value, i) => expect(value).toBeCloseTo(predictionPositive[i]!, 5))
    }
    final[0]!.guided.forEach((value, i) => expect(value).toBeCloseTo(final[0]!.positive![i]!, 4))
  })
})

it('windows of a pixel-wise network agree with the whole image', async () => {
  const denoiser = toyDenoiser(gaussianDenoise)
  const base = settings({ method: 'swg' })
  const { steps } = await run(
    denoiser,
    settings({ ...base, scale: 1, steps: 3, parameters: { ...base.parameters, overlapOnly: false } }),
    { alone: ['positive'] },
  )
  expect(denoiser.batches[0]!.filter(({ size }) => size?.height === 1 && size.width === 1)).toHaveLength(4)
  for (const { samples } of steps) expect(samples[0]!.predictionNegative).toEqual(samples[0]!.predictionPositive)
})

it('Neon samples the folded weights alone', async () => {
  const denoiser = toyDenoiser(gaussianDenoise)
  const base = settings({ method: 'sims' })
  await run(denoiser, settings({ ...base, scale: 1, steps: 3, parameters: { ...base.parameters, form: 'neon' } }), {
    alone: ['positive'],
  })
  const asked = denoiser.batches.map((batch) => batch.map(({ network }) => network?.neon?.w ?? null))
  expect(asked).toEqual([
    [null, 1],
    [null, 1],
    [null, 1],
  ])
})

it('what two terms push inside the network is pushed by one evaluation', async () => {
  const denoiser = toyDenoiser(gaussianDenoise)
  const [nag, pladis] = [settings({ method: 'nag' }), settings({ method: 'pladis' })]
  const term = { ...pladis, scale: 2, layers: [0], window: [0, Infinity] as const }
  await run(denoiser, settings({ ...nag, scale: 3, steps: 2, layers: 'all', stack: [term] }), { alone: [] })
  const { featureLimit: limit, featureBlend: blend } = nag.parameters
  const extrapolate = { scale: 3, limit, blend }
  const asked = denoiser.batches.flatMap((batch) => batch.map(({ attention }) => attention))
  const both = [{ extrapolate, entmax: 2 }, { extrapolate }, { extrapolate }]
  expect(asked).toEqual([both, both])
})

it('rescale gives the guided prediction the deviation of the positive', () => {
  const positive = Float32Array.of(1, 2, 3, 6)
  const guided = Float32Array.of(2, 4, 6, 12)
  expect([...rescaled(guided, positive, 1)]).toEqual([1, 2, 3, 6])
  expect([...rescaled(guided, positive, 0.5)]).toEqual([1.5, 3, 4.5, 9])
  expect(rescaled(guided, positive, 0)).toBe(guided)
})

it('perturbs the positive of a free pair, in its own trajectory and in the guided one', async () => {
  const denoiser = toyDenoiser(gaussianDenoise)
  const base = settings({ method: 'pair' })
  const parameters = {
    ...base.parameters,
    negativePerturbation: 'none',
    positivePerturbation: 'pag',
    mix: 1,
    perturbation: 'identity',
    head: -1,
  }
  const { steps } = await run(denoiser, settings({ ...base, scale: 1, steps: 3, parameters }))
  for (const { samples, sigma } of steps) {
    const { guided, predictionPositive, predictionNegative, positive } = samples[0]!
    const believed = (x: Float32Array, mean: number) =>
      x.map((value) => (DATA_STD ** 2 * value + sigma ** 2 * mean) / (DATA_STD ** 2 + sigma ** 2))
    expect(predictionPositive).toEqual(believed(guided.x, -1))
    expect(predictionNegative).toEqual(believed(guided.x, DATA_MEAN))
    expect(positive!.denoised).toEqual(believed(positive!.x, -1))
  }
})
