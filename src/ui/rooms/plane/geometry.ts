/** Where on the way a position is, and where points are there. Pure. */
import { halfView } from '../../../plane/grid'
import type { Path } from '../../../plane/cloud'

export interface Moment {
  /** The step that it lies in, and the share of it that is done. */
  readonly step: number
  readonly share: number
  readonly sigma: number
  /** The nearest noise level of the way itself. */
  readonly nearest: number
}

/** The moment at a share of the way. Between two levels σ falls by a factor, and evenly to 0 at the end. */
export function momentAt(position: number, sigmas: readonly number[]): Moment {
  const steps = sigmas.length - 1
  const at = Math.min(steps, Math.max(0, position * steps))
  const step = Math.min(steps - 1, Math.floor(at))
  const share = at - step
  const [from, to] = [sigmas[step]!, sigmas[step + 1]!]
  const sigma = to === 0 ? from * (1 - share) : from * (to / from) ** share
  return { step, share, sigma, nearest: Math.round(at) }
}

/** The points of a path at a moment: between two levels they go straight, as a step of Euler's does. */
export function pointsAt(path: Path, { step, share, sigma }: Moment, sigmas: readonly number[]): Float32Array {
  const [from, to] = [path[step]!, path[step + 1]!]
  if (share === 0) return from
  if (share === 1) return to
  const done = (sigmas[step]! - sigma) / (sigmas[step]! - sigmas[step + 1]!)
  return from.map((value, i) => value + done * (to[i]! - value))
}

/** A point's way until a moment as seen through the view of each level: x, y from −1 to 1 across the view. */
export function trace(path: Path, point: number, moment: Moment, sigmas: readonly number[], sigmaData: number) {
  const out: [number, number][] = []
  const put = (points: Float32Array, sigma: number) => {
    const half = halfView(sigma, sigmaData)
    out.push([points[2 * point]! / half, points[2 * point + 1]! / half])
  }
  for (let k = 0; k <= moment.step; k++) put(path[k]!, sigmas[k]!)
  put(pointsAt(path, moment, sigmas), moment.sigma)
  return out
}

/** The point nearest to a place of the view (−1 to 1); null where none is near. */
export function pointNear(points: Float32Array, half: number, x: number, y: number): number | null {
  let best: number | null = null
  let distance = 0.08 ** 2
  for (let p = 0; p < points.length / 2; p++) {
    const far = (points[2 * p]! / half - x) ** 2 + (points[2 * p + 1]! / half - y) ** 2
    if (far < distance) [best, distance] = [p, far]
  }
  return best
}

/** Of the cells of a grid over the view, row by row from the lower left: whether a point lies in it or beside it. */
export function cellsNear(points: Float32Array, half: number, side: number): readonly boolean[] {
  const near = Array.from({ length: side * side }, () => false)
  for (let p = 0; p < points.length / 2; p++) {
    const column = Math.floor(((points[2 * p]! / half + 1) / 2) * side)
    const row = Math.floor(((points[2 * p + 1]! / half + 1) / 2) * side)
    for (let i = Math.max(0, row - 1); i <= Math.min(side - 1, row + 1); i++)
      for (let j = Math.max(0, column - 1); j <= Math.min(side - 1, column + 1); j++) near[i * side + j] = true
  }
  return near
}
