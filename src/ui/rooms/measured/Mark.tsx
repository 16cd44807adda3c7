/** A difference from no guidance as a mark on the axis that all rows share: its interval, and a dot whose shape is the verdict. */
import type { Estimate } from '../../../evaluation/metrics'
import type { Verdict } from '../../method/measured'
import { COLOUR, Dot } from './Glyph'
import { ticksBetween } from './ticks'

/** The axis of all marks, in shares of the distance without guidance. */
export interface Axis {
  readonly from: number
  readonly to: number
  readonly ticks: readonly number[]
}

/** Covers all intervals and zero, with ticks at round numbers. Pure. */
export function axisOf(shares: readonly Estimate[]): Axis {
  const low = Math.min(0, ...shares.map(({ value, margin }) => value - (margin ?? 0)))
  const high = Math.max(0, ...shares.map(({ value, margin }) => value + (margin ?? 0)))
  const room = 0.03 * (high - low) || 0.1
  const [from, to] = [low - room, high + room]
  return { from, to, ticks: ticksBetween(from, to) }
}

const at = (value: number, { from, to }: Axis) => (100 * (value - from)) / (to - from)
export const left = (value: number, axis: Axis) => ({ left: `${at(value, axis)}%` })

/** Fills its cell, which must be positioned: the lines of all rows join. */
interface MarkProps {
  readonly axis: Axis
  readonly share: Estimate | null
  readonly verdict: Verdict | null
  /** What gains most without guidance: a line through all rows. */
  readonly control: number | null
}

export function Mark({ axis, share, verdict, control }: MarkProps) {
  return (
    <div className="absolute inset-y-0 right-4 left-0" aria-hidden>
      {axis.ticks.map((tick) => (
        <span
          key={tick}
          className={`absolute inset-y-0 w-px ${Math.abs(tick) < 1e-9 ? 'bg-edge' : 'bg-line'}`}
          style={left(tick, axis)}
        />
      ))}
      {control !== null && (
        <span className="absolute inset-y-0 border-l border-dashed border-edge" style={left(control, axis)} />
      )}
      {share && verdict && (
        <>
          {share.margin !== null && (
            <span
              className={`absolute top-3 h-2 border-x border-current ${COLOUR[verdict]}`}
              style={{
                left: `${at(share.value - share.margin, axis)}%`,
                right: `${100 - at(share.value + share.margin, axis)}%`,
              }}
            >
              <span className="absolute inset-x-0 top-1/2 -mt-px h-0.5 bg-current" />
            </span>
          )}
          <span className="absolute top-4 -mt-1.5 -ml-1.5" style={left(share.value, axis)}>
            <Dot verdict={verdict} />
          </span>
        </>
      )}
    </div>
  )
}
