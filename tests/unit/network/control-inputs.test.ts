/** Tensors made from controls: values, ranges, and the random mask. */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ControlInputs } from '../../../src/network/controls/inputs'
import { featuresOf } from '../../../src/network/controls/complete'
import {
  DROPPED,
  dropoutFactors,
  keepMatrix,
  maskBias,
  noiseMatrix,
  shuffledSources,
  smoothingMatrix,
  transposed,
} from '../../../src/network/controls/matrices'
import { FEATURES, type ControlledLayer, type Feature } from '../../../src/network/controls/types'
import { GraphError } from '../../../src/network/onnx'
import type { AttentionControl } from '../../../src/network/types'

const layers: ControlledLayer[] = [
  {
    index: 0,
    height: 2,
    width: 3,
    heads: 2,
    tokens: 6,
    reach: 'queries',
    values: true,
    skippable: { attention: true, block: true },
    dropoutChannels: 4,
  },
  {
    index: 1,
    height: 1,
    width: 2,
    heads: 1,
    tokens: 2,
    reach: 'queries',
    values: true,
    skippable: { attention: true, block: false },
    dropoutChannels: null,
  },
]

describe('feeds', () => {
  it('hold the neutral values where nothing is asked', () => {
    const feeds = new ControlInputs(layers).feeds([null, [null, {}]], FEATURES)
    expect(feeds.mix_0).toEqual({ data: new Float32Array(4), dims: [2, 1, 2, 1] })
    expect(feeds.blur_h_0).toEqual({ data: Float32Array.of(1, 0, 0, 1, 1, 0, 0, 1), dims: [2, 2, 2] })
    expect(feeds.blur_w_1).toEqual({ data: Float32Array.of(1, 0, 0, 1, 1, 0, 0, 1), dims: [2, 1, 2, 2] })
    expect(feeds.bias_1).toEqual({ data: new Float32Array(8), dims: [2, 1, 2, 2] })
    const [zeros, ones] = [new Float32Array(8), Float32Array.of(1, 1, 1, 1, 1, 1, 1, 1)]
    const identities = Float32Array.of(1, 0, 0, 1, 1, 0, 0, 1)
    for (const [name, data] of Object.entries({
      bias: zeros,
      left: identities,
      right: identities,
      keep: ones,
      noise: zeros,
    })) {
      expect(feeds[`${name}_1`]).toEqual({ data, dims: [2, 1, 2, 2] })
    }
    expect(feeds.gate_0).toEqual({ data: Float32Array.of(1, 1), dims: [2] })
    expect(feeds.gate_block_0).toEqual({ data: Float32Array.of(1, 1), dims: [2] })
    expect(feeds.entmax_0).toEqual({ data: new Float32Array(2), dims: [2, 1, 1, 1] })
    expect(feeds.extrapolate_blend_1).toEqual({ data: new Float32Array(2), dims: [2, 1, 1] })
    expect(feeds.dropout_0).toEqual({ data: new Float32Array(2 * 4 * 6).fill(1), dims: [2, 4, 2, 3] })
    // The second layer has no block.
    expect(Object.keys(feeds)).toHaveLength(16 + 16 - 2)
  })

  it('keep rows and layers apart, and fold the temperature into the blur over the height only', () => {
    const feeds = new ControlInputs(layers).feeds(
      [
        [{ mix: 0.25 }, { temperature: 0.5 }],
        [{ querySigma: Infinity, temperature: 3 }, null],
      ],
      [],
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
    const first = inputs.feeds([[{ querySigma: 2 }, { mix: 1 }]], [])
    inputs.feeds([null], [])
    const again = inputs.feeds(
      [
        [
          { querySigma: 2, mix: 0 },
          { mix: 1, temperature: 1 },
        ],
      ],
      [],
    )
    for (const name of Object.keys(first)) expect(again[name]).toBe(first[name])
    expect(inputs.feeds([[{ querySigma: 2.5 }, { mix: 1 }]], []).blur_h_0).not.toBe(first.blur_h_0)
    const whole = (mix: number) => inputs.feeds([[{ mix }, null]], [], { blur: false, mix: 'whole' })
    expect(whole(1)).toMatchObject({ whole_0: { data: Uint8Array.of(1, 1) } })
    expect(Object.keys(whole(0))).toEqual(['whole_0', 'whole_1'])
    expect(whole(1).whole_0).toBe(whole(1).whole_0)
  })

  it('are refused for controls outside the contract', () => {
    const inputs = new ControlInputs(layers)
    for (const bad of [
      { mix: 1.1 },
      { mix: Number.NaN },
      { querySigma: -1 },
      { temperature: Infinity },
      { mask: { rate: 2, seed: 0, keepDiagonal: true } },
      { mix: [0, 1.1] },
      { drop: { rate: -0.1, seed: 0 } },
      { noise: { deviation: -1, seed: 0 } },
      { noise: { deviation: Infinity, seed: 0 } },
      { shuffle: { share: 1.5, seed: 0 } },
      { entmax: Infinity },
      { sparsemax: Number.NaN },
      { extrapolate: { scale: Infinity, limit: 1, blend: 1 } },
      { extrapolate: { scale: 1, limit: Infinity, blend: 1 } },
      { extrapolate: { scale: 1, limit: 1, blend: 1.5 } },
      { dropout: { rate: 1.5, seed: 0 } },
    ]) {
      expect(() => inputs.feeds([[bad, null]], [])).toThrow(RangeError)
    }
    expect(() => inputs.feeds([[null]], [])).toThrow('a row controls 1 layers; the network has 2')
    expect(() => inputs.feeds([[null, { dropout: { rate: 0.1, seed: 0 } }]], ['dropout'])).toThrow(GraphError)
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
})

describe('dropout', () => {
  it('leaves the mean where it was, and drops the share it is told', () => {
    for (const rate of [0.1, 0.5, 0.9]) {
      const factors = dropoutFactors(4096, { rate, seed: 3 })
      const kept = factors.filter((value) => value !== 0)
      expect(new Set(kept)).toEqual(new Set([Math.fround(1 / (1 - rate))]))
      // Six standard deviations of a binomial.
      expect(Math.abs(kept.length / 4096 - (1 - rate))).toBeLessThan(6 * Math.sqrt((rate * (1 - rate)) / 4096))
    }
    expect(dropoutFactors(3, { rate: 1, seed: 3 })).toEqual(new Float32Array(3))
  })

  it('is a function of its seed', () => {
    const of = (seed: number) => dropoutFactors(64, { rate: 0.5, seed }).join()
    expect(new Set([0, 1, 2, 3].map(of)).size).toBe(4)
    expect(of(1)).toBe(of(1))
  })
})

describe('features of a row', () => {
  const layerOf = (control: AttentionControl) => [null, control]

  it('are none where nothing is asked, or only what every graph can do', () => {
    const neutral: AttentionControl = {
      mask: { rate: 0, seed: 1, keepDiagonal: true },
      drop: { rate: 0, seed: 1 },
      noise: { deviation: 0, seed: 1 },
      shuffle: { share: 0, seed: 1 },
      entmax: 0,
      sparsemax: 0,
      extrapolate: { scale: 2, limit: 2, blend: 0 },
      dropout: { rate: 0, seed: 1 },
    }
    for (const row of [
      null,
      [null, null],
      layerOf({}),
      layerOf(neutral),
      layerOf({ mix: [1, 0], querySigma: 2, temperature: 0 }),
    ]) {
      expect(featuresOf(row)).toEqual([])
    }
  })

  it('are those of all layers, in one order', () => {
    const seed = 1
    expect(
      featuresOf([{ skip: 'block' }, { shuffle: { share: 0.1, seed }, mask: { rate: 0.1, seed, keepDiagonal: true } }]),
    ).toEqual(['mask', 'shuffle', 'skip'])
    expect(featuresOf([{ smooth: 'average' }, { noise: { deviation: 1, seed } }])).toEqual(['noise', 'smooth'])
    expect(featuresOf(layerOf({ drop: { rate: 0.1, seed } }))).toEqual(['drop'])
    const late = {
      dropout: { rate: 0.1, seed },
      extrapolate: { scale: 1, limit: 1, blend: 1 },
      sparsemax: 1,
      entmax: 1,
    }
    expect(featuresOf(layerOf(late))).toEqual(['entmax', 'sparsemax', 'extrapolate', 'dropout'])
  })
})

describe('inputs of features', () => {
  it('are there only with the feature, and hold what each row asks', () => {
    const control: AttentionControl = {
      smooth: 'average',
      drop: { rate: 1, seed: 1 },
      noise: { deviation: 1, seed: 1 },
    }
    const inputs = new ControlInputs(layers)
    const plain = Object.keys(inputs.feeds([null], []))
    expect(plain).toHaveLength(6)
    const added = (features: readonly Feature[]) =>
      Object.keys(inputs.feeds([null], features)).filter((name) => !plain.includes(name))
    expect(added(['smooth'])).toEqual(['left_0', 'right_0', 'left_1', 'right_1'])
    expect(added(['shuffle'])).toEqual(['left_0', 'left_1'])
    expect(added(['drop'])).toEqual(['keep_0', 'keep_1'])
    expect(added(['noise'])).toEqual(['noise_0', 'noise_1'])
    expect(added(['skip'])).toEqual(['gate_0', 'gate_block_0', 'gate_1'])
    expect(added(['entmax'])).toEqual(['entmax_0', 'entmax_1'])
    expect(added(['sparsemax'])).toEqual(['sparsemax_0', 'sparsemax_1'])
    expect(added(['extrapolate'])).toHaveLength(6)
    expect(added(['dropout'])).toEqual(['dropout_0'])
    const feeds = inputs.feeds(
      [
        [{ skip: 'block' }, null],
        [{ skip: 'attention' }, control],
      ],
      FEATURES,
    )
    const third = Math.fround(1 / 3)
    expect([...feeds.left_1!.data]).toEqual([1, 0, 0, 1, third, third, third, third])
    expect([...feeds.right_1!.data]).toEqual([1, 0, 0, 1, third, third, third, third])
    expect([...feeds.keep_1!.data]).toEqual([1, 1, 1, 1, 0, 0, 0, 0])
    expect([...feeds.noise_1!.data.subarray(0, 4)]).toEqual([0, 0, 0, 0])
    expect(feeds.noise_1!.data.subarray(4).every((value) => value !== 0)).toBe(true)
    expect([...feeds.gate_0!.data, ...feeds.gate_block_0!.data, ...feeds.gate_1!.data]).toEqual([0, 0, 0, 1, 1, 1])
  })

  it('are the same arrays for the same draws, and others for another seed', () => {
    const inputs = new ControlInputs(layers)
    const of = (seed: number) => inputs.feeds([[{ noise: { deviation: 1, seed } }, null]], ['noise']).noise_0
    const first = of(1)
    expect(of(1)).toBe(first)
    expect(of(2)!.data).not.toEqual(first!.data)
  })
})

describe('mix', () => {
  it('is one value for each head, or one for all', () => {
    const feeds = new ControlInputs(layers).feeds(
      [
        [{ mix: [0.25, 1] }, { mix: [0.5] }],
        [{ mix: 0.5 }, null],
      ],
      [],
    )
    expect(feeds.mix_0).toEqual({ data: Float32Array.of(0.25, 1, 0.5, 0.5), dims: [2, 1, 2, 1] })
    expect([...feeds.mix_1!.data]).toEqual([0.5, 0])
  })

  it('of another number of heads is refused', () => {
    const inputs = new ControlInputs(layers)
    expect(() => inputs.feeds([[{ mix: [1, 0, 1] }, null]], [])).toThrow(
      'mix has 3 values for the 2 heads of attention layer 0',
    )
    expect(() => inputs.feeds([[null, { mix: [] }]], [])).toThrow(RangeError)
  })
})

describe('skip', () => {
  it('where the network has no residual is refused, and says what can be skipped', () => {
    const fixed: ControlledLayer = { ...layers[0]!, skippable: { attention: false, block: false } }
    expect(() => new ControlInputs([fixed]).feeds([[{ skip: 'attention' }]], ['skip'])).toThrow(
      "attention layer 0 of this network can't be skipped",
    )
    expect(() => new ControlInputs([fixed]).feeds([[{ skip: 'block' }]], ['skip'])).toThrow(GraphError)
    expect(() => new ControlInputs(layers).feeds([[null, { skip: 'block' }]], ['skip'])).toThrow(
      "; skip 'attention' instead",
    )
    expect(
      Object.keys(new ControlInputs([fixed]).feeds([null], ['skip'])).some((name) => name.startsWith('gate')),
    ).toBe(false)
  })
})

// Expected values below come from `tests/golden/philox.py`, an implementation in numpy that shares nothing with ours.
describe('random matrices after the softmax', () => {
  it('drop the entries of the definition', () => {
    const keep = keepMatrix(4, { rate: 0.5, seed: 1 })
    expect(Array.from(keep, (value) => (value === 0 ? 'x' : '.')).join('')).toBe('xx..xx...xx...x.')
    expect(keep.every((value) => value === 0 || value === 1)).toBe(true)
    expect(keepMatrix(3, { rate: 1, seed: 1 })).toEqual(new Float32Array(9))
  })

  it('add the noise of the definition', () => {
    expect([...noiseMatrix(3, { deviation: 0.5, seed: 2 ** 32 - 5 })]).toEqual([
      -0.25190746784210205, -0.49309778213500977, -0.4355230927467346, -0.5700194239616394, 0.2286878377199173,
      0.05950728803873062, -0.6351999640464783, 0.14201869070529938, 0.3192104697227478,
    ])
  })

  it('shuffle the tokens of the definition', () => {
    expect(shuffledSources(10, { share: 1, seed: 7 })).toEqual([3, 4, 8, 6, 1, 0, 5, 7, 2, 9])
    expect(shuffledSources(10, { share: 0.5, seed: 7 })).toEqual([0, 3, 2, 4, 8, 5, 6, 7, 1, 9])
    // Targets are in the order of numbers, not of their digits.
    expect(shuffledSources(16, { share: 0.5, seed: 7 })).toEqual([10, 1, 2, 3, 4, 8, 6, 7, 14, 9, 12, 0, 5, 13, 11, 15])
    expect(shuffledSources(10, { share: 0.01, seed: 7 })).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })
})

describe('smoothing', () => {
  it('by an average is a band of thirds, cut at the edges without renormalising', () => {
    const third = Math.fround(1 / 3)
    expect([...smoothingMatrix(3, 'average')]).toEqual([third, third, 0, third, third, third, 0, third, third])
  })

  // tests/golden/map_blur.py: padded by reflection and convolved in PyTorch, for maps shorter than the kernel too.
  const cases = JSON.parse(readFileSync(new URL('../../golden/map-blur.json', import.meta.url), 'utf8')) as readonly {
    readonly tokens: number
    readonly map: readonly number[]
    readonly blurred: readonly number[]
  }[]

  it.each(cases)('by a Gaussian is torchvision’s of a map of $tokens tokens', ({ tokens, map, blurred }) => {
    const left = smoothingMatrix(tokens, 'gaussian')
    const right = transposed(tokens, left)
    const got = blurred.map((_, at) => {
      const [row, column] = [Math.floor(at / tokens), at % tokens]
      return map.reduce(
        (sum, value, i) =>
          sum + left[row * tokens + Math.floor(i / tokens)]! * value * right[(i % tokens) * tokens + column]!,
        0,
      )
    })
    for (const [at, value] of blurred.entries()) expect(Math.abs(got[at]! - value)).toBeLessThan(1e-7)
  })

  it('leaves the map of a single token alone', () => {
    expect([...smoothingMatrix(1, 'gaussian')]).toEqual([1])
  })
})
