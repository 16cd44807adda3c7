/** Half precision, both ways. */
import { describe, expect, it } from 'vitest'
import { narrowToHalf, widenHalf } from '../../../src/core/half'

describe('half precision', () => {
  it('narrows what it widens to the same bits, and what lies between to the nearest, ties to even', () => {
    const all = Uint16Array.from({ length: 65536 }, (_, i) => i).filter((bits) => (bits & 0x7c00) !== 0x7c00)
    const wide = widenHalf(all)
    expect(narrowToHalf(wide)).toEqual(all)
    // Between two halves, 2⁻¹⁰ apart at 1: below, at and above the middle.
    const step10 = 2 ** -10
    expect([
      ...widenHalf(narrowToHalf([1 + 0.49 * step10, 1 + 0.5 * step10, 1 + 1.5 * step10, 1 + 0.51 * step10])),
    ]).toEqual([1, 1, 1 + 2 * step10, 1 + step10])
    expect([...widenHalf(narrowToHalf([1e9, -1e9, NaN, 2 ** -26]))]).toEqual([Infinity, -Infinity, NaN, 0])
  })
})
