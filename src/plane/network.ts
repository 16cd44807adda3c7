/**
 * A tiny network of the plane: F of a point, its noise level and class, in double precision over typed arrays. Only sums, products,
 * quotients and square roots, so that the same settings give the same points on every device, to the bit.
 */

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

/** Like SiLU, of a square root instead of an exponential. */
const bend = (value: number) => 0.5 * value * (1 + value / Math.sqrt(1 + value * value))

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

/** out ← bend(W h + c) for `count` points; h and out are [points × width]. Two points and four outputs at a time stay in registers. */
function hiddenLayer(
  weights: Float64Array,
  constant: Float64Array,
  h: Float64Array,
  out: Float64Array,
  count: number,
  fan: number,
  width: number,
): void {
  for (let p = 0; p < count; p += 2) {
    const a = p * fan
    const b = p + 1 < count ? a + fan : a
    const toA = p * width
    const toB = p + 1 < count ? toA + width : toA
    let w = 0
    for (let j = 0; j < width; j += 4) {
      let a0 = constant[j]!
      let a1 = constant[j + 1]!
      let a2 = constant[j + 2]!
      let a3 = constant[j + 3]!
      let b0 = a0
      let b1 = a1
      let b2 = a2
      let b3 = a3
      for (let i = 0; i < fan; i++, w += 4) {
        const x = h[a + i]!
        const y = h[b + i]!
        const p0 = weights[w]!
        const p1 = weights[w + 1]!
        const p2 = weights[w + 2]!
        const p3 = weights[w + 3]!
        a0 += p0 * x
        b0 += p0 * y
        a1 += p1 * x
        b1 += p1 * y
        a2 += p2 * x
        b2 += p2 * y
        a3 += p3 * x
        b3 += p3 * y
      }
      out[toB + j] = bend(b0)
      out[toB + j + 1] = bend(b1)
      out[toB + j + 2] = bend(b2)
      out[toB + j + 3] = bend(b3)
      out[toA + j] = bend(a0)
      out[toA + j + 1] = bend(a1)
      out[toA + j + 2] = bend(a2)
      out[toA + j + 3] = bend(a3)
    }
  }
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

export class TinyNetwork {
  readonly #level: { readonly weights: Float64Array; readonly bias: Float64Array }
  readonly #told: { readonly weights: Float64Array; readonly bias: Float64Array }
  readonly #label: Float64Array
  readonly #layers: readonly Layer[]
  readonly #out: { readonly weights: Float64Array; readonly bias: Float64Array }
  readonly #constant: Float64Array
  #from = new Float64Array(0)
  #to = new Float64Array(0)

  /** `parameters`: in the order of models/plane/train/network.py. Throws RangeError where they are not the shape's. */
  constructor(
    readonly shape: Shape,
    parameters: Float64Array,
  ) {
    const { hidden, layers, classes } = shape
    if (hidden % 4 !== 0) throw new RangeError(`a hidden layer has a multiple of 4 values, not ${hidden}`)
    if (parameters.length !== parametersOfShape(shape)) {
      throw new RangeError(`this network has ${parametersOfShape(shape)} parameters, not ${parameters.length}`)
    }
    this.#constant = new Float64Array(hidden)
    let at = 0
    const take = (count: number) => parameters.slice(at, (at += count))
    this.#level = { weights: take(EMBEDDING), bias: take(EMBEDDING) }
    this.#told = { weights: take(EMBEDDING * EMBEDDING), bias: take(EMBEDDING) }
    this.#label = take(EMBEDDING * classes)
    this.#layers = Array.from({ length: layers }, (_, layer) => ({
      weights: packed(take(hidden * (layer === 0 ? 2 : hidden)), layer === 0 ? 2 : hidden),
      bias: take(hidden),
      shift: take(hidden * EMBEDDING),
    }))
    this.#out = { weights: take(2 * hidden), bias: take(2) }
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
    const count = x.length / 2
    const { hidden } = this.shape
    if (this.#from.length < count * hidden) {
      this.#from = new Float64Array(count * hidden)
      this.#to = new Float64Array(count * hidden)
    }
    for (let i = 0; i < x.length; i++) this.#from[i] = x[i]! * scale
    let fan = 2
    for (const { weights, bias, shift } of this.#layers) {
      constantOf(bias, shift, embedding, this.#constant)
      hiddenLayer(weights, this.#constant, this.#from, this.#to, count, fan, hidden)
      const before = this.#from
      this.#from = this.#to
      this.#to = before
      fan = hidden
    }
    outLayer(this.#out.weights, this.#out.bias, this.#from, out, count, hidden)
  }
}
