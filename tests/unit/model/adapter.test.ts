/** What holds of every prediction and schedule, whatever diffusers says. */
import { describe, expect, it } from 'vitest'
import { adapterOf } from '../../../src/model/adapter'
import type { NetworkDescription } from '../../../src/model/description'
import { choiceFault, complete } from '../../../src/model/kinds'
import { predictions } from '../../../src/model/predictions/index.generated'
import { schedules } from '../../../src/model/schedules/index.generated'
import { noiseLevels } from '../../../src/sampling/schedule'
import { toyModel } from '../../support/model'

type Described = Pick<NetworkDescription, 'prediction' | 'schedule' | 'range'>
const whole = { low: -1, high: 1 }
const described = (
  prediction: string,
  schedule: string,
  parameters: { readonly prediction?: object; readonly schedule?: object; readonly range?: Described['range'] } = {},
): Described => ({
  prediction: complete(
    predictions.find(({ id }) => id === prediction)!,
    { ...parameters.prediction },
  ),
  schedule: complete(
    schedules.find(({ id }) => id === schedule)!,
    { ...parameters.schedule },
  ),
  range: parameters.range ?? whole,
})

/** What a perfect network of each kind outputs for data and noise; `a`: what it got of x = data + σ · noise. Written from definitions. */
const PERFECT: Readonly<Record<string, (data: number, noise: number, sigma: number, a: number) => number>> = {
  x0: (data) => data,
  epsilon: (_data, noise) => noise,
  v: (data, noise, sigma) => (noise - sigma * data) / Math.sqrt(1 + sigma * sigma),
  flow: (data, noise) => noise - data,
  // F of a network that knows the image: (data − c_skip x)/c_out.
  edm: (data, noise, sigma) =>
    (data - (0.25 / (sigma * sigma + 0.25)) * (data + sigma * noise)) /
    ((sigma * 0.5) / Math.sqrt(sigma * sigma + 0.25)),
  // The density round one image is a Gaussian round a · data of deviation a · σ.
  score: (_data, noise, sigma, a) => -noise / (a * sigma),
}

const LEVELS = [0.003, 0.2, 1, 7, 60]

describe.each(predictions.map(({ id }) => id))('D of a perfect network that predicts %s', (prediction) => {
  const perfect = PERFECT[prediction]!
  const ranges = [whole, { low: 0, high: 1 }, { low: 0, high: 255 }]

  it.each(schedules.map(({ id }) => id))('is the image, at %s', (schedule) => {
    for (const range of ranges) {
      const adapter = adapterOf(described(prediction, schedule, { range }))
      const [half, middle] = [(range.high - range.low) / 2, (range.high + range.low) / 2]
      for (const sigma of LEVELS) {
        const { in: factor, inOffset, skip, out, offset } = adapter.level(sigma)
        const [data, noise] = [0.37, -1.2]
        const x = data + sigma * noise
        const [ownData, ownSigma] = [middle + half * data, half * sigma]
        const a = factor / half
        // The network gets a · (its data + its σ · noise).
        expect((factor * x + inOffset) / a).toBeCloseTo(ownData + ownSigma * noise, 8)
        const output = perfect(ownData, noise, ownSigma, a)
        const scale = 1e-9 * (1 + Math.abs(out * output) + Math.abs(skip * x) + Math.abs(offset))
        expect(Math.abs(skip * x + out * output + offset - data)).toBeLessThan(scale)
      }
    }
  })
})

describe('a schedule', () => {
  it.each(schedules.map(({ id }) => id))(
    '%s tells a time that leads back to its noise level, and rises or falls with it',
    (id) => {
      const schedule = schedules.find((one) => one.id === id)!
      const { told, sigma, range, even } = schedule.of(complete(schedule).parameters)
      const levels = Array.from({ length: 40 }, (_, i) => range.min * (range.max / range.min) ** (i / 39))
      for (const level of levels) {
        expect(sigma(told(level)) / level).toBeCloseTo(1, 6)
        if (even) expect(even.to(even.from(told(level)))).toBeCloseTo(told(level), 9)
      }
      const times = levels.map(told)
      const rises = times.every((time, i) => i === 0 || time > times[i - 1]!)
      expect(rises).toBe(true)
    },
  )

  it('of betas is told a whole step at the noise level of each, and the ends beyond them', () => {
    const { told, sigma, range } = schedules
      .find(({ id }) => id === 'linear')!
      .of({
        betaStart: 0.0001,
        betaEnd: 0.02,
        steps: 1000,
        zeroTerminal: false,
      })
    for (let t = 0; t < 1000; t++) expect(told(sigma(t))).toBeCloseTo(t, 8)
    // Values that diffusers prints for DDPM's betas: sqrt((1 − ᾱ)/ᾱ) of the first and the last.
    expect(range.min).toBeCloseTo(0.0100005, 6)
    expect(range.max).toBeCloseTo(157.4073, 2)
    expect([told(1e-9), told(1e9)]).toEqual([0, 999])
  })

  it('rescaled to zero SNR ends in pure noise, and keeps its first level', () => {
    for (const id of ['linear', 'scaled-linear', 'cosine']) {
      const kind = schedules.find((one) => one.id === id)!
      const plain = kind.of(complete(kind).parameters)
      const zero = kind.of(complete(kind, { zeroTerminal: true }).parameters)
      expect(zero.range.min).toBeCloseTo(plain.range.min, 12)
      expect(zero.range.max).toBeGreaterThanOrEqual(4095)
      expect(zero.told(1e9)).toBe(999)
    }
  })

  it('of a flow that runs from noise to image tells 1 − t', () => {
    const flow = schedules.find(({ id }) => id === 'flow')!
    const forward = flow.of(complete(flow, { factor: 1 }).parameters)
    const back = flow.of(complete(flow, { factor: 1, reversed: true }).parameters)
    expect(forward.told(3)).toBeCloseTo(0.75, 12)
    expect(back.told(3)).toBeCloseTo(0.25, 12)
    expect(back.sigma(0.25)).toBeCloseTo(3, 12)
  })

  it('refuses betas that do not grow into noise', () => {
    const kind = schedules.find(({ id }) => id === 'linear')!
    expect(() => kind.of({ betaStart: 0.9, betaEnd: 0.9, steps: 1000, zeroTerminal: false })).toThrow(RangeError)
  })
})

describe('noise levels in the network’s own time', () => {
  const inputs = (dtype: 'float32' | 'int64') => [{ name: 't', meaning: 'noise-level', dtype, dims: ['rows'] } as const]
  const model = (
    dtype: 'float32' | 'int64',
    schedule: string,
    range: { readonly min: number; readonly max: number },
  ) => ({
    ...toyModel,
    ...described('epsilon', schedule),
    inputs: inputs(dtype),
    sigma: { ...range, rho: 7, spacing: 'time' as const },
  })

  it('are those of whole steps where the network is told whole numbers', () => {
    const adapter = adapterOf(described('epsilon', 'linear'))
    const { range } = adapter
    const sigmas = noiseLevels(7, model('int64', 'linear', range))
    expect(sigmas).toHaveLength(8)
    const times = sigmas.slice(0, -1).map((sigma) => adapter.level(sigma).noise)
    for (const time of times) expect(Math.abs(time - Math.round(time))).toBeLessThan(1e-3)
    // 999, 832.5, 666 … to the nearest, halves up.
    expect(times.map(Math.round)).toEqual([999, 833, 666, 500, 333, 167, 0])
    const between = noiseLevels(7, model('float32', 'linear', range)).slice(0, -1)
    expect(between.map((sigma) => Math.round(2 * adapter.level(sigma).noise))).toEqual([
      1998, 1665, 1332, 999, 666, 333, 0,
    ])
  })

  it('fall from the highest to the lowest, also of more steps than training had, and of a flow without an end', () => {
    for (const dtype of ['int64', 'float32'] as const)
      for (const [id, range] of [
        ['cosine', { min: 0.05, max: 500 }],
        ['flow', { min: 0.001, max: 99_999 }],
      ] as const) {
        const sigmas = noiseLevels(1500, model(dtype, id, range))
        expect(sigmas[0]).toBe(Math.fround(range.max))
        expect(sigmas.at(-1)).toBe(0)
        for (const [i, sigma] of sigmas.slice(0, -1).entries()) {
          expect(sigma).toBeGreaterThan(0)
          if (i > 0) expect(sigma).toBeLessThanOrEqual(sigmas[i - 1]!)
        }
      }
  })
})

describe('a choice', () => {
  it.each([
    ['a kind that there is none of', 'ddpm', {}, 'kind: must be one of linear, scaled-linear, cosine'],
    ['a parameter that it lacks', 'cosine', { betaStart: 0.1 }, 'parameters.betaStart: cosine has no such parameter'],
    ['a parameter of another type', 'linear', { steps: true }, 'parameters.steps: must be a whole number'],
    ['half a step', 'linear', { steps: 10.5 }, 'parameters.steps: must be a whole number from 2'],
    ['a number for a flag', 'linear', { zeroTerminal: 1 }, 'parameters.zeroTerminal: must be true or false'],
    ['a beta of 1', 'linear', { betaEnd: 1 }, 'parameters.betaEnd: must be a number from'],
  ])('with %s is refused', (_, kind, given, message) => {
    expect(choiceFault(schedules, kind, given)).toContain(message)
  })
  it('is completed by defaults', () => {
    expect(choiceFault(schedules, 'flow', { shift: 3 })).toBeNull()
    expect(
      complete(
        schedules.find(({ id }) => id === 'flow')!,
        { shift: 3 },
      ).parameters,
    ).toEqual({
      factor: 1000,
      shift: 3,
      reversed: false,
    })
  })
})

it('no level is defined without noise', () => {
  const adapter = adapterOf(described('epsilon', 'linear'))
  for (const sigma of [0, -1, Infinity, NaN]) expect(() => adapter.level(sigma)).toThrow(RangeError)
})
