/** Scales below 0: s = −1 is the negative itself, for every method that lets s go there. */
import { describe, expect, it } from 'vitest'
import { normals } from '../../../src/core/random'
import { partsOf } from '../../../src/engine/recipe'
import { isGuided, makersOf, methods } from '../../../src/guidance'
import { actsAlone, lowestScale } from '../../../src/guidance/scale'
import { walksAlone } from '../../../src/guidance/pair'
import type { CombinerMethod } from '../../../src/guidance/types'
import type { DenoiserRow } from '../../../src/model/types'
import type { FinalSample, StepRecord } from '../../../src/sampling/records'
import { sample } from '../../../src/sampling/sample'
import { decodeLink, defaultSettings, parsePreset } from '../../../src/settings'
import type { Settings } from '../../../src/settings/types'
import { toyDenoiser, toyModel as model } from '../../support/model'

const guided = methods.filter(({ id }) => isGuided({ method: id }))
const turning = guided.filter(({ oneWay }) => oneWay === undefined).map(({ id }) => [id] as const)
const oneWay = guided.filter((method) => method.oneWay !== undefined).map(({ id }) => [id] as const)
const combiners = guided.filter((method): method is CombinerMethod => method.kind === 'combiner')

/** Images that depend on class, network and controls, so that every negative that is not neutral differs. */
function denoise({ x, sigma, ...asked }: DenoiserRow): Float32Array {
  const text = JSON.stringify(asked)
  let hash = x.length
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0
  return x.map((value, i) => (0.25 * value + sigma ** 2 * Math.sin(hash + i)) / (0.25 + sigma ** 2))
}

function settingsOf(preset: Readonly<Record<string, unknown>>): Settings {
  const result = parsePreset(preset, model)
  if (!result.ok) throw new Error(result.problem)
  return result.settings
}

async function run(settings: Settings): Promise<{ readonly steps: readonly StepRecord[]; readonly end: FinalSample }> {
  const steps: StepRecord[] = []
  let end: FinalSample | undefined
  const alone = walksAlone(settings, model) ? (['positive', 'negative'] as const) : []
  for await (const event of sample({ denoiser: toyDenoiser(denoise), settings, alone })) {
    if (event.kind === 'step') steps.push(event.record)
    else end = event.samples[0]
  }
  return { steps, end: end! }
}

function apart(a: Float32Array, b: Float32Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!) / Math.max(1, Math.abs(b[i]!))), 0)
}

/** A crop of so small an image is all of it, so that the two predictions agree. */
const cropped = (id: string) => makersOf(defaultSettings(model, id)).some(({ crops }) => crops)

describe('a method that s may lead towards its negative', () => {
  it.each(turning)('%s predicts the negative at s = −1, at every step', async (method) => {
    const { steps } = await run(settingsOf({ method, scale: -1, steps: 8, window: [0, 'inf'] }))
    const evaluated = steps.flatMap(({ samples: [own] }) =>
      own?.predictionNegative ? [{ ...own, predictionNegative: own.predictionNegative }] : [],
    )
    expect(evaluated.length).toBeGreaterThan(1)
    for (const { guided: at, predictionNegative, predictionPositive } of evaluated) {
      expect(apart(at.denoised, predictionNegative)).toBeLessThan(1e-6)
      if (!cropped(method)) expect(apart(at.denoised, predictionPositive)).toBeGreaterThan(1e-6)
    }
  })

  // A negative made of earlier positives can't walk alone.
  const walking = turning.filter(([id]) => walksAlone(defaultSettings(model, id), model))
  it.each(walking)('%s ends at the image of the negative alone', async (method) => {
    const { end } = await run(settingsOf({ method, scale: -1, steps: 8, window: [0, 'inf'] }))
    expect(apart(end.guided, end.negative!)).toBeLessThan(1e-5)
    if (!cropped(method)) expect(apart(end.guided, end.positive!)).toBeGreaterThan(1e-2)
  })

  it.each([
    ['alone', {}, true],
    ['with rescale', { rescale: 0.5 }, false],
    ['beside another term', { stack: [{ method: 'seg', scale: 0.5 }] }, false],
  ])('%s, s = −1 is the negative only where the page says so', async (_, more, alone) => {
    const settings = settingsOf({ method: 'pag', scale: -1, steps: 4, ...more })
    expect(actsAlone(settings)).toBe(alone)
    const { samples } = (await run(settings)).steps[1]!
    expect(apart(samples[0]!.guided.denoised, samples[0]!.predictionNegative!) < 1e-6).toBe(alone)
  })

  it('Neon’s weights at s = −1 are those of the copy', () => {
    const network = { id: 'main', neon: { against: 'sims-1', w: -1 } }
    const copy = partsOf({ id: 'sims-1' }, model)
    expect(partsOf(network, model).filter(({ factor }) => factor !== 0)).toEqual(copy)
  })
})

describe('a method that s may not lead back', () => {
  it('is every other one', () => {
    expect(turning.length + oneWay.length).toBe(guided.length)
    for (const method of guided) expect(lowestScale(method)).toBe(method.oneWay === undefined ? -1 : 0)
  })

  it.each(oneWay)('%s says why, and what to do', (method) => {
    const refused = parsePreset({ method, scale: -0.5 }, model)
    expect(refused.ok ? '' : refused.problem).toMatch(/ below 0 .*\. Set scale to 0 or more\./)
    expect(parsePreset({ method, scale: 0 }, model).ok).toBe(true)
    const stacked = parsePreset({ method: 'pag', stack: [{ method, scale: -0.5 }] }, model)
    expect(stacked.ok).toBe(false)
  })

  it.each(oneWay)('%s is shown at 0 where a link asks for less', (method) => {
    const { settings, problems } = decodeLink(`#v=3&method=${method}&scale=-0.5`, model)
    expect(settings).toMatchObject({ method, scale: 0 })
    expect(problems).toEqual([expect.stringMatching(/Shown with scale 0\.$/)])
  })

  it.each(combiners.map((combiner) => [combiner.id, combiner] as const))('%s would not find it', (id, combiner) => {
    const size = { channels: 1, height: 8, width: 8 }
    const [positive, negative, noise] = [1, 2, 3].map((seed) => normals(seed, 0, 64)) as [
      Float32Array,
      Float32Array,
      Float32Array,
    ]
    const { denoised } = combiner.combine({
      positive,
      negative,
      x: positive.map((value, i) => value + 2 * noise[i]!),
      size,
      settings: { ...defaultSettings(model, id), scale: -1 },
      acts: true,
      step: 3,
      level: 2,
      sigma: 2,
      sigmaNext: 1.5,
      memory: noise,
    })
    expect(apart(denoised, negative)).toBeGreaterThan(1e-2)
  })
})
