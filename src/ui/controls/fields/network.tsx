/** A parameter that names a network of the model's family. */
import { usePage } from '../../app/store'
import { Choice } from '../../kit/Choice'
import { Hint } from '../../kit/Hint'
import { networkOption } from '../parameters'
import type { FieldProps } from './types'

export function NetworkField({ parameter, values, set }: FieldProps<'network'>) {
  const model = usePage((state) => state.model)
  const among = model.networks.filter((network) => parameter.among(network, model))
  return (
    <div>
      <Choice
        part={parameter.key}
        label={parameter.label}
        value={String(values[parameter.key])}
        options={among.map(networkOption)}
        onChange={(next) => set(next, 'discrete')}
      />
      <Hint className="mt-1">{parameter.help}</Hint>
    </div>
  )
}
