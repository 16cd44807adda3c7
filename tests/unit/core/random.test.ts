import { describe, expect, it } from 'vitest'
import { deterministicLog, normals, philox4x32, STREAM, randomInteger } from '../../../src/core/random'

describe('Philox4x32-10', () => {
  // Known-answer vectors of Random123 (kat_vectors).
  it.each([
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ] as const)('of counter %j and key %j', (counter, key, expected) => {
    expect(philox4x32(counter, key)).toEqual(expected)
  })
})

describe('deterministicLog', () => {
  it('agrees with the engine to the last bits', () => {
    for (let i = 1; i < 4000; i++) {
      const x = i / 4000
      expect(Math.abs(deterministicLog(x) - Math.log(x))).toBeLessThanOrEqual(Math.abs(Math.log(x)) * 4e-16)
    }
    expect(deterministicLog(1)).toBe(0)
  })
})

describe('normals', () => {
  // From a Python implementation of the same definition (integers, math.log).
  it('has the documented values', () => {
    const expected = [
      0.6663781651408348, 1.6422616016472629, 0.3681396196654746, 0.800737277599655, -0.3315991177631559,
      2.1208731957619706,
    ]
    expect([...normals(1, 0, 6)]).toEqual(expected.map(Math.fround))
    const other = [0.17174701052931005, 0.5370130619708976, 0.14344656076988369, 2.1725687212195592]
    expect([...normals(2 ** 32 - 1, 8, 4)]).toEqual(other.map(Math.fround))
  })

  it('begins a longer draw with the shorter one, and differs between seeds and streams', () => {
    expect([...normals(7, 1, 100)].slice(0, 33)).toEqual([...normals(7, 1, 33)])
    expect(normals(7, 1, 4)).not.toEqual(normals(8, 1, 4))
    expect(normals(7, 1, 4)).not.toEqual(normals(7, 2, 4))
  })

  it('has streams of its own for every purpose and index', () => {
    // tests/golden/philox.py, written in numpy from the definition.
    const expected = [
      0.007737736217677593, 2.2450573444366455, 1.3684765100479126, 0.38088521361351013, -2.087643623352051,
    ]
    expect([...normals(3, 1, 5, STREAM.time, 2)]).toEqual(expected)
    expect(normals(3, 1, 5, STREAM.noise, 0)).toEqual(normals(3, 1, 5))
    expect(new Set(Object.values(STREAM)).size).toBe(Object.keys(STREAM).length)
  })

  it('has the moments of a standard normal', () => {
    const n = 200_000
    const draws = normals(3, 0, n)
    const moment = (power: number) => draws.reduce((sum, x) => sum + x ** power, 0) / n
    // Five standard errors each.
    expect(Math.abs(moment(1))).toBeLessThan(5 / Math.sqrt(n))
    expect(Math.abs(moment(2) - 1)).toBeLessThan(5 * Math.sqrt(2 / n))
    expect(Math.abs(moment(3))).toBeLessThan(5 * Math.sqrt(15 / n))
    expect(Math.abs(moment(4) - 3)).toBeLessThan(5 * Math.sqrt(96 / n))
  })
})

describe('randomInteger', () => {
  it('reaches every value about equally often', () => {
    const counts = Array.from({ length: 10 }, () => 0)
    for (let i = 0; i < 10_000; i++) {
      const draw = randomInteger(5, 0, STREAM.condition, i, 10)
      counts[draw] = counts[draw]! + 1
    }
    const chiSquare = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0)
    expect(chiSquare).toBeLessThan(33.7) // 99.99 % quantile with nine degrees of freedom
  })
})
