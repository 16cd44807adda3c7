import { describe, expect, it } from 'vitest'
import { MomentSums } from '../../../src/evaluation/frechet'
import { coverage, squaredRadii } from '../../../src/evaluation/manifold'
import { metricsOf, type Judged, type RealStatistics } from '../../../src/evaluation/metrics'
import { golden } from './golden'

const judged: readonly Judged[] = golden.generated.map((features, index) => ({
  index,
  asked: golden.asked[index]!,
  seen: golden.seen[index]!,
  features: Float32Array.from(features),
}))

function realStatistics(): RealStatistics {
  const sums = new MomentSums(new Float64Array(4))
  for (const row of golden.real) sums.add(Float32Array.from(row))
  return {
    width: 4,
    moments: sums.moments(),
    count: golden.real.length,
    features: Float32Array.from(golden.real.flat()),
  }
}

describe('precision and recall', () => {
  it('of points on a line are as counted by hand', () => {
    const points = (...values: number[]) => ({ data: Float32Array.from(values), width: 1 })
    const real = points(0, 1, 2, 10)
    const radii = squaredRadii(real, 1)
    expect([...radii]).toEqual([1, 1, 1, 64])
    // Balls of the generated points 0.5, 1.5, 30: [-0.5, 1.5], [0.5, 2.5], [1.5, 58.5].
    const { inside, recalls } = coverage(points(0.5, 1.5, 30), real, radii, 1, new Uint8Array(3), 0)
    expect([...inside]).toEqual([1, 1, 0])
    expect(recalls).toEqual([1])
  })
})

describe('radii of balls', () => {
  it('are the distances to the k-th neighbour, however many entries a point has', () => {
    const [count, width] = [60, 41]
    const data = Float32Array.from({ length: count * width }, (_, i) => Math.fround(((i * 7919) % 1009) / 100))
    const rows = Array.from({ length: count }, (_, i) => data.subarray(i * width, (i + 1) * width))
    const expected = rows.map((row, i) => {
      const others = rows
        .filter((_, j) => j !== i)
        .map((other) => row.reduce((sum, value, k) => sum + (value - other[k]!) ** 2, 0))
      return [...others].sort((a, b) => a - b)[2]!
    })
    squaredRadii({ data, width }, 3).forEach((radius, i) => expect(radius).toBeCloseTo(expected[i]!, 8))
  })
})

describe('metrics of a set', () => {
  it('equal those of PyTorch and numpy, intervals included', () => {
    const metrics = metricsOf(judged, realStatistics())
    for (const name of ['frechet', 'agreement', 'precision', 'recall'] as const) {
      expect(metrics[name]!.value, name).toBeCloseTo(golden.metrics[name].value, 8)
      expect(metrics[name]!.margin, name).toBeCloseTo(golden.metrics[name].margin, 8)
    }
  })

  it('are the same to the bit in any order', () => {
    expect(metricsOf([...judged].reverse(), realStatistics())).toEqual(metricsOf(judged, realStatistics()))
  })

  it('have no interval where samples are few, and no agreement where no class was asked for', () => {
    const few = metricsOf(
      judged.slice(0, 20).map((sample) => ({ ...sample, asked: null })),
      realStatistics(),
    )
    expect(few).toMatchObject({ samples: 20, agreement: null })
    expect(few.frechet.margin).toBeNull()
  })

  it('refuse too few samples, a sample given twice and features of another width', () => {
    expect(() => metricsOf(judged.slice(0, 3), realStatistics())).toThrow('needs more than 3 samples, not 3')
    expect(() => metricsOf([...judged, judged[7]!], realStatistics())).toThrow('sample 7 was given twice')
    expect(() =>
      metricsOf([...judged, { ...judged[0]!, index: 999, features: new Float32Array(2) }], realStatistics()),
    ).toThrow('sample 999 has 2 features, not 4')
  })
})
