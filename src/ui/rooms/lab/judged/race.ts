/** Which of several points is best, by successive halving: all grow together, and who is beaten is not drawn any further. Free of DOM. */
import { lookAt, looksOf, ruleOf, type Behind, type Look } from '../../../../evaluation/halving'
import type { Point } from './point'
import type { PointWork } from './work'

/** How often at most the best one is dropped. */
export const ERROR = 0.05

export interface Raced {
  /** Of each point that was still in it. */
  readonly images: number
  readonly look: Look
}

export interface RaceParts {
  readonly work: Pick<PointWork, 'run' | 'measured'>
  /** Each once. */
  readonly points: readonly Point[]
  /** What is drawn along, to be compared with, and never dropped; null: nothing. */
  readonly plain: Point | null
  /** Images of a point at most. */
  readonly most: number
  readonly error: number
  readonly signal: AbortSignal
  readonly onLook: (raced: Raced) => void
}

/** Who is left, the leader first. Rejects as `PointWork.run` does. */
export async function race({
  work,
  points,
  plain,
  most,
  error,
  signal,
  onLook,
}: RaceParts): Promise<readonly Behind[]> {
  const looks = looksOf(most)
  const rule = ruleOf('lower', points.length, looks.length, error)
  let left = points
  let last: readonly Behind[] = points.map(({ key }) => ({ id: key, behind: { value: 0, margin: null } }))
  for (const images of looks) {
    const along = plain && !left.some(({ key }) => key === plain.key) ? [...left, plain] : left
    await work.run(along, () => images, signal)
    const candidates = await Promise.all(
      left.map(async (point) => ({ id: point.key, value: (await work.measured(point, images)).frechet })),
    )
    signal.throwIfAborted()
    const look = lookAt(candidates, rule)
    onLook({ images, look })
    last = look.left
    left = left.filter(({ key }) => look.left.some(({ id }) => id === key))
    if (left.length < 2) break
  }
  return last
}
