import { describe, expect, it } from 'vitest'
import {
  attendedTokens,
  blurImage,
  degradedInput,
  enlarge,
  type Degradation,
  type DegradedInput,
} from '../../../src/guidance/mask'
import { normals } from '../../../src/core/random'

const ramp = (length: number) => Float32Array.from({ length }, (_, i) => ((i * 37) % 101) / 50 - 1)

describe('blurImage', () => {
  // PyTorch: torchvision's kernel (linspace, normalised), conv2d over reflect padding.
  it('agrees with PyTorch', () => {
    const small = blurImage(ramp(40), { channels: 2, height: 4, width: 5 }, 1.5)
    ;[-0.137766, -0.038268, 0.074125, 0.008332, -0.038481, 0.070435].forEach((value, i) =>
      expect(small[i * 7]).toBeCloseTo(value, 5),
    )
    const large = blurImage(ramp(1600), { channels: 1, height: 40, width: 40 }, 9)
    ;[-0.010631, -0.01042, -0.009914, -0.00991].forEach((value, i) => expect(large[i]).toBeCloseTo(value, 5))
    ;[-0.000473, -0.000355, -0.000335].forEach((value, i) => expect(large[20 * 40 + 18 + i]).toBeCloseTo(value, 5))
  })
})

describe('attendedTokens', () => {
  it('are those above the threshold, in one head or in the mean of all', () => {
    const received = Float32Array.of(0.5, 1.5, 1, 1, /* second head */ 2, 1, 0.5, 0.5)
    expect([...attendedTokens(received, 2, null, 1)]).toEqual([1, 1, 0, 0])
    expect([...attendedTokens(received, 2, 0, 1)]).toEqual([0, 1, 0, 0])
    expect([...attendedTokens(received, 2, 1, 1)]).toEqual([1, 0, 0, 0])
  })
})

describe('enlarge', () => {
  it('repeats cells over their pixels', () => {
    expect([...enlarge([1, 2, 3, 4], { height: 2, width: 2 }, { height: 4, width: 6 })]).toEqual([
      1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 3, 3, 3, 4, 4, 4,
    ])
  })
})

describe('degradedInput', () => {
  const size = { channels: 2, height: 16, width: 16 }
  const plane = 256
  const grid = { height: 4, width: 4, heads: 1 }
  // Six of sixteen tokens receive more than the mean.
  const received = Float32Array.from({ length: 16 }, (_, i) => (i < 6 ? 2 : 0.4))
  const input: DegradedInput = {
    kind: 'degraded',
    strategy: 'attention',
    layer: 0,
    head: null,
    threshold: 1,
    blurSigma: 2,
    fill: 'blur',
    seed: 5,
  }
  const x = normals(1, 0, 2 * plane)
  const denoised = normals(2, 0, 2 * plane).map((value) => Math.max(-0.9, Math.min(0.9, value / 3)))
  const degrade = (changes: Partial<DegradedInput> = {}, more: Partial<Degradation> = {}) =>
    degradedInput({
      x,
      denoised,
      input: { ...input, ...changes },
      received,
      grid,
      size,
      seed: 5,
      sample: 0,
      step: 3,
      saliency: null,
      ...more,
    })
  const area = (mask: Float32Array) => mask.reduce((a, b) => a + b, 0)

  it('changes nothing where nothing is masked and nothing clamped', () => {
    const { mask, xHat, degraded } = degrade({ threshold: 3 })
    expect(area(mask)).toBe(0)
    expect(xHat).toEqual(x)
    expect(degraded).toEqual(denoised)
  })

  it('blurs what is masked, leaves the rest, and adds the predicted noise again', () => {
    const { mask, degraded, xHat } = degrade()
    expect(area(mask)).toBe(6 * 16)
    const blurred = blurImage(denoised, size, 2)
    for (let i = 0; i < x.length; i++) {
      expect(degraded[i]).toBe(mask[i % plane] ? blurred[i] : denoised[i])
      // q_sample(x̃0, σ, ε) = x̃0 + σ ε with σ ε = x − D.
      expect(xHat[i]).toBeCloseTo(degraded[i]! + (x[i]! - denoised[i]!), 5)
    }
    expect(degrade({ fill: 'zero' }).degraded.filter((_, i) => mask[i % plane])).toEqual(
      new Float32Array(2 * area(mask)),
    )
  })

  it('keeps the clamp in, as the paper’s code does', () => {
    const bright = denoised.map((value) => value + 0.5)
    const { degraded, xHat } = degrade({ threshold: 3 }, { denoised: bright })
    bright.forEach((value, i) => {
      expect(degraded[i]).toBe(Math.min(1, value))
      if (value <= 1) expect(xHat[i]).toBe(x[i])
    })
    expect(bright.some((value) => value > 1)).toBe(true)
  })

  it.each(['high-frequency', 'random', 'dino'] as const)(
    'gives the strategy %s the attention mask’s area',
    (strategy) => {
      const saliency = { height: 8, width: 8, map: normals(3, 0, 64) }
      for (const threshold of [1, 3])
        expect(area(degrade({ strategy, threshold }, { saliency }).mask)).toBe(threshold === 1 ? 96 : 0)
    },
  )

  it('makes a square of about that area, inside the image', () => {
    for (let step = 0; step < 20; step++) {
      const { mask } = degrade({ strategy: 'square' }, { step })
      expect(area(mask)).toBe(10 * 10)
      const at = [...mask.keys()].filter((i) => mask[i])
      expect(Math.max(...at.map((i) => i % 16)) - Math.min(...at.map((i) => i % 16))).toBe(9)
      expect(Math.max(...at.map((i) => i >> 4)) - Math.min(...at.map((i) => i >> 4))).toBe(9)
    }
    expect(area(degrade({ strategy: 'square', threshold: 3 }).mask)).toBe(0)
    expect(area(degrade({ strategy: 'global' }).mask)).toBe(plane)
  })

  it('finds detail', () => {
    // Smooth everywhere but in the last four rows.
    const image = Float32Array.from({ length: 2 * plane }, (_, i) =>
      i % plane >= 192 ? (i % 2 === 0 ? 0.5 : -0.5) : 0.2,
    )
    const { mask } = degrade({ strategy: 'high-frequency' }, { denoised: image })
    expect(area(mask.subarray(192))).toBe(64)
  })

  it('follows the saliency, of equal patches the first', () => {
    const map = new Float32Array(16)
    map[5] = 1
    const { mask } = degrade({ strategy: 'dino' }, { saliency: { height: 4, width: 4, map } })
    expect(mask[4 * 16 + 4]).toBe(1)
    expect([...mask.subarray(0, 16)]).toEqual(Array(16).fill(1))
    expect(() => degrade({ strategy: 'dino' })).toThrow('saliency')
  })

  it('draws as tests/golden/philox.py does', () => {
    const small = { channels: 1, height: 4, width: 4 }
    const flat = new Float32Array(16)
    const of = {
      x: flat,
      denoised: flat,
      size: small,
      received: Float32Array.from({ length: 16 }, (_, i) => (i < 5 ? 2 : 0.4)),
    }
    expect([...degrade({ strategy: 'random' }, of).mask]).toEqual([0, 0, 0, 0, 0, 0, 1, 0, 1, 1, 0, 0, 0, 0, 1, 1])
    // `square` of an area of 96 pixels begins in row 3, column 4.
    expect(degrade({ strategy: 'square' }).mask.indexOf(1)).toBe(3 * 16 + 4)
  })

  it('draws other pixels at another step, sample and seed, and the same ones again', () => {
    const of = (strategy: 'random' | 'square', more: Partial<Degradation>) => degrade({ strategy }, more).mask.join('')
    const everywhere = [{}, { step: 4 }, { sample: 1 }, { seed: 6 }]
    expect(new Set(everywhere.map((more) => of('random', more))).size).toBe(4)
    // There are 49 places for a square, so that two may be one by chance.
    expect(new Set(Array.from({ length: 10 }, (_, step) => of('square', { step }))).size).toBeGreaterThan(5)
    for (const strategy of ['random', 'square'] as const) expect(of(strategy, {})).toBe(of(strategy, {}))
  })
})
