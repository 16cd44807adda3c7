/**
 * Turns what each batch row asks of each attention layer into the tensors that the rewritten graph reads. Pure apart from
 * its cache: equal controls give the very same arrays while they are cached, so that a caller can skip uploading them again.
 */
import { blurMatrix } from '../core/blur'
import { STREAM, philox4x32, polarNormals, type Stream } from '../core/random'
import { FEATURES, controlNames, type ControlledLayer, type Feature } from './controls'
import { GraphError } from './onnx'
import type { AttentionControl } from './types'

export interface TensorData {
  readonly data: Float32Array
  readonly dims: readonly number[]
}

export type RowControls = readonly (AttentionControl | null)[] | null

/** What is added to a dropped logit: exp underflows to exactly 0 in single precision, and half precision can hold it. */
export const DROPPED = -1e4

type Field<K extends keyof AttentionControl> = NonNullable<AttentionControl[K]>

/** A control with its neutral values filled in; null is off. */
interface Complete {
  readonly mix: Field<'mix'>
  readonly querySigma: number
  readonly temperature: number
  readonly mask: Field<'mask'> | null
  readonly drop: Field<'drop'> | null
  readonly noise: Field<'noise'> | null
  readonly smooth: Field<'smooth'> | null
  readonly shuffle: Field<'shuffle'> | null
  readonly skip: Field<'skip'> | null
}

const isShare = (value: number) => value >= 0 && value <= 1

/** Fills in neutral values. Throws RangeError for values outside the contract. */
function complete(control: AttentionControl | null | undefined): Complete {
  const { mix = 0, querySigma = 0, temperature = 1, mask, drop, noise, smooth, shuffle, skip } = control ?? {}
  if (!(typeof mix === 'number' ? [mix] : mix).every(isShare))
    throw new RangeError(`mix must be between 0 and 1, not ${String(mix)}`)
  if (!(querySigma >= 0)) throw new RangeError(`querySigma must be at least 0, not ${querySigma}`)
  if (!Number.isFinite(temperature)) throw new RangeError(`temperature must be finite, not ${temperature}`)
  if (mask && !isShare(mask.rate)) throw new RangeError(`mask rate must be between 0 and 1, not ${mask.rate}`)
  if (drop && !isShare(drop.rate)) throw new RangeError(`drop rate must be between 0 and 1, not ${drop.rate}`)
  if (noise && !(noise.deviation >= 0 && noise.deviation < Infinity)) {
    throw new RangeError(`noise deviation must be finite and at least 0, not ${noise.deviation}`)
  }
  if (shuffle && !isShare(shuffle.share))
    throw new RangeError(`shuffle share must be between 0 and 1, not ${shuffle.share}`)
  return {
    mix,
    querySigma,
    temperature,
    mask: mask && mask.rate > 0 ? mask : null,
    drop: drop && drop.rate > 0 ? drop : null,
    noise: noise && noise.deviation > 0 ? noise : null,
    smooth: smooth ?? null,
    shuffle: shuffle && shuffle.share > 0 ? shuffle : null,
    skip: skip ?? null,
  }
}

/** The features that a row needs of its graph, in the order of FEATURES; none where its controls are neutral. */
export function featuresOf(row: RowControls): readonly Feature[] {
  const controls = row?.map(complete) ?? []
  return FEATURES.filter((feature) => controls.some((control) => control[feature] !== null))
}

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

/** E of one layer, [tokens × tokens]: independent normals of standard deviation `deviation`. */
export function noiseMatrix(tokens: number, { deviation, seed }: Field<'noise'>): Float32Array {
  return polarNormals(tokens * tokens, (block) => philox4x32([block, STREAM.mapNoise, 0, 1], [seed >>> 0, 0])).map(
    (value) => deviation * value,
  )
}

/** Weights of the neighbours at distances −r … r, sum 1. */
function smoothingKernel(kind: Field<'smooth'>): readonly number[] {
  switch (kind) {
    case 'gaussian': {
      const taps = [-2, -1, 0, 1, 2].map((distance) => Math.exp(-(distance ** 2) / (2 * 9 ** 2)))
      const sum = taps.reduce((a, b) => a + b)
      return taps.map((tap) => tap / sum)
    }
    case 'average':
      return [1 / 3, 1 / 3, 1 / 3]
    default:
      throw new RangeError(`there is no smoothing ${String(kind satisfies never)}`)
  }
}

/** T with T·A·T = the map A smoothed along both axes, zeros outside, [tokens × tokens]; T is its own transpose. */
export function smoothingMatrix(tokens: number, kind: Field<'smooth'>): Float32Array {
  const kernel = smoothingKernel(kind)
  const reach = (kernel.length - 1) / 2
  return Float32Array.from(
    { length: tokens * tokens },
    (_, i) => kernel[(i % tokens) - Math.floor(i / tokens) + reach] ?? 0,
  )
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

function identityMatrix(tokens: number): Float32Array {
  return Float32Array.from({ length: tokens * tokens }, (_, i) => (i % (tokens + 1) === 0 ? 1 : 0))
}

/** L of one layer: smoothing first, then the shuffle of its rows. */
function leftMatrix(tokens: number, { smooth, shuffle }: Pick<Complete, 'smooth' | 'shuffle'>): Float32Array {
  const rows = smooth ? smoothingMatrix(tokens, smooth) : identityMatrix(tokens)
  if (!shuffle) return rows
  return concatenate(
    shuffledSources(tokens, shuffle).map((source) => rows.subarray(source * tokens, (source + 1) * tokens)),
  )
}

/** Keeps the most recently used values of a pure function. */
class Recent<T> {
  readonly #values = new Map<string, T>()

  constructor(private readonly limit: number) {}

  get(key: string, make: () => T): T {
    const value = this.#values.get(key) ?? make()
    this.#values.delete(key)
    this.#values.set(key, value)
    if (this.#values.size > this.limit) this.#values.delete(this.#values.keys().next().value!)
    return value
  }
}

// A run alternates between a few batches; a matrix over tokens is large, and changes with every step where it is random.
const KEPT_SMALL = 24
const KEPT_LARGE = 2

export class ControlInputs {
  readonly #kept = new Map<string, Recent<TensorData>>()

  constructor(private readonly layers: readonly ControlledLayer[]) {}

  /**
   * Feeds for a batch on a graph with these features: the inputs of `controlNames`, of every layer. Throws RangeError for a
   * control outside its range or a row with another number of layers, GraphError for a skip where the network has no residual.
   */
  feeds(rows: readonly RowControls[], features: readonly Feature[]): Record<string, TensorData> {
    const feeds: Record<string, TensorData> = {}
    for (const row of rows) {
      if (row && row.length !== this.layers.length)
        throw new RangeError(`a row controls ${row.length} layers; the network has ${this.layers.length}`)
    }
    const has = (...some: readonly Feature[]) => some.some((feature) => features.includes(feature))
    for (const [at, layer] of this.layers.entries()) {
      const { index, height, width, heads } = layer
      const tokens = height * width
      const controls = rows.map((row) => complete(row?.[at]))
      const names = controlNames(index)
      const square = [1, tokens, tokens]
      /** Feeds an input: each row's part, made of what `pick` takes from its control, or all of it from before. */
      const input = <T>(
        name: string,
        dims: readonly number[],
        pick: (control: Complete) => T,
        part: (value: T) => Float32Array,
      ) => {
        const values = controls.map(pick)
        let kept = this.#kept.get(name)
        if (!kept) this.#kept.set(name, (kept = new Recent(dims === square ? KEPT_LARGE : KEPT_SMALL)))
        // JSON has no Infinity.
        const key = JSON.stringify(values, (_, value: unknown) => (value === Infinity ? 'Infinity' : value))
        feeds[name] = kept.get(key, () => ({ data: concatenate(values.map(part)), dims: [rows.length, ...dims] }))
      }
      const filled = (value: number) => new Float32Array(tokens * tokens).fill(value)

      input(
        names.mix,
        [1, heads, 1],
        ({ mix }) => perHead(mix, heads, index),
        (mix) => Float32Array.from(mix),
      )
      input(
        names.blurHeight,
        [height, height],
        ({ querySigma, temperature }) => [querySigma, temperature] as const,
        ([sigma, temperature]) => Float32Array.from(blurMatrix(sigma, height), (value) => value * temperature),
      )
      input(
        names.blurWidth,
        [1, width, width],
        ({ querySigma }) => querySigma,
        (sigma) => Float32Array.from(blurMatrix(sigma, width)),
      )
      if (has('mask')) {
        input(
          names.bias,
          square,
          ({ mask }) => mask,
          (mask) => (mask ? maskBias(tokens, mask) : filled(0)),
        )
      }
      if (has('smooth', 'shuffle')) {
        input(
          names.left,
          square,
          ({ smooth, shuffle }) => ({ smooth, shuffle }),
          (control) => leftMatrix(tokens, control),
        )
      }
      if (has('smooth')) {
        input(
          names.right,
          square,
          ({ smooth }) => smooth,
          (smooth) => (smooth ? smoothingMatrix(tokens, smooth) : identityMatrix(tokens)),
        )
      }
      if (has('drop')) {
        input(
          names.keep,
          square,
          ({ drop }) => drop,
          (drop) => (drop ? keepMatrix(tokens, drop) : filled(1)),
        )
      }
      if (has('noise')) {
        input(
          names.noise,
          square,
          ({ noise }) => noise,
          (noise) => (noise ? noiseMatrix(tokens, noise) : filled(0)),
        )
      }
      if (!has('skip')) continue
      for (const { skip } of controls) checkSkip(skip, layer)
      const gate = (closed: boolean) => Float32Array.of(closed ? 0 : 1)
      if (layer.skippable.attention) input(names.gate, [], ({ skip }) => skip !== null, gate)
      if (layer.skippable.block) input(names.gateBlock, [], ({ skip }) => skip === 'block', gate)
    }
    return feeds
  }
}

function perHead(mix: Field<'mix'>, heads: number, layer: number): readonly number[] {
  if (typeof mix === 'number') return Array<number>(heads).fill(mix)
  if (mix.length !== heads)
    throw new RangeError(`mix has ${mix.length} values for the ${heads} heads of attention layer ${layer}`)
  return mix
}

function checkSkip(skip: Field<'skip'> | null, { index, skippable }: ControlledLayer): void {
  switch (skip) {
    case null:
      return
    case 'attention':
      if (skippable.attention) return
      throw new GraphError(
        `attention layer ${index} of this network can't be skipped: no residual connection leads round it`,
      )
    case 'block':
      if (skippable.block) return
      throw new GraphError(
        `the block of attention layer ${index} of this network can't be skipped: no residual block feeds the layer` +
          (skippable.attention ? `; skip 'attention' instead` : ''),
      )
    default:
      throw new RangeError(`there is nothing to skip called ${String(skip satisfies never)}`)
  }
}

function concatenate(parts: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    out.set(part, offset)
    offset += part.length
  }
  return out
}
