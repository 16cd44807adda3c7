/** Which two of the pictures are compared, the worse first, and which of the two are seen at a cut. Pure. */
import type { Pictured } from '../run/run'

export interface Pair {
  readonly id: PairId
  /** Left of the cut. */
  readonly first: Pictured
  /** Right of the cut, and alone where nothing is held. */
  readonly second: Pictured
}

export type PairId = 'positive-guided' | 'negative-guided' | 'negative-positive' | 'pinned-guided'

const PAIRS: readonly Pair[] = [
  { id: 'positive-guided', first: 'positive', second: 'guided' },
  { id: 'negative-guided', first: 'negative', second: 'guided' },
  { id: 'negative-positive', first: 'negative', second: 'positive' },
]

const PINNED: Pair = { id: 'pinned-guided', first: 'pinned', second: 'guided' }

/** The pairs that there are, where the negative has a picture and where it has none, with a pinned run and without. */
export function pairsThereAre(negative: boolean, pinned = false): readonly Pair[] {
  const own = negative ? PAIRS : PAIRS.filter(({ first }) => first !== 'negative')
  return pinned ? [...own, PINNED] : own
}

/** The pair that is wanted, or the first where that has no pictures. */
export function pairOf(wanted: PairId, there: readonly Pair[]): Pair {
  return there.find(({ id }) => id === wanted) ?? PAIRS[0]!
}

/** Which of the two are seen, whole or in part. */
export function seenAt(cut: number): { readonly first: boolean; readonly second: boolean } {
  return { first: cut > 0, second: cut < 1 }
}

/** A cut that a key of a slider moves to; null where the key moves nothing. */
export function cutAfterKey(cut: number, key: string, large: boolean): number | null {
  if (key === 'Home') return 0
  if (key === 'End') return 1
  const percents = KEYS[key]
  if (percents === undefined) return null
  const wanted = Math.round(100 * cut) + percents * (large && Math.abs(percents) === 1 ? 10 : 1)
  return Math.min(100, Math.max(0, wanted)) / 100
}

const KEYS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -10,
  PageUp: 10,
}
