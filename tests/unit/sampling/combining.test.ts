/** A combiner is called at every step, whether or not there is a difference, and told whether guidance acts. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import { methods, negatives } from '../../../src/guidance'
import type { CombinerContext, CombinerMethod } from '../../../src/guidance/types'
import type { DenoiserRow } from '../../../src/model/types'
import type { StepRecord } from '../../../src/sampling/records'
import { sample } from '../../../src/sampling/sample'
import { parsePreset } from '../../../src/settings'
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

  it.each(combiners.map(({ id }) => [id]))('%s is not called at scale 0', async (method) => {
    const combine = vi.spyOn(
      combiners.find(({ id }) => id === method)!,
      'combine',
    )
    await records({ method, scale: 0, steps: 4 })
    expect(combine).not.toHaveBeenCalled()
  })

  it.each(combiners.map(({ id }) => [id]))('%s leaves D⁺ alone outside the window, the same array', async (method) => {
    for (const { samples } of await records({ method, window: [1000, 'inf'], steps: 4 }))
      expect(samples[0]!.guided.denoised).toBe(samples[0]!.predictionPositive)
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
