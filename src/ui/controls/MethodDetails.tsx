/** The card of the first negative's method, with its own controls. */
import { methodById } from '../../guidance/index'
import { useSession, useWanted } from '../app/store'
import { MethodCard } from '../method/MethodCard'
import { VisionFile } from '../network/VisionFile'
import { ParameterFields } from './ParameterFields'
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
        <ParameterFields
          term={0}
          method={method}
          values={settings.parameters}
          onChange={(parameters, gesture) => session.change({ parameters }, gesture)}
        />
        <VisionFile />
      </Part>
      <Part name="layers">
        <TermNetwork at={0} term={settings} prefix="" onLayers={(layers) => session.change({ layers })} />
      </Part>
    </MethodCard>
  )
}
