/** How hard to push: the scale, in both of its conventions. */
import { methodById } from '../../../guidance/index'
import { useSession, useWanted } from '../../app/store'
import { ScaleTrack } from '../../scale/ScaleTrack'
import { ScaleNumbers } from '../../scale/ScaleNumbers'

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
      <ScaleNumbers scale={scale} />
    </div>
  )
}
