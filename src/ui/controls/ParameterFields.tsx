/** A method's own parameters as controls, drawn from its metadata. */
import { parametersOf } from '../../guidance/index'
import type { GuidanceMethod } from '../../guidance/types'
import type { ParameterValue } from '../../settings/types'
import type { Gesture } from '../app/link'
import { usePage, useWanted } from '../app/store'
import { ParameterControl } from './fields'
import { applies, hasAverages, withParameter } from './parameters'

interface ParameterFieldsProps {
  readonly term: number
  readonly method: GuidanceMethod
  readonly values: Readonly<Record<string, ParameterValue>>
  readonly prefix?: string
  readonly onChange: (values: Readonly<Record<string, ParameterValue>>, gesture: Gesture) => void
}

/** All parameters that mean something beside the others, borrowed ones included. */
export function ParameterFields({ term, method, values, prefix = '', onChange }: ParameterFieldsProps) {
  const model = usePage((state) => state.model)
  const label = useWanted((settings) => settings.class)
  // Where no network has averages, there is no length to speak of.
  const averaged = model.networks.some(hasAverages)
  return parametersOf(method, values)
    .filter((parameter) => applies(parameter, values) && (parameter.kind !== 'ema' || averaged))
    .map((parameter) => (
      <ParameterControl
        key={parameter.key}
        term={term}
        parameter={parameter}
        values={values}
        prefix={prefix}
        set={(next, gesture) => onChange(withParameter(method, values, parameter.key, next, model, label), gesture)}
      />
    ))
}
