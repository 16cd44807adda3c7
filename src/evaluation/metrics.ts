/** From judged images to the numbers of an evaluation, with error bars over blocks of seeds. */
import { addPicture, attributeSums, clarityOf, includeSums, shiftOf, type Attributes } from './attributes'
import { frechetTo, MomentSums, type Moments } from './frechet'
import { coverage, squaredRadii } from './manifold'

/** One image as the judge saw it. */
export interface Judged {
  /** Index of the sample; it decides class and seed. */
  readonly index: number
  /** Class that was asked for; null where none was. */
  readonly asked: number | null
  /** Class that the judge saw; −1 of what sees none. */
  readonly seen: number
  /** [width] */
  readonly features: Float32Array
}

/** Held-out renders as the judge saw them. */
export interface RealStatistics {
  readonly width: number
  /** Mean and covariance over `count` images. */
  readonly moments: Moments
  readonly count: number
  /** Features of some of these images, [n × width]. */
  readonly features: Float32Array
  /** What the judge tells of single things in a picture; left out of a judge that tells none. */
  readonly attributes?: Attributes
}

export interface Estimate {
  readonly value: number
  /** Half the width of the 95 % interval; null where there are too few samples to tell. */
  readonly margin: number | null
}

/** A statistic of a set, and of the set without each of its blocks: none where the set is too small for blocks. */
export interface Blocked {
  readonly whole: number
  readonly without: readonly number[]
}

/** What intervals follow from, of one set by itself (`metricsFrom`) or of two that share their seeds (`paired.ts`). */
export interface Measured {
  /** Ascending. */
  readonly indices: readonly number[]
  readonly frechet: Blocked
  readonly agreement: Blocked | null
  readonly precision: Blocked
  readonly recall: Blocked
  /** How sure the judge is of single things in the pictures, and how far their shares are from those of renders (`attributes.ts`); null where it tells none, or no class was asked for. */
  readonly clarity: Blocked | null
  readonly shift: Blocked | null
}

export interface Metrics {
  readonly samples: number
  readonly frechet: Estimate
  /** Share of images in which the judge sees the class that was asked for; null where no class was. */
  readonly agreement: Estimate | null
  readonly precision: Estimate
  readonly recall: Estimate
  /** As in `Measured`. */
  readonly clarity: Estimate | null
  readonly shift: Estimate | null
}

/** Neighbours of precision and recall. */
export const NEIGHBOURS = 3
export const BLOCKS = 10
/** Below so many samples there are no blocks, and no intervals. */
export const FEWEST_OF_INTERVALS = 10 * BLOCKS
/** Quantile 0.975 of Student's t with BLOCKS − 1 degrees of freedom. */
export const STUDENT = 2.2621571628

const knownRadii = new WeakMap<RealStatistics, Float64Array>()
const knownDistances = new WeakMap<Moments, ReturnType<typeof frechetTo>>()

/** The distance to the renders, whose root takes a while. */
function distanceToReal({ moments }: RealStatistics): ReturnType<typeof frechetTo> {
  const distance = knownDistances.get(moments) ?? frechetTo(moments)
  knownDistances.set(moments, distance)
  return distance
}

/** Radii of the stored renders, which take a second to find. */
export function realRadii(real: RealStatistics): Float64Array {
  const radii = knownRadii.get(real) ?? squaredRadii({ data: real.features, width: real.width }, NEIGHBOURS)
  knownRadii.set(real, radii)
  return radii
}

/** Standard error of a statistic from its values without each block (Quenouille and Tukey's jackknife). */
export function jackknifeError(without: readonly number[]): number {
  const mean = without.reduce((sum, value) => sum + value, 0) / without.length
  const squares = without.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return Math.sqrt(((without.length - 1) / without.length) * squares)
}

export const estimateFrom = ({ whole, without }: Blocked): Estimate => ({
  value: whole,
  margin: without.length === 0 ? null : STUDENT * jackknifeError(without),
})

export const metricsFrom = ({ indices, frechet, agreement, precision, recall, clarity, shift }: Measured): Metrics => ({
  samples: indices.length,
  frechet: estimateFrom(frechet),
  agreement: agreement && estimateFrom(agreement),
  precision: estimateFrom(precision),
  recall: estimateFrom(recall),
  clarity: clarity && estimateFrom(clarity),
  shift: shift && estimateFrom(shift),
})

/**
 * The numbers of a set against held-out renders. The same images give the same numbers to the bit, in whatever order they come.
 * A Fréchet distance falls with the number of samples: compare sets of equal size only.
 * Throws RangeError for fewer samples than NEIGHBOURS + 1, for features of another width, and for an index that comes twice.
 */
export function metricsOf(judged: readonly Judged[], real: RealStatistics): Metrics {
  return metricsFrom(measured(judged, real))
}

/** The same with what the numbers are without each block of samples that follow each other. Throws as `metricsOf` does. */
export function measured(judged: readonly Judged[], real: RealStatistics): Measured {
  const { width } = real
  const sorted = [...judged].sort((a, b) => a.index - b.index)
  sorted.forEach(({ index, features }, i) => {
    if (index === sorted[i - 1]?.index) throw new RangeError(`sample ${index} was given twice`)
    if (features.length !== width) throw new RangeError(`sample ${index} has ${features.length} features, not ${width}`)
  })
  const count = sorted.length
  if (count <= NEIGHBOURS) throw new RangeError(`an evaluation needs more than ${NEIGHBOURS} samples, not ${count}`)
  const blocks = count >= FEWEST_OF_INTERVALS ? BLOCKS : 0
  const blockOf = Uint8Array.from({ length: count }, (_, i) => Math.floor((i * blocks) / count))
  const all = (of: (sample: Judged, i: number) => number) => (without: number) => {
    let [sum, used] = [0, 0]
    sorted.forEach((sample, i) => {
      if (blocks > 0 && blockOf[i] === without) return
      sum += of(sample, i)
      used += 1
    })
    return sum / used
  }
  const blocked = (of: (without: number) => number): Blocked => ({
    whole: of(-1),
    without: Array.from({ length: blocks }, (_, block) => of(block)),
  })

  const sums = Array.from({ length: Math.max(1, blocks) }, () => new MomentSums(real.moments.mean))
  sorted.forEach(({ features }, i) => sums[blockOf[i]!]!.add(features))
  const frechet = distanceToReal(real)
  const data = new Float32Array(count * width)
  sorted.forEach(({ features }, i) => data.set(features, i * width))
  const realPoints = { data: real.features, width }
  const { inside, recalls } = coverage({ data, width }, realPoints, realRadii(real), NEIGHBOURS, blockOf, blocks)
  return {
    indices: sorted.map(({ index }) => index),
    frechet: blocked((without) => {
      const kept = new MomentSums(real.moments.mean)
      sums.forEach((sum, block) => void (block !== without && kept.include(sum)))
      return frechet(kept.moments())
    }),
    agreement: sorted.some(({ asked }) => asked === null)
      ? null
      : blocked(all(({ asked, seen }) => (asked === seen ? 1 : 0))),
    precision: blocked(all((_, i) => inside[i]!)),
    recall: blocked((without) => recalls[without + 1]!),
    ...attributesOf(sorted, blockOf, Math.max(1, blocks), real.attributes, blocked),
  }
}

function attributesOf(
  judged: readonly Judged[],
  blockOf: Uint8Array,
  blocks: number,
  attributes: Attributes | undefined,
  blocked: (of: (without: number) => number) => Blocked,
): Pick<Measured, 'clarity' | 'shift'> {
  if (!attributes || judged.some(({ asked }) => asked === null)) return { clarity: null, shift: null }
  const parts = Array.from({ length: blocks }, () => attributeSums(attributes))
  judged.forEach(({ asked, features }, i) => addPicture(parts[blockOf[i]!]!, attributes, asked!, features))
  const without = (left: number) => {
    const sum = attributeSums(attributes)
    parts.forEach((part, block) => void (block !== left && includeSums(sum, part)))
    return sum
  }
  return {
    clarity: blocked((left) => clarityOf(without(left))),
    shift: blocked((left) => shiftOf(without(left), attributes)),
  }
}
