/** The card of the first negative's method, with its own controls. */
import { FirstParameters } from './FirstTerm'
import { methodById } from '../../guidance/index'
import { useSession, useWanted } from '../app/store'
import { MethodCard } from '../method/MethodCard'
import { VisionFile } from '../network/VisionFile'
import { TermNetwork } from './TermNetwork'
import { Part } from '../view/Part'

export default function MethodDetails() {
  const session = useSession()
  const settings = useWanted((settings) => settings)
  const method = methodById(settings.method)
  if (!method) return null
  return (
    <MethodCard>
      <Part name="parameters">
        <FirstParameters />
        <VisionFile />
      </Part>
      <Part name="layers">
        <TermNetwork at={0} term={settings} prefix="" onLayers={(layers) => session.change({ layers })} />
      </Part>
    </MethodCard>
  )
}
