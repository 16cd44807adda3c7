/** At which noise levels guidance acts on the plane. */
import { isGuided } from '../../../guidance/index'
import { useSession, useWanted } from '../../app/store'
import { WindowFields } from '../../controls/WindowFields'
import { Part } from '../../view/Part'

export function GuidanceWindow() {
  const session = useSession()
  const guided = useWanted((settings) => isGuided(settings))
  const window = useWanted((settings) => settings.window)
  if (!guided) return null
  return (
    <Part name="window">
      <WindowFields prefix="" window={window} onChange={(next) => session.change({ window: next })} />
    </Part>
  )
}
