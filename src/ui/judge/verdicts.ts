/** The judge's eyes on the pictures of the stage: which images it is given, and whose verdict each answer is. Pure. */
import type { FinalSample } from '../../sampling/records'
import type { Distances, Verdict } from './slice'

/** The pictures that there are, sample by sample. */
export function imagesOf(final: readonly FinalSample[]): readonly Float32Array[] {
  return final.flatMap(({ positive, negative, guided }) => [
    ...(positive ? [positive] : []),
    guided,
    ...(negative ? [negative] : []),
  ])
}

/** What was seen in `imagesOf` the same samples, given back to them. */
export function verdictsOf(final: readonly FinalSample[], seen: readonly number[]): readonly Verdict[] {
  let at = 0
  const next = () => seen[at++] ?? -1
  return final.map((sample): Verdict => {
    const positive = sample.positive ? next() : -1
    const guided = next()
    return { positive, guided, negative: sample.negative ? next() : null }
  })
}

/** The same with how far each picture is. */
export function distancesOf(final: readonly FinalSample[], all: readonly number[]): readonly Distances[] {
  let at = 0
  const next = () => all[at++] ?? NaN
  return final.map((sample): Distances => {
    const positive = sample.positive ? next() : null
    const guided = next()
    return { positive, guided, negative: sample.negative ? next() : null }
  })
}
