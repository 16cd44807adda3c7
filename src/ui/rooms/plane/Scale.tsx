/** How hard to push: the scale, in both of its conventions. */
import { methodById } from '../../../guidance/index'
import { useSession, useWanted } from '../../app/store'
import { scaleText } from '../../../core/format'
import { ScaleTrack } from '../../scale/ScaleTrack'

/** Shows nothing where there is no negative. */
export function Scale() {
  const session = useSession()
  const method = useWanted((settings) => methodById(settings.method))
  const scale = useWanted((settings) => settings.scale)
  if (!method || method.scale.max === 0) return null
  return (
    <div className="flex items-center gap-3" data-part="push">
      <div className="min-w-0 flex-1">
        <ScaleTrack
          key={method.id}
          label="Scale s"
          method={method}
          value={scale}
          onChange={(next) => session.change({ scale: next }, 'drag')}
          onSettle={session.settle}
        />
      </div>
      <p
        translate="no"
        className="num flex gap-2.5 text-label whitespace-nowrap"
        title="s in D⁺ + s (D⁺ − D⁻), and the same as w in D⁻ + w (D⁺ − D⁻)"
      >
        <span className="min-w-12 font-medium">s {scaleText(scale)}</span>
        <span className="min-w-13 text-muted">w {scaleText(Number((scale + 1).toFixed(4)))}</span>
      </p>
    </div>
  )
}
