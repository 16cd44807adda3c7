/** A combiner is called at every step, whether or not there is a difference, and told whether guidance acts. */
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Field } from '../../../src/core/field'
import { normals } from '../../../src/core/random'
import { methods, negatives } from '../../../src/guidance'
import { beginning } from '../../../src/guidance/pair'
import { positiveOf } from '../../../src/guidance/positive'
import type { CombinerContext, CombinerMethod } from '../../../src/guidance/types'
import type { DenoiserRow } from '../../../src/model/types'
import type { StepRecord } from '../../../src/sampling/records'
import { sample } from '../../../src/sampling/sample'
import { defaultSettings, parsePreset, settingsRefusal } from '../../../src/settings'
import { anySettingsOf } from '../../support/any-settings'
import { toyDenoiser, toyModel as model } from '../../support/model'

const combiners = methods.filter((method): method is CombinerMethod => method.kind === 'combiner')
afterEach(() => vi.restoreAllMocks())

/** Images that depend on class, network and controls, so that every negative that is not neutral differs. */
function denoise({ x, sigma, ...asked }: DenoiserRow): Float32Array {
  const text = JSON.stringify(asked)
  let hash = 0
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0
  return x.map((value, i) => (0.25 * value + sigma ** 2 * Math.sin(hash + i)) / (0.25 + sigma ** 2))
}

async function records(preset: Readonly<Record<string, unknown>>): Promise<readonly StepRecord[]> {
  const result = parsePreset(preset, model)
  if (!result.ok) throw new Error(result.problem)
  const steps: StepRecord[] = []
  for await (const event of sample({ denoiser: toyDenoiser(denoise), settings: result.settings, alone: [] }))
    if (event.kind === 'step') steps.push(event.record)
  return steps
}

const accepted = combiners.flatMap((combiner) =>
  negatives
    .filter(({ id }) => parsePreset({ method: combiner.id, negative: id }, model).ok)
    .map(({ id }) => [combiner.id, id, combiner] as const),
)

describe('every combiner', () => {
  it.each(accepted)('%s over %s is called at every step', async (method, negative, combiner) => {
    const calls: CombinerContext[] = []
    const own = combiner.combine.bind(combiner)
    vi.spyOn(combiner, 'combine').mockImplementation((context) => {
      calls.push(context)
      return own(context)
    })
    const steps = await records({ method, negative, steps: 8, window: [0.1, 30] })
    expect(calls.map(({ step }) => step)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect(calls.map(({ acts }) => acts)).toEqual(steps.map(({ sigma }) => sigma > 0.1 && sigma <= 30))
    // Where the negative was not evaluated it is the positive itself.
    const evaluated = steps.map(({ samples }) => samples[0]!.predictionNegative !== null)
    expect(calls.map((call) => call.negative !== call.positive)).toEqual(evaluated)
  })

  it.each(combiners.map(({ id }) => [id]))('%s leaves D⁺ alone at scale 0, the same array', async (method) => {
    for (const { samples } of await records({ method, scale: 0, steps: 4 }))
      expect(samples[0]!.guided.denoised).toBe(samples[0]!.predictionPositive)
  })

  it.each(combiners.map(({ id }) => [id]))('%s leaves D⁺ alone outside the window, the same array', async (method) => {
    for (const { samples } of await records({ method, window: [1000, 'inf'], steps: 4 }))
      expect(samples[0]!.guided.denoised).toBe(samples[0]!.predictionPositive)
  })
})

/** What makes each negative equal to the positive, of those that can be; ICG draws the wanted class with some seeds. */
const NEUTRAL: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  erg: { tau: 1 },
  icg: { seed: 2 },
  'in-situ': { dropout: 0 },
  momentum: { window: [70, 'inf'] },
  pag: { mix: 0 },
  pair: { negativePerturbation: 'none' },
  s2: { blockShare: 0 },
  sag: { startSigma: 0 },
  seg: { sigma: 0 },
  'self-guidance': { delta: 0 },
  sims: { network: 'sims-1', budget: 'sims-1' },
  slg: { layers: [] },
  tpg: { share: 0 },
  tsg: { noiseScale: 0 },
}

describe('a rule over a negative that equals the positive', () => {
  const cases = accepted.flatMap(([method, negative]) => [
    ...(NEUTRAL[negative] ? [[method, negative, 'neutral', NEUTRAL[negative]] as const] : []),
    [method, negative, 'scale 0', { scale: 0 }] as const,
    [method, negative, 'outside the window', { window: [0, 0.001] }] as const,
  ])

  it.each(cases)('%s over %s, %s: with Δ = 0 it does what its authors’ does', async (method, negative, _, own) => {
    const combiner = combiners.find(({ id }) => id === method)!
    const still = combiner.parameters.some(({ key }) => key === 'zeroSteps')
    const steps = await records({ method, negative, steps: 4, ...(still && { zeroSteps: 2 }), ...own })
    const first = steps[0]!.samples[0]!
    expect(first.predictionNegative).toBeNull()
    expect(first.guided.denoised).toEqual(still ? first.guided.x : first.predictionPositive)
    if (still) for (const step of steps.slice(1, 3)) expect(step.samples[0]!.guided.x).toEqual(first.guided.x)
  })

  it.each(accepted)('%s over %s asks not whether the arrays are one', (_method, _negative, combiner) => {
    const settings = defaultSettings(model, combiner.id)
    const [positive, x, memory] = [3, 4, 5].map((seed) => normals(seed, 0, 4)) as [Field, Field, Field]
    const at = { positive, x, size: model.image, settings, step: 7, level: 2, sigma: 2, sigmaNext: 1 }
    for (const acts of [true, false]) {
      const equal = combiner.combine({ ...at, acts, memory, negative: Float32Array.from(positive) })
      expect(equal).toEqual(combiner.combine({ ...at, acts, memory, negative: positive }))
    }
  })

  it('is tested over every negative that can be neutral', () => {
    const combined = negatives.filter(({ id }) => accepted.some(([, negative]) => negative === id))
    const neutral = combined.filter((negative) => {
      let found = false
      const settings = anySettingsOf(negative, model).filter((drawn) => settingsRefusal(drawn, model) === null)
      for (const drawn of fc.sample(settings, { numRuns: 60, seed: 1 })) {
        const context = { model, settings: drawn, positive: positiveOf(drawn, model), ...beginning(model) }
        found ||= negative.negative(context) === null
      }
      return found
    })
    expect(neutral.map(({ id }) => id).filter((id) => !(id in NEUTRAL))).toEqual([])
  })
})

describe('CFG-Zero* over ICG, which draws the wanted class at times', () => {
  it.each(['euler', 'heun'])('its still steps stand still (%s)', async (solver) => {
    let drawn = 0
    for (let seed = 1; seed <= 20; seed++) {
      const preset = { method: 'cfg-zero-star', zeroSteps: 2, steps: 8, seed, solver }
      for (const more of [{}, { rescale: 0.7 }, { window: [0, 1] }]) {
        const steps = await records({ ...preset, ...more })
        const [first, second, third, fourth] = steps.map(({ samples }) => samples[0]!)
        expect(third!.guided.x).toEqual(first!.guided.x)
        expect(fourth!.guided.x).not.toEqual(first!.guided.x)
        drawn += [first, second].filter((own) => own!.predictionNegative === null).length
      }
    }
    expect(drawn).toBeGreaterThan(20)
  })
})

describe('APG’s memory', () => {
  const preset = { method: 'apg', negative: 'icg', eta: 1, normLimit: 'inf', momentum: -0.5, scale: 1.5, steps: 12 }

  it('fades and pushes where Δ is 0, inside the window only', async () => {
    let fading = 0
    for (let seed = 1; seed <= 6; seed++) {
      for (const window of [
        [0, 'inf'],
        [0.2, 5],
      ]) {
        const size = 4
        let memory = new Float64Array(size)
        for (const { samples, inWindow } of await records({ ...preset, seed, window })) {
          const { guided, predictionPositive: plus, predictionNegative: minus } = samples[0]!
          // diffusers' MomentumBuffer, updated at every step that is guided: average ← Δ + β average.
          if (inWindow) memory = memory.map((value, i) => plus[i]! - (minus ?? plus)[i]! - 0.5 * value)
          if (inWindow && !minus && memory.some((value) => value !== 0)) fading += 1
          plus.forEach((value, i) =>
            expect(guided.denoised[i]).toBeCloseTo(value + (inWindow ? 1.5 * memory[i]! : 0), 4),
          )
        }
      }
    }
    expect(fading).toBeGreaterThan(5)
  })
})
