/** Where the two pictures differ: second minus first, mean over the channels, on one scale for all samples. */
import { useMemo } from 'react'
import { meanDifference } from '../../core/image'
import { usePage } from '../app/store'
import { useTheme } from '../app/theme'
import { Hint } from '../kit/Hint'
import { percent } from '../../core/format'
import type { Picture as Image } from '../run/run'
import { Picture } from '../stage/Picture'
import { relativeDistance, signedLimit, signedPixels, type Size } from '../stage/pixels'
import { usePictures } from '../stage/sample-pixels'
import { columnsFor, useSamplesSeen } from '../stage/visible'
import type { Pair } from './pairs'
import { Name } from './parts'

/** As both are seen: an image at its gain. */
const seen = ({ image, gain }: Image) => (gain === 1 ? image : image.map((value) => gain * value))

export interface Differences {
  /** Of each sample, [h × w]; null where a picture is missing. */
  readonly maps: readonly (Float32Array | null)[]
  /** Root mean square over all samples, as a share of the range. */
  readonly distance: number
}

/** Null where nothing can be compared. */
export function differencesOf(
  first: readonly (Image | null)[],
  second: readonly (Image | null)[],
  size: Size,
): Differences | null {
  const both = first.map((from, i) => {
    const to = second[i]
    return from && to ? { from: seen(from), to: seen(to) } : null
  })
  const there = both.filter((one) => one !== null)
  if (there.length === 0) return null
  const squares = there.map(({ from, to }) => relativeDistance(to, from) ** 2)
  return {
    maps: both.map((one) => one && meanDifference(one.to, one.from, size)),
    distance: Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length),
  }
}

export function Difference({ pair }: { readonly pair: Pair }) {
  const size = usePage((state) => state.model.image)
  const theme = useTheme()
  const samples = useSamplesSeen()
  const first = usePictures(pair.first, samples)
  const second = usePictures(pair.second, samples)
  const differences = useMemo(() => differencesOf(first, second, size), [first, second, size])
  const drawn = useMemo(() => {
    const limit = Math.max(0, ...(differences?.maps ?? []).map((map) => (map ? signedLimit(map) : 0)))
    return differences?.maps.map((map) => map && signedPixels(map, limit, theme))
  }, [differences, theme])
  if (!differences || !drawn) return null
  const equal = differences.distance === 0
  return (
    <div className="flex items-start gap-3 sm:flex-col sm:gap-1.5" data-part="compare-difference">
      <div
        className="grid compare-difference w-20 shrink-0 gap-0.5 overflow-hidden rounded-[2px] sm:w-44"
        style={{ gridTemplateColumns: `repeat(${columnsFor(samples.length)}, minmax(0, 1fr))` }}
      >
        {drawn.map((pixels, i) => (
          <Picture key={samples[i]} pixels={pixels} size={size} />
        ))}
      </div>
      <Hint figures className="max-w-sm">
        {equal ? (
          <>
            The <Name role={pair.second} /> equals the <Name role={pair.first} />.
          </>
        ) : (
          <>
            {percent(differences.distance)} apart. Blue where the <Name role={pair.second} /> is brighter, orange where
            it is darker.
          </>
        )}
      </Hint>
    </div>
  )
}
