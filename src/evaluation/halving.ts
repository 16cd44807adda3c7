/**
 * Which of several settings is best, with as few images as tell: all are drawn on the same seeds, the number of images doubles from look
 * to look, and whoever is worse than the leader beyond doubt is not drawn any further. Pure.
 *
 * How sure that is: the best one is dropped only if, at some look, its paired difference from some other one is above that difference's
 * bound. There are (candidates − 1) × looks such differences, each bound is passed by chance with at most error / that many (Bonferroni, one
 * side), so all together with at most `error`. That the leader is chosen after looking costs nothing: it is one of the others.
 */
import { BLOCKS, FEWEST_OF_INTERVALS, type Blocked, type Estimate } from './metrics'
import { pairedEstimate } from './paired'
import { studentQuantile } from './student'

/** Images at each look: from the fewest of which an interval is known, doubling, up to `most`. */
export function looksOf(most: number): readonly number[] {
  const looks: number[] = []
  for (let images = FEWEST_OF_INTERVALS; images < most; images *= 2) looks.push(images)
  return [...looks, Math.max(most, FEWEST_OF_INTERVALS)]
}

export interface Rule {
  readonly better: 'lower' | 'higher'
  /** Student's t beyond which a difference is no chance. */
  readonly quantile: number
}

/** `error`: how often at most the best one is dropped, over all looks. */
export function ruleOf(better: Rule['better'], candidates: number, looks: number, error: number): Rule {
  return { better, quantile: studentQuantile(error / (Math.max(1, candidates - 1) * looks), BLOCKS - 1) }
}

export interface Candidate {
  readonly id: string
  readonly value: Blocked
}

export interface Behind {
  readonly id: string
  /** How far it is behind the leader, above 0, and the bound of that difference. */
  readonly behind: Estimate
}

export interface Look {
  readonly leader: string
  /** Worse than the leader beyond doubt. */
  readonly out: readonly Behind[]
  /** Not told apart from the leader, the leader first and the worst last. */
  readonly left: readonly Behind[]
}

/** All candidates must have the same seeds. Throws RangeError for none. */
export function lookAt(candidates: readonly Candidate[], { better, quantile }: Rule): Look {
  const sign = better === 'lower' ? 1 : -1
  const [first, ...others] = [...candidates].sort((a, b) => sign * (a.value.whole - b.value.whole))
  if (!first) throw new RangeError('nothing to choose from')
  const behind = others.map(({ id, value }): Behind => {
    const { value: difference, margin } = pairedEstimate(value, first.value, quantile)
    return { id, behind: { value: sign * difference, margin } }
  })
  const isOut = ({ behind: { value, margin } }: Behind) => margin !== null && value > margin
  return {
    leader: first.id,
    out: behind.filter(isOut),
    left: [{ id: first.id, behind: { value: 0, margin: 0 } }, ...behind.filter((other) => !isOut(other))],
  }
}
