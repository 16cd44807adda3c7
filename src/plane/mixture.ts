/**
 * The plane's truth: a mixture of Gaussians for each class, and in closed form its density, score and ideal denoiser at every noise
 * level. Noise of deviation σ adds σ² to each covariance, so that p(x; σ) is a mixture of as many Gaussians.
 */

import { normals } from '../core/random'

/** As `models/plane/mixture.json` holds it. Components: class, twig, weight within the class, mean x and y, covariance xx, xy and yy. */
export interface MixtureFile {
  readonly classes: readonly string[]
  readonly sigmaData: number
  readonly components: readonly (readonly number[])[]
}

/** A class, or null for all of them, equally likely. */
export type Label = number | null

/** The components at one noise level, as arrays of what a point is put into. */
interface Level {
  readonly sigma: number
  /** ln of the weight times the Gaussian's height. */
  readonly log: Float64Array
  /** Inverse of covariance + σ². */
  readonly inverse: Float64Array
}

const LEVELS_KEPT = 128

export class Mixture {
  readonly classes: number
  readonly count: number
  readonly label: Int32Array
  /** Of each component the twig that it belongs to within its class, −1 for none. */
  readonly twig: Int32Array
  /** Of each class how many twigs it has. */
  readonly twigs: readonly number[]
  readonly weight: Float64Array
  readonly mean: Float64Array
  readonly covariance: Float64Array
  readonly #levels = new Map<number, Level>()
  /** Where the components of a class begin and end: they are in the order of classes. */
  readonly #range: readonly (readonly [number, number])[]

  /** Throws RangeError for a file that is no mixture. */
  constructor({ classes, components }: MixtureFile) {
    this.classes = classes.length
    this.count = components.length
    const sound = components.every((row, i) => {
      const [label = -1, , weight = 0, , , xx = 0, xy = 0, yy = 0] = row
      const inOrder = i === 0 ? label === 0 : label === components[i - 1]![0]! || label === components[i - 1]![0]! + 1
      return row.length === 8 && row.every(Number.isFinite) && inOrder && weight > 0 && xx * yy > xy * xy && xx > 0
    })
    if (!sound || components.at(-1)?.[0] !== classes.length - 1)
      throw new RangeError('this is no mixture: components are class by class, with positive weights and covariances')
    const column = (at: number) => components.map((row) => row[at]!)
    this.label = Int32Array.from(column(0))
    this.twig = Int32Array.from(column(1))
    this.mean = Float64Array.from(components.flatMap((row) => row.slice(3, 5)))
    this.covariance = Float64Array.from(components.flatMap((row) => row.slice(5, 8)))
    this.#range = classes.map((_, label) => [this.label.indexOf(label), this.label.lastIndexOf(label) + 1])
    // Written with six digits, they do not quite sum to 1.
    const sums = classes.map((_, label) => components.reduce((sum, row) => sum + (row[0] === label ? row[2]! : 0), 0))
    this.weight = Float64Array.from(components, (row) => row[2]! / sums[row[0]!]!)
    this.twigs = this.#range.map(([from, to]) => 1 + Math.max(...this.twig.subarray(from, to)))
  }

  /** Components of the label: from, to, and what their weights are multiplied by. */
  rangeOf(label: Label): readonly [number, number, number] {
    if (label === null) return [0, this.count, 1 / this.classes]
    const range = this.#range[label]
    if (!range) throw new RangeError(`there is no class ${label}`)
    return [...range, 1]
  }

  #at(sigma: number): Level {
    const known = this.#levels.get(sigma)
    if (known) return known
    const log = new Float64Array(this.count)
    const inverse = new Float64Array(3 * this.count)
    const noise = sigma * sigma
    for (let k = 0; k < this.count; k++) {
      const xx = this.covariance[3 * k]! + noise
      const xy = this.covariance[3 * k + 1]!
      const yy = this.covariance[3 * k + 2]! + noise
      const determinant = xx * yy - xy * xy
      log[k] = Math.log(this.weight[k]! / (2 * Math.PI * Math.sqrt(determinant)))
      inverse[3 * k] = yy / determinant
      inverse[3 * k + 1] = -xy / determinant
      inverse[3 * k + 2] = xx / determinant
    }
    if (this.#levels.size >= LEVELS_KEPT) this.#levels.clear()
    const level = { sigma, log, inverse }
    this.#levels.set(sigma, level)
    return level
  }

  /** ln p(x; σ) of each point, [points × 2] one after the other; its gradient to `score` where that is given. */
  evaluate(
    x: ArrayLike<number>,
    sigma: number,
    label: Label,
    out: { readonly log?: Float64Array; readonly score?: Float64Array },
  ): void {
    const { log, inverse } = this.#at(sigma)
    const [from, to, share] = this.rangeOf(label)
    const shared = Math.log(share)
    const terms = new Float64Array(to - from)
    for (let p = 0; p < x.length; p += 2) {
      const px = x[p]!
      const py = x[p + 1]!
      let top = -Infinity
      for (let k = from; k < to; k++) {
        const dx = px - this.mean[2 * k]!
        const dy = py - this.mean[2 * k + 1]!
        const at = 3 * k
        const far = dx * (inverse[at]! * dx + 2 * inverse[at + 1]! * dy) + inverse[at + 2]! * dy * dy
        const term = log[k]! - 0.5 * far
        terms[k - from] = term
        if (term > top) top = term
      }
      let sum = 0
      let gx = 0
      let gy = 0
      for (let k = from; k < to; k++) {
        const below = terms[k - from]! - top
        // Less than a double can tell beside 1.
        if (below < -40) continue
        const height = Math.exp(below)
        sum += height
        const dx = px - this.mean[2 * k]!
        const dy = py - this.mean[2 * k + 1]!
        const at = 3 * k
        gx -= height * (inverse[at]! * dx + inverse[at + 1]! * dy)
        gy -= height * (inverse[at + 1]! * dx + inverse[at + 2]! * dy)
      }
      if (out.log) out.log[p / 2] = top + Math.log(sum) + shared
      if (out.score) {
        out.score[p] = gx / sum
        out.score[p + 1] = gy / sum
      }
    }
  }

  /** ln p(x; σ) of each point. */
  logDensity(x: ArrayLike<number>, sigma: number, label: Label): Float64Array {
    const log = new Float64Array(x.length / 2)
    this.evaluate(x, sigma, label, { log })
    return log
  }

  /** The ideal D(x; σ) = x + σ² ∇ ln p(x; σ). */
  denoise(x: ArrayLike<number>, sigma: number, label: Label): Float64Array {
    const score = new Float64Array(x.length)
    this.evaluate(x, sigma, label, { score })
    return score.map((value, i) => x[i]! + sigma * sigma * value)
  }

  /** So many true points of the label, with noise of deviation σ: of each component as many as it weighs. */
  draw(count: number, label: Label, sigma: number, seed: number): Float32Array {
    const [from, to, share] = this.rangeOf(label)
    const [own, noise] = [normals(seed, 0, 2 * count), normals(seed, 1, 2 * count)]
    const out = new Float32Array(2 * count)
    let k = from
    let spent = 0
    for (let p = 0; p < count; p++) {
      while (k < to - 1 && spent + this.weight[k]! * share < (p + 0.5) / count) spent += this.weight[k++]! * share
      const [xx = 0, xy = 0, yy = 0] = this.covariance.subarray(3 * k, 3 * k + 3)
      const low = Math.sqrt(xx)
      out[2 * p] = this.mean[2 * k]! + low * own[2 * p]! + sigma * noise[2 * p]!
      const rest = Math.sqrt(yy - (xy * xy) / xx)
      out[2 * p + 1] =
        this.mean[2 * k + 1]! + (xy / low) * own[2 * p]! + rest * own[2 * p + 1]! + sigma * noise[2 * p + 1]!
    }
    return out
  }

  /** The component that most likely made each point. */
  nearest(x: ArrayLike<number>, label: Label): Int32Array {
    const { log, inverse } = this.#at(0)
    const [from, to] = this.rangeOf(label)
    return Int32Array.from({ length: x.length / 2 }, (_, p) => {
      let best = from
      let top = -Infinity
      for (let k = from; k < to; k++) {
        const dx = x[2 * p]! - this.mean[2 * k]!
        const dy = x[2 * p + 1]! - this.mean[2 * k + 1]!
        const far = dx * (inverse[3 * k]! * dx + 2 * inverse[3 * k + 1]! * dy) + inverse[3 * k + 2]! * dy * dy
        const term = log[k]! - 0.5 * far
        if (term > top) {
          top = term
          best = k
        }
      }
      return best
    })
  }
}
