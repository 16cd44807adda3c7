/**
 * A tiny network of the plane: F of a point, its noise level and class, in double precision over typed arrays. Only sums, products,
 * quotients and square roots, so that the same settings give the same points on every device, to the bit.
 */

import { bend, createLayers, type Layers } from './layers'

/** Width of the embedding of noise level and class. */
export const EMBEDDING = 16

export interface Shape {
  readonly hidden: number
  readonly layers: number
  readonly classes: number
}

interface Layer {
  /** Packed. */
  readonly weights: Float64Array
  readonly bias: Float64Array
  /** From the embedding, added before the bend. */
  readonly shift: Float64Array
}

export function parametersOfShape({ hidden, layers, classes }: Shape): number {
  const embedding = 2 * EMBEDDING + EMBEDDING * EMBEDDING + EMBEDDING + EMBEDDING * classes
  const inside = 3 * hidden + (layers - 1) * (hidden * hidden + hidden) + layers * hidden * EMBEDDING
  return embedding + inside + 2 * hidden + 2
}

/** Four outputs side by side, as the loop below reads them: [outputs / 4 × inputs × 4]. */
function packed(weights: Float64Array, fan: number): Float64Array {
  return weights.map((_, at) => {
    const [block, within] = [Math.floor(at / (4 * fan)), at % (4 * fan)]
    return weights[(4 * block + (within % 4)) * fan + Math.floor(within / 4)]!
  })
}

/** What a layer adds before the bend: its bias, and its shift by the embedding. */
function constantOf(bias: Float64Array, shift: Float64Array, embedding: Float64Array, out: Float64Array): void {
  for (let j = 0; j < bias.length; j++) {
    let sum = bias[j]!
    for (let k = 0, at = j * EMBEDDING; k < EMBEDDING; k++, at++) sum += shift[at]! * embedding[k]!
    out[j] = sum
  }
}

/** out ← W h + c of two outputs, two points at a time. */
function outLayer(
  weights: Float64Array,
  bias: Float64Array,
  h: Float64Array,
  out: Float64Array,
  count: number,
  fan: number,
): void {
  for (let p = 0; p < count; p += 2) {
    const q = p + 1 < count ? p + 1 : p
    let a0 = bias[0]!
    let a1 = bias[1]!
    let b0 = a0
    let b1 = a1
    for (let i = 0, a = p * fan, b = q * fan; i < fan; i++, a++, b++) {
      const w0 = weights[i]!
      const w1 = weights[fan + i]!
      a0 += w0 * h[a]!
      a1 += w1 * h[a]!
      b0 += w0 * h[b]!
      b1 += w1 * h[b]!
    }
    out[2 * q] = b0
    out[2 * q + 1] = b1
    out[2 * p] = a0
    out[2 * p + 1] = a1
  }
}

/** Points that are computed together: few enough for a processor's nearest memory. */
const TOGETHER = 128

export class TinyNetwork {
  readonly #level: { readonly weights: Float64Array; readonly bias: Float64Array }
  readonly #told: { readonly weights: Float64Array; readonly bias: Float64Array }
  readonly #label: Float64Array
  readonly #layers: readonly Layer[]
  readonly #out: { readonly weights: Float64Array; readonly bias: Float64Array }
  readonly #hidden: Layers
  readonly #constants: readonly Float64Array[]
  readonly #before: Float64Array
  readonly #after: Float64Array

  /** `parameters`: in the order of models/plane/train/network.py. Throws RangeError where they are not the shape's. */
  constructor(
    readonly shape: Shape,
    parameters: Float64Array,
    options?: Parameters<typeof createLayers>[1],
  ) {
    const { hidden, layers, classes } = shape
    if (hidden % 4 !== 0) throw new RangeError(`a hidden layer has a multiple of 4 values, not ${hidden}`)
    if (parameters.length !== parametersOfShape(shape)) {
      throw new RangeError(`this network has ${parametersOfShape(shape)} parameters, not ${parameters.length}`)
    }
    const weights = hidden * (2 + (layers - 1) * hidden)
    this.#hidden = createLayers(8 * (weights + layers * hidden + 2 * TOGETHER * hidden), options)
    let room = 0
    const place = (length: number) => {
      const made = new Float64Array(this.#hidden.buffer, 8 * room, length)
      room += length
      return made
    }
    let at = 0
    const take = (count: number) => parameters.slice(at, (at += count))
    this.#level = { weights: take(EMBEDDING), bias: take(EMBEDDING) }
    this.#told = { weights: take(EMBEDDING * EMBEDDING), bias: take(EMBEDDING) }
    this.#label = take(EMBEDDING * classes)
    this.#layers = Array.from({ length: layers }, (_, layer) => {
      const fan = layer === 0 ? 2 : hidden
      const own = place(hidden * fan)
      own.set(packed(take(hidden * fan), fan))
      return { weights: own, bias: take(hidden), shift: take(hidden * EMBEDDING) }
    })
    this.#out = { weights: take(2 * hidden), bias: take(2) }
    this.#constants = this.#layers.map(() => place(hidden))
    this.#before = place(TOGETHER * hidden)
    this.#after = place(TOGETHER * hidden)
  }

  /** What the layers are told: noise level ln(σ)/4, the classes' weights, and what is added to both. */
  embedding(level: number, classWeights: ArrayLike<number>, offset: ArrayLike<number> | undefined): Float64Array {
    const { classes } = this.shape
    const bent = new Float64Array(EMBEDDING)
    for (let k = 0; k < EMBEDDING; k++) bent[k] = bend(this.#level.weights[k]! * level + this.#level.bias[k]!)
    const told = new Float64Array(EMBEDDING)
    for (let i = 0; i < EMBEDDING; i++) {
      let sum = this.#told.bias[i]! + (offset ? offset[i]! : 0)
      for (let k = 0; k < EMBEDDING; k++) sum += this.#told.weights[i * EMBEDDING + k]! * bent[k]!
      for (let k = 0; k < classes; k++) sum += this.#label[i * classes + k]! * classWeights[k]!
      told[i] = sum
    }
    return told
  }

  /** F of the points x · `scale`, [points × 2] one after the other, written to `out`. */
  evaluate(x: ArrayLike<number>, scale: number, embedding: Float64Array, out: Float64Array): void {
    const { hidden } = this.shape
    const points = x.length / 2
    for (const [i, { bias, shift }] of this.#layers.entries()) constantOf(bias, shift, embedding, this.#constants[i]!)
    for (let start = 0; start < points; start += TOGETHER) {
      const count = Math.min(TOGETHER, points - start)
      let [from, to] = [this.#before, this.#after]
      for (let i = 0; i < 2 * count; i++) from[i] = x[2 * start + i]! * scale
      let fan = 2
      for (const [i, { weights }] of this.#layers.entries()) {
        this.#hidden.run(weights, this.#constants[i]!, from, to, count, fan, hidden)
        ;[from, to] = [to, from]
        fan = hidden
      }
      outLayer(this.#out.weights, this.#out.bias, from, out.subarray(2 * start), count, hidden)
    }
  }
}
