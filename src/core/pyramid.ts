/**
 * The Laplacian pyramid of frequency-decoupled guidance, as kornia builds it (`pyrdown`, `pyrup`): blurred by the binomial
 * kernel 1 4 6 4 1 with reflect padding, resized bilinearly. Any size: a side of n becomes ⌊n/2⌋, and goes back to n.
 */
import type { Field } from './field'
import type { ImageSize } from './image'

/** One level, planar [channels × height × width]. */
export interface Level extends ImageSize {
  readonly field: Field
}

const TAPS = [1 / 16, 4 / 16, 6 / 16, 4 / 16, 1 / 16] as const

/** Mirrors an index into [0, n) without repeating the edge. */
const mirrored = (i: number, n: number) => (i < 0 ? -i : i >= n ? 2 * (n - 1) - i : i)

/** Weighs lines of every channel: out(y, x) = Σ_k weight_k · in at the places that `sources` gives along one axis. */
function alongAxis(
  { field, channels, height, width }: Level,
  axis: 'y' | 'x',
  length: number,
  sources: (i: number) => readonly (readonly [index: number, weight: number])[],
): Level {
  const [h, w] = axis === 'y' ? [length, width] : [height, length]
  const out = new Float32Array(channels * h * w)
  const taps = Array.from({ length }, (_, i) => sources(i))
  for (let c = 0; c < channels; c++) {
    for (let y = 0; y < h; y++) {
      for (let x = 0; x < w; x++) {
        let sum = 0
        for (const [from, weight] of taps[axis === 'y' ? y : x]!) {
          sum += weight * field[axis === 'y' ? (c * height + from) * width + x : (c * height + y) * width + from]!
        }
        out[(c * h + y) * w + x] = sum
      }
    }
  }
  return { field: out, channels, height: h, width: w }
}

function blurred(level: Level): Level {
  const taps = (n: number) => (i: number) => TAPS.map((weight, k) => [mirrored(i + k - 2, n), weight] as const)
  return alongAxis(alongAxis(level, 'y', level.height, taps(level.height)), 'x', level.width, taps(level.width))
}

/** Bilinear with pixel centres at half (PyTorch's `interpolate`, align_corners false), without antialiasing. */
function resized(level: Level, height: number, width: number): Level {
  const taps = (from: number, to: number) => (i: number) => {
    const at = Math.max(0, ((i + 0.5) * from) / to - 0.5)
    const low = Math.min(from - 1, Math.floor(at))
    return [
      [low, 1 - (at - low)],
      [Math.min(from - 1, low + 1), at - low],
    ] as const
  }
  return alongAxis(alongAxis(level, 'y', height, taps(level.height, height)), 'x', width, taps(level.width, width))
}

const down = (level: Level) => resized(blurred(level), Math.floor(level.height / 2), Math.floor(level.width / 2))
const up = (level: Level, { height, width }: Level) => blurred(resized(level, height, width))

/**
 * Levels from fine to coarse, at most `levels`; fewer where the image is too small to be blurred again (a side below 6). Each
 * but the last holds what the next one lost, so that `rebuild` gives the field back.
 */
export function laplacianPyramid(field: Field, size: ImageSize, levels: number): readonly Level[] {
  const out: Level[] = []
  let level: Level = { ...size, field }
  while (out.length < levels - 1 && Math.min(level.height, level.width) >= 6) {
    const next = down(level)
    const kept = up(next, level).field
    out.push({ ...level, field: level.field.map((value, i) => value - kept[i]!) })
    level = next
  }
  return [...out, level]
}

/** The image whose levels these are. */
export function rebuild(pyramid: readonly Level[]): Field {
  return pyramid.reduceRight((coarse, level) => {
    const base = up(coarse, level).field
    return { ...level, field: level.field.map((value, i) => value + base[i]!) }
  }).field
}
