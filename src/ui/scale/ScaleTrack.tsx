/** The slider of a scale: fine near 0, coarse far out, and from the negative itself where the method lets s go there. */
import { type ReactNode, useState } from 'react'
import { lowestScale } from '../../guidance/scale'
import type { GuidanceMethod } from '../../guidance/types'
import { plain } from '../../core/format'
import { along, Track } from '../kit/Track'
import { usePageView } from '../view/Part'
import { LARGE_STEP, positionOf, rangeOf, scaleAt } from './stops'

interface ScaleTrackProps {
  readonly label: string
  readonly method: GuidanceMethod
  readonly value: number
  readonly onChange: (scale: number) => void
  readonly onSettle: () => void
  /** What lies on the track, given where a scale is, from 0 to 1. */
  readonly children?: (share: (scale: number) => number) => ReactNode
}

/** To be given the method's id as its key. */
export function ScaleTrack({ label, method, value, onChange, onSettle, children }: ScaleTrackProps) {
  // A scale typed beyond the slider's range widens it for good: were it to shrink again, the thumb would run from the hand.
  const [top, setTop] = useState(method.scale.max)
  if (value > top) setTop(value)
  // A lesson may ask for more than most scales of the method.
  const asked = usePageView(({ rules }) => rules?.topScale ?? 0)
  const { min, max } = rangeOf(lowestScale(method), Math.max(top, asked))
  const share = (scale: number) => Math.min(1, Math.max(0, (positionOf(scale) - min) / (max - min)))
  return (
    <Track
      part="scale"
      label={label}
      value={positionOf(value)}
      min={min}
      max={max}
      step={1}
      largeStep={LARGE_STEP}
      origin={0}
      valueText={`s ${plain(value)}, w ${plain(Number((value + 1).toFixed(4)))}`}
      onChange={(position) => onChange(scaleAt(position))}
      onSettle={onSettle}
    >
      {min < 0 && <span className="absolute -top-1 h-2.5 border-l border-edge" style={{ left: along(share(0)) }} />}
      {children?.(share)}
    </Track>
  )
}
