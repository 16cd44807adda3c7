/**
 * Where scales stand on their slider: in fine steps near 0, where most methods are best, and in coarse ones far out. A
 * position counts stops from 0; between two stops it goes evenly, so that a typed value stands where it belongs. Pure.
 */

interface Stretch {
  readonly to: number
  readonly step: number
}

/** Away from the negative, and towards it. A stretch is a whole number of five stops: the large step lands on round values. */
const AWAY: readonly Stretch[] = [
  { to: 0.25, step: 0.01 },
  { to: 1, step: 0.05 },
  { to: 2, step: 0.1 },
  { to: 10, step: 0.2 },
  { to: Infinity, step: 1 },
]
const TOWARDS: readonly Stretch[] = [{ to: Infinity, step: 0.1 }]

/** Stops that Page Up, and an arrow with Shift, go at once. */
export const LARGE_STEP = 5

/** Scales have so many decimals at most. */
const DECIMALS = 4
const tidy = (value: number) => Number(value.toFixed(DECIMALS))

const stretchesOf = (sign: number) => (sign < 0 ? TOWARDS : AWAY)

/** How many stops a scale is from 0: whole at a stop, below 0 towards the negative. */
export function positionOf(scale: number): number {
  const size = Math.abs(scale)
  let [from, position] = [0, 0]
  for (const { to, step } of stretchesOf(scale)) {
    // Stops are round numbers that floating point only nearly has.
    position += tidy((Math.min(size, to) - from) / step)
    if (size <= to) break
    from = to
  }
  return scale < 0 ? -position : position
}

/** The scale at a position. */
export function scaleAt(position: number): number {
  let [from, left] = [0, Math.abs(position)]
  for (const { to, step } of stretchesOf(position)) {
    const stops = tidy((to - from) / step)
    if (left <= stops) {
      from += left * step
      break
    }
    left -= stops
    from = to
  }
  const scale = tidy(from)
  return position < 0 && scale !== 0 ? -scale : scale
}

/** The ends of a slider from `low` to `high`, in positions; a scale between two stops moves the end to the next. */
export function rangeOf(low: number, high: number): { readonly min: number; readonly max: number } {
  return { min: Math.floor(positionOf(low)), max: Math.ceil(positionOf(high)) }
}
