import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { MomentSums } from '../../../src/evaluation/frechet'
import { measured, metricsFrom, metricsOf, type Judged, type RealStatistics } from '../../../src/evaluation/metrics'
import { common, paired, type MetricName } from '../../../src/evaluation/paired'
import { golden } from './golden'

const expected = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'golden', 'paired.json'), 'utf8'),
) as Record<MetricName, { readonly value: number; readonly margin: number }>

const sums = new MomentSums(new Float64Array(4))
for (const row of golden.real) sums.add(Float32Array.from(row))
const real: RealStatistics = {
  width: 4,
  moments: sums.moments(),
  count: golden.real.length,
  features: Float32Array.from(golden.real.flat()),
}
const first: readonly Judged[] = golden.generated.map((features, index) => ({
  index,
  asked: golden.asked[index]!,
  seen: golden.seen[index]!,
  features: Float32Array.from(features),
}))
/** As tests/golden/paired.py moves it. */
const second: readonly Judged[] = first.map(({ index, asked, features }) => {
  const moved = features.map((value) => Math.fround(Math.fround(value * Math.fround(0.9)) + Math.fround(0.1)))
  if (index % 3 === 0) moved[0] = moved[0]! + 0.25
  return { index, asked, seen: golden.seen.at(index - 3)!, features: moved }
})

describe('two sets on the same seeds', () => {
  const [a, b] = [measured(first, real), measured(second, real)]

  it('differ as numpy says, intervals included', () => {
    const difference = paired(a, b)
    for (const name of ['frechet', 'precision', 'recall', 'agreement'] as const) {
      expect(difference[name]!.value, name).toBeCloseTo(expected[name].value, 8)
      expect(difference[name]!.margin, name).toBeCloseTo(expected[name].margin, 8)
    }
  })

  it('have a narrower interval together than either alone', () => {
    const margin = paired(a, b).frechet.margin!
    expect(margin).toBeLessThan(metricsFrom(a).frechet.margin!)
    expect(margin).toBeLessThan(metricsFrom(b).frechet.margin!)
    expect(metricsFrom(a)).toEqual(metricsOf(first, real))
  })

  it('are refused where the seeds are others, and brought to those that both have', () => {
    expect(() => paired(a, measured(second.slice(10), real))).toThrow('other seeds')
    const late = second.map((sample) => ({ ...sample, index: sample.index + 1 }))
    expect(() => paired(a, measured(late, real))).toThrow('other seeds')
    const sets = common([first, late]).map((set) => measured(set, real))
    expect(paired(sets[0]!, sets[1]!).samples).toBe(149)
    expect(sets[0]!.indices[0]).toBe(1)
  })

  it('have a difference without an interval where they are few', () => {
    const [few, others] = [first, second].map((set) => measured(set.slice(0, 40), real))
    expect(paired(few!, others!).frechet.margin).toBeNull()
  })
})
