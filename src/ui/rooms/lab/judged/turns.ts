/** In which order points get their images, and when they are measured. Pure. */
import { FIRST } from '../../../judge/evaluate'
import { FEWEST_OF_INTERVALS } from '../../../../evaluation/metrics'

/** Images of a point that are drawn before it is the next one's turn. */
export const TURN = 4

export interface Wanted {
  readonly key: string
  readonly have: number
  readonly want: number
}

export interface Turn {
  readonly key: string
  readonly from: number
  readonly count: number
}

/** The point with the fewest images is next, so all grow together; what lags behind after a reload or a change catches up first. */
export function nextTurn(points: readonly Wanted[], size = TURN): Turn | null {
  const [next] = points.filter(({ have, want }) => have < want).sort((a, b) => a.have - b.have)
  if (!next) return null
  // Points that have been parted by a turn that broke off come together again.
  const end = Math.min(next.want, (Math.floor(next.have / size) + 1) * size)
  return { key: next.key, from: next.have, count: end - next.have }
}

/** Numbers of images at which points are measured, so that points that are as far can be compared: 20, 50, then doubling from 100 and between. */
const MILESTONES = [FIRST, 50, FEWEST_OF_INTERVALS] as const

/** The last number up to `have` at which a point that shall have `want` images is measured; 0 where there is none yet. */
export function milestone(have: number, want: number): number {
  if (have >= want && have >= FIRST) return want
  let last = 0
  for (const each of MILESTONES) if (each <= have) last = each
  for (let images: number = FEWEST_OF_INTERVALS; images <= have; images *= 2) {
    last = images
    if (1.5 * images <= have) last = 1.5 * images
  }
  return last
}
