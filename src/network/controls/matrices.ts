/** The matrices over tokens, and the factors on channels, that a layer's controls stand for. Seeded ones are equal on every device. */
import { STREAM, philox4x32, polarNormals, type Stream } from '../../core/random'
import { concatenate } from '../../core/vector'
import type { AttentionControl } from '../types'

/** A field of a control that is set. */
export type Field<K extends keyof AttentionControl> = NonNullable<AttentionControl[K]>

/** What is added to a dropped logit: exp underflows to exactly 0 in single precision, and half precision can hold it. */
export const DROPPED = -1e4

/** Calls `set` for each entry of `count` that is chosen with probability `rate`: 16 bits an entry, 8 entries a block of Philox. */
function chooseEntries(count: number, rate: number, seed: number, purpose: Stream, set: (entry: number) => void): void {
  const threshold = Math.round(rate * 65536)
  for (let start = 0; start < count; start += 8) {
    const words = philox4x32([start / 8, purpose, 0, 1], [seed >>> 0, 0])
    const end = Math.min(8, count - start)
    for (let i = 0; i < end; i++) {
      const bits = (words[i >> 1]! >>> ((i & 1) * 16)) & 0xffff
      if (bits < threshold) set(start + i)
    }
  }
}

/**
 * Additive mask of one layer, [tokens × tokens]: DROPPED with probability `rate`, else 0. Philox with the block number as
 * counter and `seed` as key, 16 bits for each entry: equal on every device. A row that lost every entry keeps its
 * diagonal one, because a softmax over nothing is not defined; so rate 1 is the identity map with or without `keepDiagonal`.
 */
export function maskBias(tokens: number, { rate, seed, keepDiagonal }: Field<'mask'>): Float32Array {
  const bias = new Float32Array(tokens * tokens)
  chooseEntries(bias.length, rate, seed, STREAM.mask, (entry) => (bias[entry] = DROPPED))
  for (let row = 0; row < tokens; row++) {
    const diagonal = row * (tokens + 1)
    if (keepDiagonal || bias.subarray(row * tokens, (row + 1) * tokens).every((value) => value === DROPPED))
      bias[diagonal] = 0
  }
  return bias
}

/** K of one layer, [tokens × tokens]: 0 with probability `rate`, else 1. A row may lose every entry. */
export function keepMatrix(tokens: number, { rate, seed }: Field<'drop'>): Float32Array {
  const keep = new Float32Array(tokens * tokens).fill(1)
  chooseEntries(keep.length, rate, seed, STREAM.drop, (entry) => (keep[entry] = 0))
  return keep
}

/** Factors of dropout on `count` values: 0 with probability `rate`, else 1 / (1 − rate), so that the mean stays. */
export function dropoutFactors(count: number, { rate, seed }: Field<'dropout'>): Float32Array {
  const factors = new Float32Array(count).fill(rate === 1 ? 0 : 1 / (1 - rate))
  chooseEntries(count, rate, seed, STREAM.dropout, (entry) => (factors[entry] = 0))
  return factors
}

/** E of one layer, [tokens × tokens]: independent normals of standard deviation `deviation`. */
export function noiseMatrix(tokens: number, { deviation, seed }: Field<'noise'>): Float32Array {
  return polarNormals(tokens * tokens, (block) => philox4x32([block, STREAM.mapNoise, 0, 1], [seed >>> 0, 0])).map(
    (value) => deviation * value,
  )
}

/** Weights of the neighbours at distances −r … r, sum 1, and the token of `tokens` that stands in for one outside. */
function smoothing(
  kind: Field<'smooth'>,
  tokens: number,
): { readonly kernel: readonly number[]; readonly outside: (token: number) => number | null } {
  switch (kind) {
    case 'gaussian': {
      // torchvision's gaussian_blur reflects, which a map shorter than the kernel's reach does not allow.
      const reach = Math.min(2, tokens - 1)
      const taps = Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-((i - reach) ** 2) / (2 * 9 ** 2)))
      const sum = taps.reduce((a, b) => a + b)
      return {
        kernel: taps.map((tap) => tap / sum),
        outside: (token) => (token < 0 ? -token : 2 * (tokens - 1) - token),
      }
    }
    case 'average':
      return { kernel: [1 / 3, 1 / 3, 1 / 3], outside: () => null }
    default:
      throw new RangeError(`there is no smoothing ${String(kind satisfies never)}`)
  }
}

/** T with T·A·Tᵀ = the map A smoothed along both axes, [tokens × tokens]. */
export function smoothingMatrix(tokens: number, kind: Field<'smooth'>): Float32Array {
  const { kernel, outside } = smoothing(kind, tokens)
  const matrix = new Float64Array(tokens * tokens)
  for (let row = 0; row < tokens; row++) {
    for (const [tap, weight] of kernel.entries()) {
      const token = row + tap - (kernel.length - 1) / 2
      const column = token >= 0 && token < tokens ? token : outside(token)
      if (column !== null) matrix[row * tokens + column]! += weight
    }
  }
  return Float32Array.from(matrix)
}

export function transposed(tokens: number, matrix: Float32Array): Float32Array {
  return matrix.map((_, i) => matrix[(i % tokens) * tokens + Math.floor(i / tokens)]!)
}

/** For each token, the one whose result it is handed: the first round(share · N) tokens of a random order, by ascending place. */
export function shuffledSources(tokens: number, { share, seed }: Field<'shuffle'>): readonly number[] {
  const order = Array.from({ length: tokens }, (_, i) => i)
  for (let i = tokens - 1; i > 0; i--) {
    const [word] = philox4x32([i, STREAM.shuffle, 0, 1], [seed >>> 0, 0])
    const j = Math.floor((word / 2 ** 32) * (i + 1))
    ;[order[i], order[j]] = [order[j]!, order[i]!]
  }
  const sources = order.slice(0, Math.round(share * tokens))
  const targets = [...sources].sort((a, b) => a - b)
  const out = Array.from({ length: tokens }, (_, i) => i)
  for (const [k, target] of targets.entries()) out[target] = sources[k]!
  return out
}

export function identityMatrix(tokens: number): Float32Array {
  return Float32Array.from({ length: tokens * tokens }, (_, i) => (i % (tokens + 1) === 0 ? 1 : 0))
}

/** L of one layer: smoothing first, then the shuffle of its rows. */
export function leftMatrix(
  tokens: number,
  { smooth, shuffle }: { readonly smooth: Field<'smooth'> | null; readonly shuffle: Field<'shuffle'> | null },
): Float32Array {
  const rows = smooth ? smoothingMatrix(tokens, smooth) : identityMatrix(tokens)
  if (!shuffle) return rows
  return concatenate(
    shuffledSources(tokens, shuffle).map((source) => rows.subarray(source * tokens, (source + 1) * tokens)),
    Float32Array,
  )
}
