/** What can be said of points in the plane, where the truth is known: how likely they are, how many lie outside, what they leave out. */
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

/** How many twigs of the label are reached by the points that are not outside, and how many there are. */
function coverage(points: Float32Array, inside: readonly boolean[], label: Label, mixture: Mixture) {
  const [from, to, share] = mixture.rangeOf(label)
  const expected = new Map<string, number>()
  const name = (k: number) => `${mixture.label[k]} ${mixture.twig[k]}`
  for (let k = from; k < to; k++) {
    if (mixture.twig[k]! >= 0) expected.set(name(k), (expected.get(name(k)) ?? 0) + mixture.weight[k]! * share)
  }
  const found = new Map<string, number>()
  for (const [p, k] of mixture.nearest(points, label).entries())
    if (inside[p]) found.set(name(k), (found.get(name(k)) ?? 0) + 1)
  const count = points.length / 2
  const reached = [...expected].filter(([twig, wanted]) => (found.get(twig) ?? 0) >= QUARTER * wanted * count)
  return { covered: reached.length, twigs: expected.size }
}

/** `points`: [points × 2], at σ = 0. */
export function measure(points: Float32Array, label: Label, mixture: Mixture, truth: Truth): Measures {
  const log = mixture.logDensity(points, 0, label)
  const edge = edgeOf(truth, label)
  const inside = [...log].map((value) => value >= edge)
  const sorted = log.slice().sort()
  return {
    flags: Uint8Array.from(inside, (is) => (is ? 0 : 1)),
    logLikelihood: log.reduce((sum, value) => sum + value, 0) / log.length,
    logMedian: sorted[Math.floor(sorted.length / 2)] ?? NaN,
    outside: inside.filter((is) => !is).length / log.length,
    ...coverage(points, inside, label, mixture),
  }
}
