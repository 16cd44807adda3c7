/** From planar float images to RGBA bytes for a canvas: pictures and the signed difference map. Pure. */
import { meanDifference } from '../../core/image'

export { relativeDistance } from '../../core/image'

export type Theme = 'light' | 'dark'

export interface Size {
  readonly height: number
  readonly width: number
}

export type Rgb = readonly [number, number, number]

/**
 * RGBA bytes of a planar image, [3 × h × w] or [1 × h × w], data units [−1, 1] after multiplication by `gain`; values
 * outside are clamped.
 */
export function toPixels(image: Float32Array, { height, width }: Size, gain = 1): Uint8ClampedArray<ArrayBuffer> {
  const area = height * width
  const grey = image.length < 3 * area
  const out = new Uint8ClampedArray(4 * area)
  for (let i = 0; i < area; i++) {
    for (let channel = 0; channel < 3; channel++) {
      out[4 * i + channel] = (image[grey ? i : channel * area + i]! * gain + 1) * 127.5
    }
    out[4 * i + 3] = 255
  }
  return out
}

/**
 * Factor that gives x_t the variance of the data at every noise level, σ_data / √(σ² + σ_data²) (the network's c_in, Karras
 * et al. 2022, table 1, times σ_data), so that noise and image can be seen on one scale.
 */
export function constantVarianceGain(sigma: number, sigmaData: number): number {
  return sigmaData / Math.hypot(sigma, sigmaData)
}

/** The magnitude that 99 % of the values stay within: one outlier does not fade the map. Never 0. */
export function signedLimit(values: Float32Array): number {
  const sorted = values.map(Math.abs).sort()
  return Math.max(sorted[Math.floor(0.99 * (sorted.length - 1))] ?? 0, 1e-6)
}

/**
 * Diverging scale, blue for positive and orange for negative: the pair that all common colour vision deficiencies tell
 * apart. Each side also changes lightness monotonically away from the background, so that it survives greyscale.
 */
const DIVERGING: Record<
  Theme,
  { readonly negative: readonly Rgb[]; readonly zero: Rgb; readonly positive: readonly Rgb[] }
> = {
  light: {
    negative: [
      [240, 168, 104],
      [148, 56, 0],
    ],
    zero: [246, 246, 245],
    positive: [
      [122, 176, 226],
      [6, 66, 140],
    ],
  },
  dark: {
    negative: [
      [148, 78, 26],
      [255, 190, 128],
    ],
    zero: [22, 25, 28],
    positive: [
      [38, 98, 158],
      [150, 208, 255],
    ],
  },
}

/** Colour of a value in [−1, 1] on the diverging scale. */
export function divergingColour(value: number, theme: Theme): Rgb {
  const scale = DIVERGING[theme]
  const stops = [scale.zero, ...(value < 0 ? scale.negative : scale.positive)]
  const position = Math.min(Math.abs(value), 1) * (stops.length - 1)
  const index = Math.min(Math.floor(position), stops.length - 2)
  const from = stops[index]!
  const to = stops[index + 1]!
  const share = position - index
  return [0, 1, 2].map((c) => Math.round(from[c]! + share * (to[c]! - from[c]!))) as unknown as Rgb
}

/** The diverging scale as a CSS gradient, lowest value first. */
export function divergingGradient(theme: Theme): string {
  const stops = [-1, -0.5, 0, 0.5, 1].map((value) => `rgb(${divergingColour(value, theme).join(' ')})`)
  return `linear-gradient(to right, ${stops.join(', ')})`
}

/** RGBA bytes of a signed map; ±limit reach the ends of the scale. */
export function signedPixels(values: Float32Array, limit: number, theme: Theme): Uint8ClampedArray<ArrayBuffer> {
  const out = new Uint8ClampedArray(4 * values.length)
  for (let i = 0; i < values.length; i++) {
    out.set(divergingColour(values[i]! / limit, theme), 4 * i)
    out[4 * i + 3] = 255
  }
  return out
}

/** RGBA bytes of a non-negative map on a single-hue scale; `limit` reaches the end. */
export function heatPixels(values: Float32Array, limit: number, theme: Theme): Uint8ClampedArray<ArrayBuffer> {
  return signedPixels(values.map(Math.abs), Math.max(limit, 1e-12), theme)
}

/** Values of all channels at a pixel, data units. */
export function valueAt(image: Float32Array, { height, width }: Size, x: number, y: number): number[] {
  const area = height * width
  return Array.from(
    { length: Math.max(1, Math.floor(image.length / area)) },
    (_, c) => image[c * area + y * width + x] ?? 0,
  )
}

/** The predicted noise (x_t − D⁺) / σ, mean over channels, [h × w]; of unit deviation where the prediction is right. */
export function predictedNoise(x: Float32Array, denoised: Float32Array, sigma: number, size: Size): Float32Array {
  return meanDifference(x, denoised, size).map((value) => value / sigma)
}

/**
 * RGBA bytes that show where an image is clipped: the image in faint grey, and a pixel of the signed scale's end where a
 * channel exceeds 1 (positive) or falls below −1 (negative); the larger excess where both do.
 */
export function clippedPixels(
  image: Float32Array,
  { height, width }: Size,
  theme: Theme,
): Uint8ClampedArray<ArrayBuffer> {
  const area = height * width
  const channels = Math.max(1, Math.floor(image.length / area))
  const out = new Uint8ClampedArray(4 * area)
  const [paper, contrast] = theme === 'light' ? [246, 60] : [22, 60]
  for (let i = 0; i < area; i++) {
    let mean = 0
    let excess = 0
    for (let c = 0; c < channels; c++) {
      const value = image[c * area + i]!
      mean += Math.min(1, Math.max(-1, value)) / channels
      const beyond = value > 1 ? value - 1 : value < -1 ? value + 1 : 0
      if (Math.abs(beyond) > Math.abs(excess)) excess = beyond
    }
    const grey = theme === 'light' ? paper - contrast * (1 - mean) * 0.5 : paper + contrast * (1 + mean) * 0.5
    out.set(excess === 0 ? [grey, grey, grey] : divergingColour(Math.sign(excess), theme), 4 * i)
    out[4 * i + 3] = 255
  }
  return out
}

/** RGBA bytes that veil a picture where `levels` [h × w] is below its largest value, the more the lower: the clear part is what is meant. */
export function veilPixels(levels: Float32Array, theme: Theme): Uint8ClampedArray<ArrayBuffer> {
  let top = 0
  for (const level of levels) top = Math.max(top, level)
  const out = new Uint8ClampedArray(4 * levels.length)
  const [paper] = theme === 'light' ? [250] : [17]
  for (let i = 0; i < levels.length; i++) {
    const share = top === 0 ? 0 : levels[i]! / top
    out.set([paper, paper, paper, 255 * 0.78 * (1 - share)], 4 * i)
  }
  return out
}
