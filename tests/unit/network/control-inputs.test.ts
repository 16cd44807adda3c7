/** Tensors made from controls: values, ranges, and the random mask. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ControlInputs, DROPPED, maskBias, needsMasks } from '../../../src/network/control-inputs'
import type { ControlledLayer } from '../../../src/network/controls'

const layers: ControlledLayer[] = [
  { index: 0, height: 2, width: 3, heads: 2, headWidth: 4 },
  { index: 1, height: 1, width: 2, heads: 1, headWidth: 4 },
]

describe('feeds', () => {
  it('hold the neutral values where nothing is asked', () => {
    const feeds = new ControlInputs(layers).feeds([null, [null, {}]], true)
    expect(feeds.mix_0).toEqual({ data: new Float32Array(4), dims: [2, 1, 2, 1] })
    expect(feeds.blur_h_0).toEqual({ data: Float32Array.of(1, 0, 0, 1, 1, 0, 0, 1), dims: [2, 2, 2] })
    expect(feeds.blur_w_1).toEqual({ data: Float32Array.of(1, 0, 0, 1, 1, 0, 0, 1), dims: [2, 1, 2, 2] })
    expect(feeds.bias_1).toEqual({ data: new Float32Array(8), dims: [2, 1, 2, 2] })
    expect(Object.keys(feeds)).toHaveLength(8)
  })

  it('keep rows and layers apart, and fold the temperature into the blur over the height only', () => {
    const feeds = new ControlInputs(layers).feeds(
      [
        [{ mix: 0.25 }, { temperature: 0.5 }],
        [{ querySigma: Infinity, temperature: 3 }, null],
      ],
      false,
    )
    expect([...feeds.mix_0!.data]).toEqual([0.25, 0.25, 0, 0])
    expect([...feeds.mix_1!.data]).toEqual([0, 0])
    expect([...feeds.blur_h_0!.data]).toEqual([1, 0, 0, 1, 1.5, 1.5, 1.5, 1.5])
    expect([...feeds.blur_w_0!.data.subarray(9)]).toEqual(Array(9).fill(Math.fround(1 / 3)))
    expect([...feeds.blur_h_1!.data]).toEqual([0.5, 1])
    expect([...feeds.blur_w_1!.data]).toEqual([1, 0, 0, 1, 1, 0, 0, 1])
    expect(feeds.bias_0).toBeUndefined()
  })

  it('are the same arrays for equal values', () => {
    const inputs = new ControlInputs(layers)
    const first = inputs.feeds([[{ querySigma: 2 }, { mix: 1 }]], false)
    inputs.feeds([null], false)
    const again = inputs.feeds(
      [
        [
          { querySigma: 2, mix: 0 },
          { mix: 1, temperature: 1 },
        ],
      ],
      false,
    )
    for (const name of Object.keys(first)) expect(again[name]).toBe(first[name])
    expect(inputs.feeds([[{ querySigma: 2.5 }, { mix: 1 }]], false).blur_h_0).not.toBe(first.blur_h_0)
  })

  it('are refused for controls outside the contract', () => {
    const inputs = new ControlInputs(layers)
    for (const bad of [
      { mix: 1.1 },
      { mix: Number.NaN },
      { querySigma: -1 },
      { temperature: Infinity },
      { mask: { rate: 2, seed: 0, keepDiagonal: true } },
    ]) {
      expect(() => inputs.feeds([[bad, null]], false)).toThrow(RangeError)
    }
    expect(() => inputs.feeds([[null]], false)).toThrow('a row controls 1 layers; the network has 2')
  })
})

describe('random mask', () => {
  const mask = fc.record({
    rate: fc.double({ min: 0, max: 1, noNaN: true }),
    seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    keepDiagonal: fc.boolean(),
  })

  it('never empties a row, keeps the diagonal when told to, and is a function of its seed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), mask, (tokens, control) => {
        const bias = maskBias(tokens, control)
        expect(bias).toEqual(maskBias(tokens, { ...control }))
        for (let row = 0; row < tokens; row++) {
          const entries = bias.subarray(row * tokens, (row + 1) * tokens)
          expect(entries.includes(0)).toBe(true)
          expect(entries.every((value) => value === 0 || value === DROPPED)).toBe(true)
          if (control.keepDiagonal) expect(entries[row]).toBe(0)
        }
      }),
    )
  })

  it('drops the share it is told', () => {
    const tokens = 256
    for (const rate of [0.1, 0.5, 0.9]) {
      const bias = maskBias(tokens, { rate, seed: 5, keepDiagonal: false })
      const dropped = bias.reduce((sum, value) => sum + (value === DROPPED ? 1 : 0), 0) / bias.length
      // Six standard deviations of a binomial.
      expect(Math.abs(dropped - rate)).toBeLessThan(6 * Math.sqrt((rate * (1 - rate)) / bias.length))
    }
  })

  it('is nothing at rate 0 and the identity at rate 1', () => {
    expect(maskBias(5, { rate: 0, seed: 1, keepDiagonal: false })).toEqual(new Float32Array(25))
    for (const keepDiagonal of [true, false]) {
      expect(maskBias(3, { rate: 1, seed: 1, keepDiagonal })).toEqual(
        Float32Array.from([0, 1, 1, 1, 0, 1, 1, 1, 0], (drop) => (drop ? DROPPED : 0)),
      )
    }
  })

  it('is the one that Philox4x32-10 gives: the same entries as from an implementation in Python', () => {
    const drawn = (keepDiagonal: boolean) =>
      Array.from(maskBias(4, { rate: 0.5, seed: 1, keepDiagonal }), (value) => (value === 0 ? '.' : 'x'))
    expect(drawn(false).join('')).toBe('.x.x.x.x.xxxxxx.')
    expect(drawn(true).join('')).toBe('.x.x...x.x.xxxx.')
  })

  it('differs between seeds', () => {
    const of = (seed: number) => maskBias(8, { rate: 0.5, seed, keepDiagonal: false }).join()
    expect(new Set([0, 1, 2, 3].map(of)).size).toBe(4)
  })

  it('needs the graph with masks only where entries are dropped', () => {
    const at = (rate: number) => [{ mask: { rate, seed: 0, keepDiagonal: true } }]
    expect(needsMasks([null, at(0), [{ mix: 1 }]])).toBe(false)
    expect(needsMasks([null, at(0.1)])).toBe(true)
  })
})
