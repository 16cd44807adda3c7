/** From D⁺ and the negatives' predictions at the guided x to the guided D. */
import { deviation, toward } from '../core/vector'
import type { CombinerContext, CombinerMemory, CombinerMethod } from '../guidance/types'
import type { ModelInfo } from '../model/types'
import type { Answer } from './inputs'
import type { PlannedTerm } from './plan'

/** What one image's guided trajectory remembers between steps; changed once a step, by its first evaluation. */
export interface Remembered {
  /** Of each term: the average of earlier positives, as images or as noise (input `history`). */
  readonly histories: readonly (Float32Array | null)[]
  /** Of the combiner. */
  readonly memory: CombinerMemory
}

/** D_pos + s (D_pos − D_neg). */
function guide(positive: Float32Array, negative: Float32Array, scale: number): Float32Array {
  return toward(positive, negative, -scale)
}

/** Rescale φ (Lin et al., arXiv 2305.08891, eq. 15 and 16), on denoised images: the deviation of D is pulled to that of D⁺. */
export function rescaled(denoised: Float32Array, positive: Float32Array, share: number): Float32Array {
  if (share === 0) return denoised
  const spread = deviation(denoised)
  const factor = spread === 0 ? 1 : share * (deviation(positive) / spread) + 1 - share
  return denoised.map((value) => value * factor)
}

/** The array itself where all its values are those of `known`, so that trajectories that agree keep sharing one array. */
function orEqual(array: Float32Array, known: Float32Array): Float32Array {
  return array.every((value, i) => value === known[i]) ? known : array
}

/** At one guided x. */
export interface Combining {
  readonly model: ModelInfo
  /** How many images x holds, one after the other. */
  readonly images: number
  readonly x: Float32Array
  readonly positive: Float32Array
  readonly terms: readonly PlannedTerm[]
  /** Of each term; null where it was not evaluated. */
  readonly answers: readonly (Answer | null)[]
  readonly step: number
  /** Noise level of x. */
  readonly level: number
  /** From where the step's first prediction is made to where it ends. */
  readonly sigma: number
  readonly sigmaNext: number
  readonly rescale: number
  readonly memory: CombinerMemory
}

/** What `make` makes of each of several images that lie one after the other, laid one after the other. */
function imageByImage(images: number, length: number, make: (from: number, to: number) => Float32Array): Float32Array {
  const own = length / images
  if (images === 1) return make(0, length)
  const out = new Float32Array(length)
  for (let from = 0; from < length; from += own) out.set(make(from, from + own), from)
  return out
}

/** A combiner's D of each image, with what it remembers of each. */
function combineEach(
  combiner: CombinerMethod,
  images: number,
  of: CombinerContext,
): ReturnType<CombinerMethod['combine']> {
  if (images === 1) return combiner.combine(of)
  const length = of.x.length
  const memory = new Float32Array(length)
  let remembers = false
  const denoised = imageByImage(images, length, (from, to) => {
    const part = (all: Float32Array) => all.subarray(from, to)
    const [x, positive] = [part(of.x), part(of.positive)]
    const negative = of.negative === of.positive ? positive : part(of.negative)
    const made = combiner.combine({ ...of, x, positive, negative, memory: of.memory && part(of.memory) })
    if (made.memory) {
      remembers = true
      memory.set(made.memory, from)
    }
    return made.denoised
  })
  return { denoised, memory: remembers ? memory : null }
}

/** The guided D; D⁺ itself, the same array, where nothing pushes. */
export function combine(of: Combining): { readonly denoised: Float32Array; readonly memory: CombinerMemory } {
  const { x, positive, model, step, level, sigma, sigmaNext } = of
  let denoised = positive
  let memory = of.memory
  for (const [i, term] of of.terms.entries()) {
    const negative = of.answers[i]?.denoised
    const { combiner, settings, inWindow: acts } = term
    if (combiner) {
      const size = model.image
      const at = { positive, negative: negative ?? positive, x, size, settings, acts, step, level, sigma, sigmaNext }
      const combined = combineEach(combiner, of.images, { ...at, memory: of.memory })
      memory = combined.memory
      denoised = orEqual(orEqual(combined.denoised, positive), x)
    } else if (negative) {
      const { scale } = settings
      const before = denoised
      denoised =
        before === positive
          ? guide(positive, negative, scale)
          : before.map((value, j) => value + scale * (positive[j]! - negative[j]!))
    }
  }
  // Where a combiner stands still (D = x), there is nothing to rescale.
  const free = denoised !== positive && denoised !== x
  if (!free || of.rescale === 0) return { denoised, memory }
  const pulled = imageByImage(of.images, x.length, (from, to) =>
    rescaled(denoised.subarray(from, to), positive.subarray(from, to), of.rescale),
  )
  return { denoised: pulled, memory }
}

/** A remembered noise as the image that it leaves of x at its noise level. */
export function imageOf(noise: Float32Array, x: Float32Array, level: number): Float32Array {
  return x.map((value, i) => value - level * noise[i]!)
}

/** The averages of earlier positives, with this one. */
export function remembering(
  histories: Remembered['histories'],
  terms: readonly PlannedTerm[],
  { x, positive, level }: Pick<Combining, 'x' | 'positive' | 'level'>,
): Remembered['histories'] {
  return terms.map(({ prediction }, term) => {
    const past = histories[term] ?? null
    if (prediction?.input.kind !== 'history') return past
    const { beta, of } = prediction.input
    const now = of === 'image' ? positive : x.map((value, i) => (value - positive[i]!) / level)
    return past ? past.map((value, i) => (1 - beta) * now[i]! + beta * value) : now
  })
}
