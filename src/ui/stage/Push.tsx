/** How hard to push: the scale, beside the sentence and in view whatever else is scrolled. */
import { useEffect, useMemo } from 'react'
import { methodById } from '../../guidance/index'
import { actsAlone } from '../../guidance/scale'
import type { GuidanceMethod } from '../../guidance/types'
import { usePage, useSession, useWanted } from '../app/store'
import { Later } from '../kit/Later'
import { measuredScales } from '../scale/measured-scales'
import { ScaleLegend } from '../scale/ScaleLegend'
import { ScaleTrack } from '../scale/ScaleTrack'
import { ScaleNumbers } from '../scale/ScaleNumbers'
import { usePart } from '../view/Part'

const loadMarks = () => import('../scale/ScaleMarks')

/** Shows nothing where there is no negative. */
export function Push() {
  const method = useWanted((settings) => methodById(settings.method))
  return method && method.scale.max > 0 ? <ScaleSlider key={method.id} method={method} /> : null
}

const loadLadder = () => import('../scale/KeepLadder')

function ScaleSlider({ method }: { readonly method: GuidanceMethod }) {
  const session = useSession()
  // The first pictures go before.
  const opened = usePage((state) => state.run.opened)
  useEffect(() => {
    if (opened) void session.loadPublished()
  }, [session, opened])
  const settings = useWanted((settings) => settings)
  const published = usePage((state) => state.method.published)
  const marked = usePart('marks') !== 'hidden'
  const measured = useMemo(() => (marked ? measuredScales(published, settings) : null), [marked, published, settings])
  const { scale } = settings
  return (
    <div data-part="push">
      {opened && <Later load={loadLadder} props={{ method }} />}
      <div className="flex items-center gap-3">
        <div className="min-w-0 flex-1">
          <ScaleTrack
            label="Scale s"
            method={method}
            value={scale}
            onChange={(next) => session.change({ scale: next }, 'drag')}
            onSettle={session.settle}
          >
            {(share) => measured && <Later load={loadMarks} props={{ measured, share }} />}
          </ScaleTrack>
        </div>
        <ScaleNumbers scale={scale} />
      </div>
      <ScaleLegend
        measured={measured}
        known={marked && published.length > 0}
        scale={scale}
        alone={actsAlone(settings)}
        onTake={(next) => session.change({ scale: next })}
      />
    </div>
  )
}
