/** Round numbers for an axis. Pure. */
const STEPS = [0.05, 0.1, 0.2, 0.5, 1, 2, 5]

/** The multiples of a round step between two numbers: about five, of which zero is one where it lies between. */
export function ticksBetween(from: number, to: number): readonly number[] {
  const step = STEPS.find((each) => (to - from) / each <= 5) ?? 10
  const first = Math.ceil(from / step)
  return Array.from({ length: Math.floor(to / step) - first + 1 }, (_, at) => (first + at) * step)
}
