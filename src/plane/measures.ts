/** What can be said of points in the plane, where the truth is known: how likely they are, how many lie outside, what they leave out. */
import { randomInteger, streamOf } from '../core/random'
import type { Label, Mixture } from './mixture'

/** Of the mixture, by many points of its own (models/plane/train/mixture.py). */
export interface Truth {
  /** Of each class, and of all together at last: the log density below which one true point in a hundred lies. */
  readonly edge: readonly number[]
  /** In the same order: the mean log density of true points. */
  readonly logLikelihood: readonly number[]
}

export interface Measures {
  /** Of each point, 1 where it lies outside. */
  readonly flags: Uint8Array
  /** Mean of ln p at the points, in nats. */
  readonly logLikelihood: number
  /** The middle one of ln p: a few points far out do not move it. */
  readonly logMedian: number
  /** Share of points where fewer than one true point in a hundred would lie. */
  readonly outside: number
  /** Twigs that have at least a quarter of the points that they should have, and how many there are. */
  readonly covered: number
  readonly twigs: number
}

/** Of its expected points, what a twig needs to count as reached. */
const QUARTER = 0.25

export const edgeOf = ({ edge }: Truth, label: Label): number => edge[label ?? edge.length - 1] ?? -Infinity

/** What the truth says of each point, at σ = 0. */
export interface Seen {
  /** ln p, in nats. */
  readonly log: Float64Array
  /** Its twig among those of the label (`expectedOf`); −1 where it is on none. */
  readonly twig: Int16Array
}

/** Of each component its twig among those of the label, and of each twig its share of the points. */
function twigsOf(label: Label, mixture: Mixture) {
  const [from, to, share] = mixture.rangeOf(label)
  const places = new Map<string, number>()
  const of = new Int16Array(mixture.count).fill(-1)
  const expected: number[] = []
  for (let k = from; k < to; k++) {
    if (mixture.twig[k]! < 0) continue
    const name = `${mixture.label[k]} ${mixture.twig[k]}`
    const place = places.get(name) ?? places.size
    places.set(name, place)
    of[k] = place
    expected[place] = (expected[place] ?? 0) + mixture.weight[k]! * share
  }
  return { of, expected }
}

/** `points`: [points × 2], at σ = 0. */
export function seenOf(points: Float32Array, label: Label, mixture: Mixture): Seen {
  const { of } = twigsOf(label, mixture)
  return {
    log: mixture.logDensity(points, 0, label),
    twig: Int16Array.from(mixture.nearest(points, label), (k) => of[k]!),
  }
}

/** What is added up of points. */
class Tally {
  points = 0
  log = 0
  outside = 0
  readonly found: number[]

  constructor(private readonly expected: readonly number[]) {
    this.found = expected.map(() => 0)
  }

  add(log: number, twig: number, edge: number): void {
    this.points++
    this.log += log
    // What is not a number is nowhere.
    if (!(log >= edge)) this.outside++
    else if (twig >= 0) this.found[twig]!++
  }

  include({ points, log, outside, found }: Tally): void {
    this.points += points
    this.log += log
    this.outside += outside
    found.forEach((count, twig) => (this.found[twig]! += count))
  }

  get covered(): number {
    return this.found.filter((count, twig) => count >= QUARTER * this.expected[twig]! * this.points).length
  }
}

/** A number of all points, and of those without each block of points that follow each other. */
export interface OfBlocks {
  readonly whole: number
  readonly without: readonly number[]
}

/** What intervals follow from. */
export interface Measured {
  readonly points: number
  readonly logLikelihood: OfBlocks
  readonly outside: OfBlocks
  /** Share of the twigs that are reached. */
  readonly reached: number
  /** The same of blocks drawn at random with replacement (the bootstrap): a count that jumps has no other interval. */
  readonly reachedAgain: readonly number[]
}

const AGAIN = 400
const drawings = new Map<number, readonly Uint8Array[]>()

/** Which of so many blocks are drawn, with replacement, each time anew: always the same draws. */
function drawingsOf(blocks: number): readonly Uint8Array[] {
  const purpose = streamOf('bootstrap')
  const known =
    drawings.get(blocks) ??
    Array.from({ length: AGAIN }, (_, time) =>
      Uint8Array.from({ length: blocks }, (__, i) => randomInteger(time, i, purpose, 0, blocks)),
    )
  drawings.set(blocks, known)
  return known
}

/** Of points that are told in as many blocks: those of a row share what a method draws at random, so a block has whole rows. */
export function measuredOf(
  { log, twig }: Seen,
  label: Label,
  mixture: Mixture,
  truth: Truth,
  blocks: number,
): Measured {
  const { expected } = twigsOf(label, mixture)
  const edge = edgeOf(truth, label)
  const parts = Array.from({ length: blocks }, () => new Tally(expected))
  log.forEach((value, p) => parts[Math.floor((p * blocks) / log.length)]!.add(value, twig[p]!, edge))
  const sumOf = (of: Iterable<number>) => {
    const sum = new Tally(expected)
    for (const block of of) sum.include(parts[block]!)
    return sum
  }
  const each = [...parts.keys()]
  const all = sumOf(each)
  const rest = each.map((left) => sumOf(each.filter((block) => block !== left)))
  const of = (number: (tally: Tally) => number): OfBlocks => ({ whole: number(all), without: rest.map(number) })
  return {
    points: log.length,
    logLikelihood: of((tally) => tally.log / tally.points),
    outside: of((tally) => tally.outside / tally.points),
    reached: all.covered / expected.length,
    reachedAgain: drawingsOf(blocks).map((drawn) => sumOf(drawn).covered / expected.length),
  }
}

/** `points`: [points × 2], at σ = 0. */
export function measure(points: Float32Array, label: Label, mixture: Mixture, truth: Truth): Measures {
  const { log, twig } = seenOf(points, label, mixture)
  const { expected } = twigsOf(label, mixture)
  const edge = edgeOf(truth, label)
  const tally = new Tally(expected)
  log.forEach((value, p) => tally.add(value, twig[p]!, edge))
  const sorted = log.slice().sort()
  return {
    flags: Uint8Array.from(log, (value) => (value >= edge ? 0 : 1)),
    logLikelihood: tally.log / log.length,
    logMedian: sorted[Math.floor(sorted.length / 2)] ?? NaN,
    outside: tally.outside / log.length,
    covered: tally.covered,
    twigs: expected.length,
  }
}
