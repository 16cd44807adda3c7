/** What the judge's attributes say of a set, against PyTorch from the definitions (tests/golden/attributes.py), on the shipped file. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bytesOfAttributes, parseAttributes } from '../../../src/evaluation/attributes'
import { parseJudge, parseStatistics } from '../../../src/evaluation/judge'
import { metricsOf, type Judged } from '../../../src/evaluation/metrics'
import golden from '../../golden/attributes.json'

const folder = join(import.meta.dirname, '../../../models/avatars')
const read = (file: string) => new Uint8Array(readFileSync(join(folder, file)))
const info = parseJudge(JSON.parse(readFileSync(join(folder, 'judge.json'), 'utf8')))
const { heads, width } = info
const real = parseStatistics(read(info.statistics.file), info, read(heads!.file))

/** Held-out renders as the judge saw them, whose classes take turns. */
const renders = (first: number, count: number, shiftedBy = 0): readonly Judged[] =>
  Array.from({ length: count }, (_, i) => ({
    index: i,
    asked: (i + shiftedBy) % 10,
    seen: i % 10,
    features: real.features.slice((first + i) * width, (first + i + 1) * width),
  }))

describe('the judge’s attributes', () => {
  it.each(golden)('say of $count renders what PyTorch says', ({ first, count, clarity, shift }) => {
    const metrics = metricsOf(renders(first, count), real)
    for (const [own, wanted] of [
      [metrics.clarity!, clarity],
      [metrics.shift!, shift],
    ] as const) {
      expect(Math.abs(own.value - wanted.value)).toBeLessThan(1e-9)
      if (wanted.margin === null) expect(own.margin).toBeNull()
      else expect(Math.abs(own.margin! - wanted.margin)).toBeLessThan(1e-9)
    }
  })

  it('are less sure of dull pictures, and find shares further off where one picture comes again and again', () => {
    const own = renders(0, 400)
    const dull = own.map((one) => ({
      ...one,
      features: one.features.map((value, i) => 0.3 * value + 0.7 * real.moments.mean[i]!),
    }))
    const again = own.map((one, i) => ({ ...one, features: own[i % 10]!.features }))
    const [clear, unclear, same] = [own, dull, again].map((set) => metricsOf(set, real))
    expect(unclear!.clarity!.value).toBeLessThan(clear!.clarity!.value - 0.1)
    expect(same!.shift!.value).toBeGreaterThan(clear!.shift!.value + 0.3)
  })

  it('say nothing where no class was asked for, or of a judge that tells none', () => {
    const anyClass = renders(0, 20).map((one) => ({ ...one, asked: null }))
    expect(metricsOf(anyClass, real)).toMatchObject({ clarity: null, shift: null })
    const { attributes: _, ...without } = real
    expect(metricsOf(renders(0, 20), without)).toMatchObject({ clarity: null, shift: null })
  })

  it('are refused where the file is of another length', () => {
    const { groups } = heads!
    expect(bytesOfAttributes(groups, width)).toBe(heads!.bytes)
    expect(() => parseAttributes(new Uint8Array(12), groups, width)).toThrow(`not ${heads!.bytes}`)
  })
})
