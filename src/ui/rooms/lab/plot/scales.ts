/** Where a curve's points stand in its drawing. Pure. */
import type { Estimate } from '../../../../evaluation/metrics'
import type { Look } from './look'

export interface Across {
  /** Share of the width, 0 to 1; null for a text that has no place. */
  readonly of: (text: string) => number | null
  readonly kind: 'linear' | 'log' | 'in a row'
}

/** Beyond so many times the lowest, numbers stand by their logarithm. */
const WIDE = 20

const numberOf = (text: string) => (text === 'inf' ? Infinity : text.trim() === '' ? NaN : Number(text))

/** Numbers stand where they are, infinity a step beyond the last; what is no number stands in a row. */
export function acrossOf(texts: readonly string[]): Across {
  const numbers = texts.map(numberOf)
  const finite = numbers.filter(Number.isFinite)
  if (numbers.some(Number.isNaN) || finite.length < 2) {
    const last = Math.max(1, texts.length - 1)
    const of = (text: string) => (texts.includes(text) ? texts.indexOf(text) / last : null)
    return { kind: 'in a row', of: texts.length === 1 ? () => 0.5 : of }
  }
  const [low, high] = [Math.min(...finite), Math.max(...finite)]
  const log = low > 0 && high / low >= WIDE
  const scale = log ? Math.log : (value: number) => value
  // Infinity takes the place of one more value.
  const end = numbers.includes(Infinity) ? (finite.length - 1) / finite.length : 1
  const of = (text: string) => {
    const value = numberOf(text)
    if (value === Infinity) return numbers.includes(Infinity) ? 1 : null
    const share = (scale(value) - scale(low)) / (scale(high) - scale(low))
    return share >= -1e-9 && share <= 1 + 1e-9 ? share * end : null
  }
  return { kind: log ? 'log' : 'linear', of }
}

export interface Up {
  readonly low: number
  readonly high: number
  readonly ticks: readonly number[]
}

/** A round step that makes so many ticks at most. */
function stepOf(span: number, count: number): number {
  const raw = span / count
  const power = 10 ** Math.floor(Math.log10(raw))
  return ([1, 2, 5, 10].find((each) => each * power >= raw) ?? 10) * power
}

/** Of the best points, so large a share decides the height: what is far worse is cut, and told as a number. */
const SHARE = 0.6
const ROOM = 1.8

/** Without what is far above the rest, where that is the worse. */
function endsOf(estimates: readonly Estimate[], cut: boolean): readonly [low: number, high: number] {
  const ends = ({ value, margin }: Estimate) => [value - (margin ?? 0), value + (margin ?? 0)] as const
  const low = Math.min(...estimates.map((each) => ends(each)[0]))
  const tops = estimates.map((each) => ends(each)[1]).sort((a, b) => a - b)
  const top = tops.at(-1) ?? low
  const middle = tops[Math.max(0, Math.ceil(SHARE * tops.length) - 1)] ?? top
  return [low, cut ? Math.min(top, low + ROOM * (middle - low)) : top]
}

/** Shares are never cut; of other numbers what is far worse than most is. */
export function upOf(estimates: readonly Estimate[], { share, better }: Pick<Look, 'share' | 'better'>): Up {
  const turned = better === 'higher' && !share
  const seen = turned ? estimates.map(({ value, margin }) => ({ value: -value, margin })) : estimates
  const [first, second] = endsOf(seen, !share)
  const [low, high] = turned ? [-second, -first] : [first, second]
  const span = high - low || Math.abs(low) || 1
  const [from, to] = high > low ? [low - 0.06 * span, high + 0.06 * span] : [low - span / 2, low + span / 2]
  const step = stepOf(to - from, 7)
  const lowest = Math.ceil(from / step)
  const ticks = Array.from({ length: Math.floor(to / step) - lowest + 1 }, (_, i) =>
    Number(((lowest + i) * step).toPrecision(12)),
  )
  return { low: from, high: to, ticks }
}

/** Where a number lies that the drawing has no room for; null where it has. */
export const beyond = (value: number, { low, high }: Up): 'above' | 'below' | null =>
  value > high ? 'above' : value < low ? 'below' : null

/** Labels that do not meet: each kept one is so far from the one before. */
export function apart<T extends { readonly x: number; readonly width: number }>(labels: readonly T[]): readonly T[] {
  const kept: T[] = []
  for (const label of [...labels].sort((a, b) => a.x - b.x)) {
    const last = kept.at(-1)
    if (!last || label.x - last.x >= (label.width + last.width) / 2 + 6) kept.push(label)
  }
  return kept
}
