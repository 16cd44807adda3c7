/** The first negative's method and its own parameters, as controls of any room that has one. */
import { methodById } from '../../guidance/index'
import { usePage, useSession, useWanted } from '../app/store'
import { MethodSelect } from '../method/MethodSelect'
import { withTermMethod } from '../equation/terms'
import { ParameterFields } from './ParameterFields'

export function FirstMethod() {
  const session = useSession()
  const model = usePage((state) => state.model)
  const settings = useWanted((own) => own)
  return (
    <MethodSelect
      part="method"
      label="Guidance method"
      at={0}
      value={settings.method}
      onChange={(id) => session.change(withTermMethod(settings, 0, id, model))}
    />
  )
}

/** Nothing where there is no such method. */
export function FirstParameters() {
  const session = useSession()
  const method = useWanted((settings) => methodById(settings.method))
  const values = useWanted((settings) => settings.parameters)
  return (
    method && (
      <ParameterFields
        term={0}
        method={method}
        values={values}
        onChange={(parameters, gesture) => session.change({ parameters }, gesture)}
      />
    )
  )
}
