/** Tensors of indices: they say where values land, of however many values a graph speaks. */
import { describe, expect, test } from 'vitest'
import { equal, indices, transpose } from '../../../src/network/attention/probe'

describe('tensors of indices', () => {
  test('a transpose moves axes as rows of a table become columns', () => {
    const { dims, length, at } = transpose(indices([2, 3, 2]), [2, 0, 1])
    expect(dims).toEqual([2, 2, 3])
    expect(Array.from({ length }, (_, place) => at(place))).toEqual([0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11])
  })

  test('are compared where they are far too large to be laid out', () => {
    const large = indices([2 ** 20, 2, 2 ** 20])
    expect(equal(transpose(transpose(large, [0, 2, 1]), [0, 2, 1]), large)).toBe(true)
    for (const order of [
      [0, 2, 1],
      [1, 0, 2],
      [2, 1, 0],
    ])
      expect(equal(transpose(large, order), large)).toBe(false)
  })

  test('two places that are exchanged among few are seen', () => {
    const square = indices([2, 2])
    expect(equal(transpose(square, [1, 0]), square)).toBe(false)
    expect(equal(square, indices([2, 3]))).toBe(false)
  })
})
