/** A difference from no guidance as a mark on the axis that all rows share: its interval, and a dot whose shape is the verdict. */
import type { Estimate } from '../../../evaluation/metrics'
import type { Verdict } from '../../method/measured'

/** The axis of all marks, in shares of the distance without guidance. */
export interface Axis {
  readonly from: number
  readonly to: number
  readonly ticks: readonly number[]
}

const STEPS = [0.05, 0.1, 0.2, 0.5, 1, 2, 5]

/** Covers all intervals and zero, with ticks at round numbers. Pure. */
export function axisOf(shares: readonly Estimate[]): Axis {
  const low = Math.min(0, ...shares.map(({ value, margin }) => value - (margin ?? 0)))
  const high = Math.max(0, ...shares.map(({ value, margin }) => value + (margin ?? 0)))
  const room = 0.03 * (high - low) || 0.1
  const [from, to] = [low - room, high + room]
  const step = STEPS.find((each) => (to - from) / each <= 5) ?? 10
  const first = Math.ceil(from / step)
  const ticks = Array.from({ length: Math.floor(to / step) - first + 1 }, (_, at) => (first + at) * step)
  return { from, to, ticks }
}

const at = (value: number, { from, to }: Axis) => (100 * (value - from)) / (to - from)
export const left = (value: number, axis: Axis) => ({ left: `${at(value, axis)}%` })

const COLOUR = {
  helps: 'text-positive',
  same: 'text-muted',
  harms: 'text-negative',
} as const satisfies Record<Verdict, string>

/** A dot that helps is full, one that harms is square, one that is not told apart is hollow. */
export function Dot({ verdict }: { readonly verdict: Verdict }) {
  return (
    <svg viewBox="-6 -6 12 12" className={`size-3 overflow-visible ${COLOUR[verdict]}`} aria-hidden>
      {verdict === 'helps' && <circle r="4" fill="currentColor" />}
      {verdict === 'same' && <circle r="3.5" fill="var(--bg)" stroke="currentColor" strokeWidth="1.5" />}
      {verdict === 'harms' && <rect x="-4" y="-4" width="8" height="8" fill="currentColor" transform="rotate(45)" />}
    </svg>
  )
}

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
