/** Curves that are drawn against one that was measured: read at the same places, and told apart by their shape. */

export type Point = readonly [x: number, y: number]

/** Places at which a curve is drawn. */
export const KNOTS = 13

export const places = (from: number, to: number): readonly number[] =>
  Array.from({ length: KNOTS }, (_, i) => from + ((to - from) * i) / (KNOTS - 1))

/** The height of a curve of straight lines; at its ends where it does not reach. */
export function heightAt(points: readonly Point[], x: number): number {
  const after = points.findIndex((point) => point[0] >= x)
  if (after === 0) return points[0]![1]
  if (after < 0) return points.at(-1)?.[1] ?? 0
  const [[x0, y0], [x1, y1]] = [points[after - 1]!, points[after]!]
  return y0 + ((y1 - y0) * (x - x0)) / (x1 - x0)
}

/** The heights of a curve at the places where one is drawn. */
export const heightsOf = (points: readonly Point[], from: number, to: number): readonly number[] =>
  places(from, to).map((x) => heightAt(points, x))

/** The part of a measured curve between two places: nothing is drawn where nothing was measured. */
export function partOf(points: readonly Point[], from: number, to: number): readonly Point[] {
  const [first, last] = [points[0]?.[0] ?? 0, points.at(-1)?.[0] ?? 0]
  const ends = [from, to].filter((x) => first <= x && x <= last)
  const xs = [...ends, ...points.map(([x]) => x).filter((x) => from < x && x < to)].sort((a, b) => a - b)
  return points.length === 0 ? [] : xs.map((x) => [x, heightAt(points, x)])
}

/** A round number that is not below; 0 for 0. */
function roundUp(value: number): number {
  if (value <= 0) return 0
  const power = 10 ** Math.floor(Math.log10(value))
  return power * ([1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((each) => each * power >= value) ?? 10)
}

/** Heights between which a curve is drawn: those that are named, or round ones from 0 to a little above what was measured. */
export function boundsOf(
  named: readonly [number, number] | null,
  heights: readonly number[],
): readonly [low: number, high: number] {
  if (named !== null) return named
  const low = 0 - roundUp(-1.25 * Math.min(0, ...heights))
  const high = roundUp(1.25 * Math.max(0, ...heights))
  return low === high ? [0, 1] : [low, high]
}

/** Those measured by as many images as most are, else by the more: by fewer, distances are larger. */
export function byAsMany<T extends { readonly images: number }>(all: readonly T[]): readonly T[] {
  const groups = [...new Set(all.map(({ images }) => images))].map((count) => all.filter((one) => one.images === count))
  return groups.sort((a, b) => b.length - a.length || b[0]!.images - a[0]!.images)[0] ?? []
}

export type Shape = 'flat' | 'rises' | 'falls' | 'valley' | 'hill'

/** What counts as a turn or a slope, as a share of the heights' whole range. */
const NOTABLE = 0.1
/** A curve that is lower than this share of its own height is judged as one of that height. */
const LEAST = 0.3

function rangeOf(heights: readonly number[]): number {
  const [low, high] = [Math.min(...heights), Math.max(...heights)]
  return Math.max(high - low, LEAST * Math.max(high, -low))
}

/** The shape of heights within a range of so much. */
function shapeOf(heights: readonly number[], range: number): Shape {
  const [first, last] = [heights[0] ?? 0, heights.at(-1) ?? 0]
  const [low, high] = [Math.min(...heights), Math.max(...heights)]
  const notable = NOTABLE * range
  const below = Math.min(first, last) - low > notable
  const above = high - Math.max(first, last) > notable
  if (below && !above) return 'valley'
  if (above && !below) return 'hill'
  if (below && above) return heights.indexOf(low) < heights.indexOf(high) ? 'valley' : 'hill'
  if (Math.abs(last - first) <= notable) return 'flat'
  return last > first ? 'rises' : 'falls'
}

export const SHAPE_WORDS: Readonly<Record<Shape, string>> = {
  flat: 'stays about the same',
  rises: 'rises',
  falls: 'falls',
  valley: 'falls, then rises',
  hill: 'rises, then falls',
}

export interface Likeness {
  readonly drawn: Shape
  readonly measured: Shape
  /** Where the lowest point of a valley, or the highest of a hill is; null where neither turns. */
  readonly turns: readonly [drawn: number, measured: number] | null
}

/** Of what was measured, whatever is drawn beside it. */
export function measuredShape(measured: readonly Point[], from: number, to: number): Shape {
  const truth = heightsOf(measured, from, to)
  return shapeOf(truth, rangeOf(truth))
}

/** How a drawn curve and a measured one compare. */
export function compared(drawn: readonly number[], measured: readonly Point[], from: number, to: number): Likeness {
  const xs = places(from, to)
  const truth = heightsOf(measured, from, to)
  const range = Math.max(rangeOf(truth), rangeOf(drawn))
  const shapes = [shapeOf(drawn, range), measuredShape(measured, from, to)] as const
  const turn = (heights: readonly number[], shape: Shape) =>
    xs[heights.indexOf(shape === 'valley' ? Math.min(...heights) : Math.max(...heights))] ?? from
  const turning = shapes[0] === shapes[1] && (shapes[0] === 'valley' || shapes[0] === 'hill')
  return {
    drawn: shapes[0],
    measured: shapes[1],
    turns: turning ? [turn(drawn, shapes[0]), turn(truth, shapes[1])] : null,
  }
}
