/** A difference from no guidance as a dot and its interval on a short line; all of a figure share the scale, so that they can be compared by eye. */
import { verdictOf } from '../../method/measured'
import { COLOUR, Glyph } from '../measured/Glyph'
import { marginOf } from '../measured/estimate'
import type { Measured } from './evidence'

const SIZE = { width: 160, height: 12, side: 6 }

export interface Reach {
  readonly low: number
  readonly high: number
}

/** From the lowest end of an interval to the highest, no guidance included; null where there are no two to compare. Pure. */
export function reachOf(all: readonly (Measured | null | undefined)[]): Reach | null {
  const told = all.flatMap((measured) => measured?.against ?? []).filter(({ margin }) => margin !== null)
  if (told.length < 2) return null
  return {
    low: Math.min(0, ...told.map((one) => one.value - marginOf(one))),
    high: Math.max(0, ...told.map((one) => one.value + marginOf(one))),
  }
}

interface IntervalProps {
  readonly measured: Measured
  readonly reach: Reach
}

/** Says nothing that the number beside it does not. */
export function Interval({ measured: { against }, reach: { low, high } }: IntervalProps) {
  const verdict = verdictOf(against)
  if (!against || !verdict || against.margin === null) return null
  const x = (value: number) => SIZE.side + ((value - low) / (high - low)) * (SIZE.width - 2 * SIZE.side)
  const [from, to] = [x(against.value - against.margin), x(against.value + against.margin)]
  return (
    <svg
      viewBox={`0 0 ${SIZE.width} ${SIZE.height}`}
      className={`mt-0.5 block w-full max-w-40 overflow-visible ${COLOUR[verdict]}`}
      aria-hidden
    >
      <line x1={x(0)} x2={x(0)} y1="-1" y2={SIZE.height + 1} stroke="var(--edge)" />
      <line x1={from} x2={to} y1="6" y2="6" stroke="currentColor" strokeWidth="1.25" />
      <Glyph verdict={verdict} transform={`translate(${x(against.value)} 6) scale(0.9)`} />
    </svg>
  )
}
