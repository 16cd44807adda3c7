/** Held to the packages themselves: tests/golden/features.py. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { resample } from '../../../src/core/resample'
import { estimateFrom } from '../../../src/evaluation/metrics'
import { cmmd, frechet, kid } from '../../../src/evaluation/features/distances'
import { BICUBIC } from '../../../src/evaluation/features/filters'
import { featureMetrics, pointsOf, protocolById, protocols } from '../../../src/evaluation/features'
import { prepared } from '../../../src/evaluation/features/prepare'
import { ReferenceFault, referenceOf, type Reference } from '../../../src/evaluation/features/reference'

interface Case {
  readonly count: number
  readonly realCount: number
  readonly width: number
  readonly made: readonly number[]
  readonly real: readonly number[]
  readonly mu: readonly number[]
  readonly sigma: readonly number[]
  readonly pytorchFid: number
  readonly cleanFid: number
  readonly dgmEval: number
  readonly cmmd: number
  readonly cleanKid?: number
  readonly dgmKid?: number
}
interface Resized {
  readonly from: number
  readonly to: number
  readonly pixels: readonly number[]
  readonly cleanFid: readonly number[]
  readonly pytorchFid: readonly number[]
  readonly bytes: readonly number[]
}
const golden = JSON.parse(readFileSync('tests/golden/features.json', 'utf8')) as {
  readonly distances: readonly Case[]
  readonly resized: readonly Resized[]
}

const protocol = (id: string) => protocolById(id)!
const rows = (values: readonly number[], width: number) =>
  Array.from({ length: values.length / width }, (_, i) => Float32Array.from(values.slice(i * width, (i + 1) * width)))
const unit = (row: Float32Array) => row.map((value) => value / Math.sqrt(row.reduce((sum, x) => sum + x * x, 0)))
const ofFeatures = ({ real, realCount, width }: Case) =>
  referenceOf({ reps: { shape: [realCount, width], data: real } })

describe.each(golden.distances)('$count pictures against $realCount, $width features', (one) => {
  const points = pointsOf(rows(one.made, one.width), one.width)
  const moments = referenceOf({
    mu: { shape: [one.width], data: one.mu },
    sigma: { shape: [one.width, one.width], data: one.sigma },
  })

  it('have the Fréchet distance of pytorch-fid, clean-fid and dgm-eval', () => {
    // Roots of eigenvalues that should be zero differ by 1e-8 where there are fewer pictures than features.
    const digits = one.count < one.width ? 6 : 10
    expect(frechet(points, moments.moments!).whole / one.pytorchFid).toBeCloseTo(1, digits)
    expect(frechet(points, ofFeatures(one).moments!).whole / one.cleanFid).toBeCloseTo(1, Math.min(6, digits))
    expect(one.dgmEval / one.pytorchFid).toBeCloseTo(1, 6)
  })

  it('have the CMMD of cmmd-pytorch', () => {
    const reference = referenceOf({
      any: {
        shape: [one.realCount, one.width],
        data: rows(one.real, one.width).flatMap((row) => [...unit(row)]),
      },
    })
    const points = pointsOf(rows(one.made, one.width).map(unit), one.width)
    // Rows of length 1 in float32.
    expect(cmmd(points, reference).whole / one.cmmd).toBeCloseTo(1, 4)
  })

  it.runIf(one.cleanKid !== undefined)('have the KID of clean-fid and dgm-eval', () => {
    expect(kid(points, ofFeatures(one)).whole / one.cleanKid!).toBeCloseTo(1, 9)
    expect(kid(points, ofFeatures(one)).whole / one.dgmKid!).toBeCloseTo(1, 9)
  })
})

describe('intervals', () => {
  const width = 24
  const noise = (seed: number) => (i: number) => (Math.sin(seed * 7.13 + i * 12.9898) * 43758.5453) % 1
  const cloud = (count: number, seed: number) =>
    Array.from({ length: count }, (_, i) => Float32Array.from({ length: width }, (__, c) => noise(seed)(i * width + c)))
  const reference = referenceOf({ feats: { shape: [60, width], data: cloud(60, 2).flatMap((row) => [...row]) } })
  const without = (block: number) => cloud(100, 1).filter((_, i) => Math.floor(i / 10) !== block)

  it.each([
    ['frechet', (points: ReturnType<typeof pointsOf>) => frechet(points, reference.moments!)],
    ['kid', (points: ReturnType<typeof pointsOf>) => kid(points, reference)],
    ['cmmd', (points: ReturnType<typeof pointsOf>) => cmmd(points, reference)],
  ])('of %s come from the sets that lack a tenth each', (_, of) => {
    const all = of(pointsOf(cloud(100, 1), width))
    expect(all.without).toHaveLength(10)
    for (const block of [0, 3, 9])
      expect(all.without[block]! / of(pointsOf(without(block), width)).whole).toBeCloseTo(1, 9)
    expect(estimateFrom(all).margin).toBeGreaterThan(0)
    expect(of(pointsOf(cloud(99, 1), width)).without).toEqual([])
  })

  it('are the same of the two ways to a Fréchet distance: of few pictures, and of many', () => {
    const wide: Reference = { ...reference, width: 2 * width }
    const doubled = (row: Float32Array) => Float32Array.from({ length: 2 * width }, (_, c) => row[c % width]!)
    // 30 pictures of 48 features that are 24 twice: the distance is twice theirs, and takes the other way.
    const twice = referenceOf({
      feats: { shape: [60, 2 * width], data: cloud(60, 2).flatMap((row) => [...doubled(row)]) },
    })
    const few = frechet(pointsOf(cloud(30, 1).map(doubled), wide.width), twice.moments!)
    expect(few.whole / (2 * frechet(pointsOf(cloud(30, 1), width), reference.moments!).whole)).toBeCloseTo(1, 6)
  })
})

describe.each(golden.resized)('a picture of $from pixels at $to', ({ from, to, pixels, ...resized }) => {
  const extent = { height: from, width: from }
  /** The network's input as values of 0 to 255 in the order of pixels. */
  const shown = (id: string) => {
    const { mean, deviation } = protocol(id)
    const input = prepared(Uint8Array.from(pixels), extent, protocol(id), to)
    const plane = to * to
    return Array.from({ length: 3 * plane }, (_, i) => {
      const c = i % 3
      return 255 * (input[c * plane + Math.floor(i / 3)]! * deviation[c]! + mean[c]!)
    })
  }
  const farthest = (a: readonly number[], b: readonly number[]) => Math.max(...a.map((x, i) => Math.abs(x - b[i]!)))

  it('is clean-fid’s', () => expect(farthest(shown('clean-fid'), resized.cleanFid)).toBeLessThan(2e-4))
  it('is pytorch-fid’s', () => expect(farthest(shown('pytorch-fid'), resized.pytorchFid)).toBeLessThan(2e-4))
  it('is Pillow’s to the byte for DINOv2 and CLIP', () => {
    const whole = (values: readonly number[]) => values.map((value) => Math.abs(Math.round(value)))
    expect(whole(shown('dinov2'))).toEqual(resized.bytes)
    expect(whole(shown('cmmd'))).toEqual(resized.bytes)
    // Rounding the picture in floats once is not the same.
    const once = resample(pixels, extent, 3, { height: to, width: to }, new Uint8ClampedArray(3 * to * to), BICUBIC)
    expect([...once]).not.toEqual(resized.bytes)
  })
})

describe('a reference', () => {
  const feats = { shape: [3, 2], data: [0, 1, 2, 3, 4, 8] }
  const [mu, sigma] = [
    { shape: [2], data: [1, 2] },
    { shape: [2, 2], data: [1, 0, 0, 1] },
  ]

  it('is told by its arrays, other things that packages save beside them left aside', () => {
    expect(referenceOf({ mu, sigma })).toMatchObject({ width: 2, features: null, count: null })
    expect(referenceOf({ feats })).toMatchObject({ width: 2, count: 3 })
    expect([...referenceOf({ reps: feats, model: { shape: [], data: [0] } }).moments!.mean]).toEqual([2, 4])
    expect(referenceOf({ arr_0: feats }).features).toHaveLength(6)
    const both = referenceOf({ mu, sigma, feats })
    expect([...both.moments!.mean, both.count]).toEqual([1, 2, 3])
  })

  it.each([
    [{}, /no array/],
    [{ a: feats, b: feats }, /holds a, b/],
    [{ mu }, /holds mu/],
    [{ mu, sigma: { shape: [3], data: [1, 2, 3] } }, /takes 4/],
    [{ feats: { shape: [6], data: feats.data } }, /\[pictures, width\]/],
    [{ feats: { ...feats, data: [0, 1, NaN, 3, 4, 5] } }, /not finite/],
    [{ mu, sigma, feats: { shape: [2, 3], data: feats.data } }, /width 2 and its features of 3/],
  ])('%j is refused', (arrays, why) => {
    expect(() => referenceOf(arrays)).toThrow(ReferenceFault)
    expect(() => referenceOf(arrays)).toThrow(why)
  })

  it('of moments alone gives no kernel distance, and says so by leaving it out', () => {
    const features = rows([0, 1, 2, 3, 4, 9], 2)
    expect(featureMetrics(features, referenceOf({ mu, sigma }), protocol('clean-fid'))).toMatchObject({
      FID: { without: [] },
      KID: null,
    })
    expect(() => featureMetrics(rows([1, 2, 3], 3), referenceOf({ feats }), protocol('dinov2'))).toThrow(/3 features/)
  })
})

it('each protocol names what it was taken from', () => {
  expect(protocols.map(({ id }) => id)).toEqual(['clean-fid', 'cmmd', 'dinov2', 'pytorch-fid'])
  for (const { source, network, side } of protocols) {
    expect(source).toMatch(/\d/)
    expect(network).toContain(`${side}, ${side}]`)
  }
})
