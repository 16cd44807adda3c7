/** A parameter that names one attention layer. */
import { LayerChoice } from '../../network/LayerChoice'
import type { FieldProps } from './types'

export function LayerField({ parameter: { key, label, help }, term, values, prefix, set }: FieldProps<'layer'>) {
  return (
    <LayerChoice
      term={term}
      label={label}
      help={help}
      prefix={prefix}
      value={Number(values[key])}
      onChange={(next) => set(next, 'discrete')}
    />
  )
}
