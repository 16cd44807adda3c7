/**
 * Turns what each batch row asks of each attention layer into the tensors that the rewritten graph reads. Pure apart from
 * its cache: equal controls give the very same arrays while they are cached, so that a caller can skip uploading them again.
 */
import { blurMatrix } from '../core/blur'
import { PURPOSE, philox4x32 } from '../core/random'
import { controlNames, type ControlledLayer } from './controls'
import type { AttentionControl } from './types'

export interface TensorData {
  readonly data: Float32Array
  readonly dims: readonly number[]
}

export type RowControls = readonly (AttentionControl | null)[] | null

/** What is added to a dropped logit: exp underflows to exactly 0 in single precision, and half precision can hold it. */
export const DROPPED = -1e4

interface Neutral {
  readonly mix: number
  readonly querySigma: number
  readonly temperature: number
  readonly mask: { readonly rate: number; readonly seed: number; readonly keepDiagonal: boolean } | null
}

const NEUTRAL: Neutral = { mix: 0, querySigma: 0, temperature: 1, mask: null }

/** Fills in neutral values. Throws RangeError for values outside the contract. */
function complete(control: AttentionControl | null | undefined): Neutral {
  if (!control) return NEUTRAL
  const { mix = 0, querySigma = 0, temperature = 1, mask } = control
  if (!(mix >= 0 && mix <= 1)) throw new RangeError(`mix must be between 0 and 1, not ${mix}`)
  if (!(querySigma >= 0)) throw new RangeError(`querySigma must be at least 0, not ${querySigma}`)
  if (!Number.isFinite(temperature)) throw new RangeError(`temperature must be finite, not ${temperature}`)
  if (mask && !(mask.rate >= 0 && mask.rate <= 1)) throw new RangeError(`mask rate must be between 0 and 1, not ${mask.rate}`)
  return { mix, querySigma, temperature, mask: mask && mask.rate > 0 ? mask : null }
}

/** Whether any row drops entries of a map, which needs the graph with `bias_<i>` inputs. */
export function needsMasks(rows: readonly RowControls[]): boolean {
  return rows.some((row) => row?.some((control) => complete(control).mask !== null))
}

/**
 * Additive mask of one layer, [tokens × tokens]: DROPPED with probability `rate`, else 0. Philox with the block number as
 * counter and `seed` as key, 16 bits for each entry: equal on every device. A row that lost every entry keeps its
 * diagonal one, because a softmax over nothing is not defined; so rate 1 is the identity map with or without `keepDiagonal`.
 */
export function maskBias(tokens: number, { rate, seed, keepDiagonal }: NonNullable<AttentionControl['mask']>): Float32Array {
  const bias = new Float32Array(tokens * tokens)
  const threshold = Math.round(rate * 65536)
  for (let start = 0; start < bias.length; start += 8) {
    const words = philox4x32([start / 8, PURPOSE.mask, 0, 1], [seed >>> 0, 0])
    const end = Math.min(8, bias.length - start)
    for (let i = 0; i < end; i++) {
      const bits = (words[i >> 1]! >>> ((i & 1) * 16)) & 0xffff
      if (bits < threshold) bias[start + i] = DROPPED
    }
  }
  for (let row = 0; row < tokens; row++) {
    const diagonal = row * (tokens + 1)
    if (keepDiagonal || bias.subarray(row * tokens, (row + 1) * tokens).every((value) => value === DROPPED)) bias[diagonal] = 0
  }
  return bias
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

export class ControlInputs {
  // A run alternates between a few batches; a bias is large and changes with every step.
  readonly #small: readonly Recent<TensorData>[]
  readonly #large: readonly Recent<TensorData>[]

  constructor(private readonly layers: readonly ControlledLayer[]) {
    this.#small = layers.map(() => new Recent(24))
    this.#large = layers.map(() => new Recent(2))
  }

  /**
   * Feeds for a batch: `mix_<i>`, `blur_h_<i>`, `blur_w_<i>` of every layer, and `bias_<i>` if `masks`. Shapes are those of
   * `controlNames`. Throws RangeError for a control outside its range, or a row with another number of layers.
   */
  feeds(rows: readonly RowControls[], masks: boolean): Record<string, TensorData> {
    const feeds: Record<string, TensorData> = {}
    for (const row of rows) {
      if (row && row.length !== this.layers.length)
        throw new RangeError(`a row controls ${row.length} layers; the network has ${this.layers.length}`)
    }
    for (const [at, { index, height, width, heads }] of this.layers.entries()) {
      const controls = rows.map((row) => complete(row?.[at]))
      const small = this.#small[at]!
      const names = controlNames(index)
      feeds[names.mix] = small.get(`mix ${controls.map(({ mix }) => mix).join()}`, () => ({
        data: Float32Array.from({ length: rows.length * heads }, (_, i) => controls[Math.floor(i / heads)]!.mix),
        dims: [rows.length, 1, heads, 1],
      }))
      feeds[names.blurHeight] = small.get(
        `h ${controls.map(({ querySigma, temperature }) => `${querySigma}*${temperature}`).join()}`,
        () => ({
          data: concatenate(
            controls.map(({ querySigma, temperature }) =>
              Float32Array.from(blurMatrix(querySigma, height), (value) => value * temperature),
            ),
          ),
          dims: [rows.length, height, height],
        }),
      )
      feeds[names.blurWidth] = small.get(`w ${controls.map(({ querySigma }) => querySigma).join()}`, () => ({
        data: concatenate(controls.map(({ querySigma }) => Float32Array.from(blurMatrix(querySigma, width)))),
        dims: [rows.length, 1, width, width],
      }))
      if (!masks) continue
      const tokens = height * width
      feeds[names.bias] = this.#large[at]!.get(JSON.stringify(controls.map(({ mask }) => mask)), () => ({
        data: concatenate(controls.map(({ mask }) => (mask ? maskBias(tokens, mask) : new Float32Array(tokens * tokens)))),
        dims: [rows.length, 1, tokens, tokens],
      }))
    }
    return feeds
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
