/**
 * What SAG does to x_t (Hong et al. 2023, arXiv 2210.00939, algorithm 1, in x0 space): the denoised image, clamped, is
 * blurred where a mask says, and the noise that the network predicted is added back: x̂ = x + (x̃0 − D). Blur as
 * torchvision's GaussianBlur(31, σ). The other masking strategies of the paper's ablation have the attention mask's
 * area.
 */
import type { Input } from './prediction'
import type { Field } from '../core/field'
import { highPass } from '../core/fourier'
import type { ImageSize } from '../core/image'
import { philox4x32, STREAM } from '../core/random'
import type { Area } from '../core/windows'

export type DegradedInput = Extract<Input, { kind: 'degraded' }>

/** Longest kernel of the blur, in pixels. */
const TAPS = 31
/** Radius, in cycles a pixel, from which on detail counts as high frequency. */
const HIGH_FREQUENCY = 1 / 8

/**
 * A map over tokens or patches as one over pixels, each pixel taking the value of the cell that it lies in: [h × w].
 */
export function enlarge(map: ArrayLike<number>, from: Area, to: Area): Float32Array {
  const out = new Float32Array(to.height * to.width)
  for (let y = 0; y < to.height; y++) {
    const row = Math.floor((y * from.height) / to.height) * from.width
    for (let x = 0; x < to.width; x++) out[y * to.width + x] = map[row + Math.floor((x * from.width) / to.width)]!
  }
  return out
}

/**
 * Tokens that receive more attention than the threshold, as 0 and 1: [tokens]. `received`: [heads × tokens], mean 1;
 * `head` null means all.
 */
export function attendedTokens(
  received: Float32Array,
  heads: number,
  head: number | null,
  threshold: number,
): Float32Array {
  const tokens = received.length / heads
  return Float32Array.from({ length: tokens }, (_, token) => {
    if (head !== null) return received[head * tokens + token]! > threshold ? 1 : 0
    let sum = 0
    for (let h = 0; h < heads; h++) sum += received[h * tokens + token]!
    return sum / heads > threshold ? 1 : 0
  })
}

/** 1 at the `area` pixels of the highest score, 0 elsewhere; of equal ones the first. */
function highest(scores: ArrayLike<number>, area: number): Float32Array {
  const order = Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[b]! - scores[a]! || a - b)
  const out = new Float32Array(scores.length)
  for (const pixel of order.slice(0, area)) out[pixel] = 1
  return out
}

/** Size of high frequencies at each pixel, summed over channels. */
function detail(image: Field, { channels, height, width }: ImageSize): Float64Array {
  const plane = height * width
  const sum = new Float64Array(plane)
  for (let c = 0; c < channels; c++) {
    const fine = highPass(image.subarray(c * plane, (c + 1) * plane), height, width, HIGH_FREQUENCY)
    for (let i = 0; i < plane; i++) sum[i]! += Math.abs(fine[i]!)
  }
  return sum
}

/** Reflect-padded Gaussian blur of every channel; the kernel has 31 taps, or as many as reflection allows. */
export function blurImage(image: Field, { channels, height, width }: ImageSize, sigma: number): Field {
  const taps = Math.min(TAPS, 2 * Math.min(height, width) - 1)
  const reach = (taps - 1) / 2
  const weights = Float64Array.from({ length: taps }, (_, i) => Math.exp(-0.5 * ((i - reach) / sigma) ** 2))
  const total = weights.reduce((a, b) => a + b, 0)
  const line = (read: (i: number) => number, n: number, at: number) => {
    let sum = 0
    for (let k = 0; k < taps; k++) {
      const i = at + k - reach
      sum += weights[k]! * read(i < 0 ? -i : i >= n ? 2 * (n - 1) - i : i)
    }
    return sum / total
  }
  const rows = new Float64Array(image.length)
  const out = new Float32Array(image.length)
  for (let c = 0; c < channels; c++) {
    for (let y = 0; y < height; y++) {
      const start = (c * height + y) * width
      for (let x = 0; x < width; x++) rows[start + x] = line((i) => image[start + i]!, width, x)
    }
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++)
        out[(c * height + y) * width + x] = line((i) => rows[(c * height + i) * width + x]!, height, y)
    }
  }
  return out
}

/** Where the image is made worse: 0 or 1 for each pixel, [h × w]. */
function maskOf({
  image,
  input,
  received,
  grid,
  size,
  seed,
  sample,
  step,
  saliency,
}: Omit<Degradation, 'x' | 'denoised'> & { readonly image: Field }): Float32Array {
  const { height, width } = size
  const pixels = height * width
  const attention = enlarge(attendedTokens(received, grid.heads, input.head, input.threshold), grid, size)
  const area = attention.reduce((a, b) => a + b, 0)
  switch (input.strategy) {
    case 'attention':
      return attention
    case 'global':
      return new Float32Array(pixels).fill(1)
    case 'high-frequency':
      return highest(detail(image, size), area)
    case 'random':
      return highest(
        Float64Array.from(
          { length: pixels },
          (_, i) => -philox4x32([i >> 2, STREAM.region, step, 0], [seed, sample])[i & 3]!,
        ),
        area,
      )
    case 'square': {
      const out = new Float32Array(pixels)
      if (area === 0) return out
      const side = Math.min(height, width, Math.max(1, Math.round(Math.sqrt(area))))
      const words = philox4x32([0, STREAM.region, step, 1], [seed, sample])
      const top = Math.floor((words[0] / 2 ** 32) * (height - side + 1))
      const left = Math.floor((words[1] / 2 ** 32) * (width - side + 1))
      for (let y = top; y < top + side; y++) out.fill(1, y * width + left, y * width + left + side)
      return out
    }
    case 'dino':
      if (!saliency) throw new Error('the mask of a vision transformer needs its saliency')
      return highest(enlarge(saliency.map, saliency, size), area)
    default:
      return input.strategy satisfies never
  }
}

export interface Degradation {
  /** x_t and D⁺(x_t), [channels × h × w]. */
  readonly x: Field
  readonly denoised: Field
  readonly input: DegradedInput
  /** Attention that each token of the layer receives under each head, [heads × tokens]; mean 1. */
  readonly received: Float32Array
  /** Tokens of that layer. */
  readonly grid: Area & { readonly heads: number }
  readonly size: ImageSize
  readonly seed: number
  readonly sample: number
  readonly step: number
  /** Of the strategy `dino`. */
  readonly saliency: (Area & { readonly map: Float32Array }) | null
}

/** The mask [h × w], the degraded image x̃0, and x̂ that the negative sees. */
export function degradedInput(of: Degradation): {
  readonly mask: Float32Array
  readonly degraded: Field
  readonly xHat: Field
} {
  const { x, denoised, input, size } = of
  const image = denoised.map((value) => Math.min(1, Math.max(-1, value)))
  const mask = maskOf({ ...of, image })
  const filling = input.fill === 'zero' ? new Float32Array(image.length) : blurImage(image, size, input.blurSigma)
  const degraded = image.map((value, i) => (mask[i % mask.length] ? filling[i]! : value))
  // As the paper's code does, the clamp stays in: where it acted, unmasked pixels of x̂ are not quite those of x.
  return { mask, degraded, xHat: x.map((value, i) => value + (degraded[i]! - denoised[i]!)) }
}
