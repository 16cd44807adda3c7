/** The card of the first negative's method, with its own controls. */
import { FirstParameters } from './FirstTerm'
import { methodById } from '../../guidance/index'
import { useSession, useWanted } from '../app/store'
import { MethodCard } from '../method/MethodCard'
import { VisionFile } from '../network/VisionFile'
import { TermNetwork } from './TermNetwork'
import { Part, usePart } from '../view/Part'

export default function MethodDetails() {
  const session = useSession()
  const settings = useWanted((settings) => settings)
  const method = methodById(settings.method)
  // Who is shown controls of a method that somebody else chose came for the controls.
  const controlsFirst = usePart('method') === 'hidden'
  if (!method) return null
  return (
    <MethodCard {...{ controlsFirst }}>
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
