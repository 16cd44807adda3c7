/** The per-step numbers on the noise axis: which have a line there, how it is drawn, and how high a value lies. Pure. */
import type { ImageSize } from '../../core/image'
import { numbers, valueOf } from '../../numbers'
import type { StepNumber } from '../../numbers/number'
import type { Run } from '../run/run'

/** Height of the axis in its own units. */
export const HEIGHT = 100
const [HEAD, FOOT] = [8, 6]

export interface Stroke {
  readonly colour: string
  readonly width: number
  readonly dash?: string
}

/** In the order of the lines; the first is marked at the step under the playhead. */
const STROKES: readonly [Stroke, ...Stroke[]] = [
  { colour: 'var(--positive)', width: 1.5 },
  { colour: 'var(--muted)', width: 1.25, dash: '3 3' },
  { colour: 'var(--negative)', width: 1.25, dash: '1 2' },
  { colour: 'var(--ink)', width: 1, dash: '6 3' },
]

export interface Curve {
  readonly number: StepNumber
  readonly stroke: Stroke
}

/** Every number that has a line. */
export const curves: readonly Curve[] = numbers
  .filter(({ axis }) => axis === 'line')
  .map((number, at) => ({ number, stroke: STROKES[at % STROKES.length] ?? STROKES[0] }))

/** A number at each step of a run, for one image. */
export function valuesOf(number: StepNumber, run: Run, focus: number, shape: ImageSize): (number | null)[] {
  return run.records.map(({ samples }) => (samples[focus] ? valueOf(number, samples[focus], shape) : null))
}

/** Heights of a number's values, on one scale for all of these runs. */
export function heightAmong(
  number: StepNumber,
  runs: readonly (Run | null)[],
  focus: number,
  shape: ImageSize,
): (value: number) => number {
  return heightOf(
    number,
    runs.flatMap((run) => (run ? valuesOf(number, run, focus, shape) : [])),
  )
}

/** Height of a number's values: 0 in the middle where they can be negative; else the largest of `all` reaches the top. */
export function heightOf(
  { range: [low, high] }: StepNumber,
  all: readonly (number | null)[],
): (value: number) => number {
  if (low < 0) return (value) => HEIGHT / 2 - (value / Math.max(high, -low)) * (HEIGHT / 2 - FOOT)
  const top = Math.max(...all.map((value) => value ?? 0), 1e-9)
  return (value) => HEIGHT - FOOT - (value / top) * (HEIGHT - HEAD - FOOT)
}
