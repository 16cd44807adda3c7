import { describe, expect, it } from 'vitest'
import { differencesOf } from '../../../src/ui/compare/Difference'
import { about, millisecondsOfNine, toggled } from '../../../src/ui/compare/nine'
import { cutAfterKey, pairOf, pairsThereAre, seenAt } from '../../../src/ui/compare/pairs'
import { wayById, ways } from '../../../src/ui/compare/registry'
import { compareSlice } from '../../../src/ui/compare/slice'
import { TURN_MILLISECONDS } from '../../../src/ui/compare/ways/blink'
import { samplesSeen } from '../../../src/ui/stage/visible'
import { image, model, run, settings } from './fixtures'

describe('ways to compare', () => {
  it('have an id, a label and a place of their own, and the first is open at first', () => {
    const own = ways.flatMap(({ id, label, place }) => [id, label, place])
    expect(new Set(own).size).toBe(3 * ways.length)
    expect(ways[0]!.id).toBe(compareSlice.way)
    expect(wayById(compareSlice.way).rest).toBe(compareSlice.cut)
    expect(() => wayById('none')).toThrow(RangeError)
  })

  it('begin with a cut that shows the second picture', () => {
    for (const { rest } of ways) expect(seenAt(rest).second).toBe(true)
  })

  it('change the whole picture far less often than the six times a second that WCAG 2.3.1 allows', () => {
    expect(1000 / TURN_MILLISECONDS).toBeLessThan(3)
  })
})

describe('the pair', () => {
  it('has no negative where there is no picture of it', () => {
    expect(pairsThereAre(true)).toHaveLength(3)
    expect(pairsThereAre(false).map(({ id }) => id)).toEqual(['positive-guided'])
    expect(pairOf('negative-guided', pairsThereAre(true)).first).toBe('negative')
    expect(pairOf('negative-guided', pairsThereAre(false)).id).toBe('positive-guided')
    // Once the run is pinned no longer, its pair is gone.
    expect(pairOf('pinned-guided', pairsThereAre(false, true))).toMatchObject({ first: 'pinned', second: 'guided' })
    expect(pairOf('pinned-guided', pairsThereAre(true)).id).toBe('positive-guided')
  })

  it('is seen whole at either end of the cut, and both within', () => {
    expect(seenAt(0)).toEqual({ first: false, second: true })
    expect(seenAt(1)).toEqual({ first: true, second: false })
    expect(seenAt(0.01)).toEqual({ first: true, second: true })
  })
})

describe('keys of the line', () => {
  it.each([
    [0.5, 'ArrowRight', false, 0.51],
    [0.5, 'ArrowLeft', true, 0.4],
    [0.5, 'PageUp', false, 0.6],
    // Shift makes no tens of tens.
    [0.5, 'PageUp', true, 0.6],
    [0.995, 'ArrowUp', false, 1],
    [0.02, 'PageDown', false, 0],
    [0.3, 'Home', false, 0],
    [0.3, 'End', false, 1],
    [0.3, 'a', false, null],
  ])('from %d, %s (Shift: %s) leads to %s', (from, key, shift, to) => expect(cutAfterKey(from, key, shift)).toBe(to))

  it('come back to where they began', () => {
    let cut = 0.5
    for (let i = 0; i < 30; i++) cut = cutAfterKey(cut, 'ArrowRight', false)!
    for (let i = 0; i < 30; i++) cut = cutAfterKey(cut, 'ArrowLeft', false)!
    expect(cut).toBe(0.5)
  })
})

describe('the difference', () => {
  const as = (seed: number, gain = 1) => ({ image: image(seed), gain })

  it('is none of equal pictures', () => {
    const { maps, distance } = differencesOf([as(1), as(2)], [as(1), as(2)], model.image)!
    expect(distance).toBe(0)
    for (const map of maps) expect(map!.every((value) => value === 0)).toBe(true)
  })

  it('is positive where the second is brighter, and is of the pictures at their gain', () => {
    const dark = { image: new Float32Array(72).fill(-0.5), gain: 1 }
    const bright = { image: new Float32Array(72).fill(0.25), gain: 2 }
    const { maps, distance } = differencesOf([dark], [bright], model.image)!
    expect(Array.from(maps[0]!)).toEqual(Array(24).fill(1))
    expect(distance).toBeCloseTo(0.5)
  })

  it('leaves out a sample of which a picture is missing', () => {
    expect(differencesOf([null], [as(1)], model.image)).toBeNull()
    const { maps } = differencesOf([as(1), null], [as(2), as(3)], model.image)!
    expect(maps.map((map) => map !== null)).toEqual([true, false])
  })
})

describe('nine samples', () => {
  it('go back to what there was', () => {
    const there = toggled(4, 1)
    expect(there).toEqual({ samples: 9, before: 4 })
    expect(toggled(there.samples, there.before).samples).toBe(4)
    // A link may begin with nine.
    expect(toggled(9, 1).samples).toBe(1)
    expect(toggled(9, 9).samples).toBe(1)
  })

  it('take nine times what the steps of one took, and of the coarse preview, and an unknown time where nothing was measured', () => {
    const finished = run({ ...settings, steps: 5 })
    // Positive, negative, and both predictions of the guided way, one evaluation of each a step.
    const summary = { digests: [], evaluatedRows: 4 * 5, milliseconds: 4 * 5 * 100 }
    const measured = { ...finished, summary }
    expect(millisecondsOfNine(measured, settings)).toBeCloseTo(9 * 4 * 5 * 100)
    expect(millisecondsOfNine(measured, { ...settings, steps: 10 })).toBeCloseTo(9 * 4 * (6 + 10) * 100)
    // Heun's solver takes two a step, and its preview one.
    expect(millisecondsOfNine(measured, { ...settings, solver: 'heun' })).toBeCloseTo(9 * 4 * (5 + 2 * 5) * 100)
    // Half of it was known from a run before, so half as much was evaluated in half the time.
    const half = { ...measured, summary: { ...summary, evaluatedRows: 10, milliseconds: 1000 } }
    expect(millisecondsOfNine(half, settings)).toBeCloseTo(9 * 4 * 5 * 100)
    expect(millisecondsOfNine({ ...measured, summary: { ...summary, milliseconds: 20 } }, settings)).toBeNull()
    expect(millisecondsOfNine({ ...measured, summary: { ...summary, evaluatedRows: 0 } }, settings)).toBeNull()
    expect(millisecondsOfNine(finished, settings)).toBeNull()
    expect(millisecondsOfNine(null, settings)).toBeNull()
  })

  it.each([
    [3400, 'about 3 s'],
    [12_400, 'about 10 s'],
    [13_000, 'about 15 s'],
    [100_000, 'about 2 min'],
  ])('%d ms are %s', (milliseconds, text) => expect(about(milliseconds)).toBe(text))

  it('are all seen, or the one that was made large', () => {
    expect(samplesSeen(9, 4, false)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
    expect(samplesSeen(9, 4, true)).toEqual([4])
    expect(samplesSeen(1, 0, true)).toEqual([0])
  })
})
