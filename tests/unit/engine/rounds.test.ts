/** Rows of a batch are cut into runs: none is lost or doubled, and no run is longer than it may be. */
import { expect, test } from 'vitest'
import { roundsOf } from '../../../src/engine/rounds'

const places = (count: number) => Array.from({ length: count }, (_, i) => i)
const lengths = (rounds: readonly (readonly (readonly number[])[])[]) =>
  rounds.map((round) => round.map(({ length }) => length))

test('a share that is more than a run takes is left for the next round', () => {
  const rounds = roundsOf(places(11), { fixed: null, most: 4, share: (rows) => [rows, 0] })
  expect(lengths(rounds)).toEqual([
    [4, 0],
    [4, 0],
    [3, 0],
  ])
  expect(rounds.flat(2)).toEqual(places(11))
})

test('long batches are cut evenly, and fixed runs are whole but for the last', () => {
  const share = (rows: number) => [Math.floor(rows / 2), Math.ceil(rows / 2)]
  expect(lengths(roundsOf(places(20), { fixed: null, most: 8, share }))).toEqual([
    [5, 5],
    [5, 5],
  ])
  expect(lengths(roundsOf(places(5), { fixed: 4, most: 4, share: (rows) => [rows] }))).toEqual([[4], [1]])
})
