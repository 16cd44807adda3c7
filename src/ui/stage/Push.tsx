/** How hard to push: the scale, beside the sentence and in view whatever else is scrolled. */
import { useState } from 'react'
import { methodById } from '../../guidance/index'
import { useSession, useWanted } from '../app/store'
import { Track } from '../kit/Track'
import { fixed, plain } from '../kit/format'

/** Shows nothing where there is no negative to push away from. */
export function Push() {
  const method = useWanted((settings) => methodById(settings.method))
  return method && method.scale.max > 0 ? <ScaleSlider key={method.id} most={method.scale.max} /> : null
}

function ScaleSlider({ most }: { readonly most: number }) {
  const session = useSession()
  const scale = useWanted((settings) => settings.scale)
  // A scale typed beyond the slider's range widens it for good: were it to shrink again, the thumb would run from the hand.
  const [top, setTop] = useState(most)
  if (scale > top) setTop(scale)
  const w = plain(Number((scale + 1).toFixed(4)))
  return (
    <div data-part="push" className="flex items-center gap-3">
      <div className="min-w-0 flex-1">
        <Track
          part="scale"
          label="Scale s"
          value={scale}
          min={0}
          max={top}
          step={0.05}
          valueText={`s ${plain(scale)}, w ${w}`}
          onChange={(next) => session.change({ scale: next }, 'drag')}
          onSettle={session.settle}
        />
      </div>
      <p
        data-part="scales"
        translate="no"
        className="num flex gap-2.5 text-label whitespace-nowrap"
        title="s in D⁺ + s (D⁺ − D⁻), and the same as w in D⁻ + w (D⁺ − D⁻)"
      >
        <span className="min-w-12 font-medium">s {fixed(scale)}</span>
        <span className="min-w-13 text-muted">w {fixed(scale + 1)}</span>
      </p>
    </div>
  )
}
