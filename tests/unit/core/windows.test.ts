import { describe, expect, it } from 'vitest'
import { cropField, mergeWindows, windowOrigins } from '../../../src/core/windows'

describe('windows', () => {
  it('start evenly from edge to edge', () => {
    // swg_bmvc2025_official: crops of 40 in 64, stride (64 − 40)/(n − 1).
    expect(windowOrigins({ height: 64, width: 64 }, { height: 40, width: 40 }, 2)).toEqual([
      { top: 0, left: 0 },
      { top: 0, left: 24 },
      { top: 24, left: 0 },
      { top: 24, left: 24 },
    ])
    expect(
      windowOrigins({ height: 64, width: 48 }, { height: 40, width: 24 }, 3).map(({ top, left }) => [top, left]),
    ).toEqual([
      [0, 0],
      [0, 12],
      [0, 24],
      [12, 0],
      [12, 12],
      [12, 24],
      [24, 0],
      [24, 12],
      [24, 24],
    ])
  })

  it('refuse to leave pixels out', () => {
    expect(() => windowOrigins({ height: 9, width: 9 }, { height: 4, width: 9 }, 2)).toThrow(
      '2 × 2 crops of 4×9 do not cover an image of 9×9',
    )
    expect(() => windowOrigins({ height: 4, width: 4 }, { height: 5, width: 4 }, 2)).toThrow(RangeError)
  })

  const size = { channels: 2, height: 4, width: 5 }
  const field = Float32Array.from({ length: 40 }, (_, i) => i)

  it('cut every channel', () => {
    expect([...cropField(field, size, { top: 1, left: 2 }, { height: 2, width: 3 })]).toEqual([
      7, 8, 9, 12, 13, 14, 27, 28, 29, 32, 33, 34,
    ])
  })

  it('give the image back where every crop is right', () => {
    const crop = { height: 3, width: 3 }
    const origins = windowOrigins(size, crop, 2)
    const { average, coverage } = mergeWindows(
      origins.map((origin) => cropField(field, size, origin, crop)),
      origins,
      crop,
      size,
    )
    expect(average).toEqual(field)
    expect([...coverage]).toEqual([1, 1, 2, 1, 1, 2, 2, 4, 2, 2, 2, 2, 4, 2, 2, 1, 1, 2, 1, 1])
  })

  it('average where crops disagree', () => {
    const crop = { height: 4, width: 3 }
    const origins = [
      { top: 0, left: 0 },
      { top: 0, left: 2 },
    ]
    const { average } = mergeWindows([new Float32Array(24).fill(1), new Float32Array(24).fill(4)], origins, crop, size)
    expect([...average.subarray(0, 5)]).toEqual([1, 1, 2.5, 4, 4])
  })

  it('that are the whole image change nothing', () => {
    const origins = windowOrigins(size, size, 2)
    expect(
      mergeWindows(
        origins.map((origin) => cropField(field, size, origin, size)),
        origins,
        size,
        size,
      ).average,
    ).toEqual(field)
  })
})
