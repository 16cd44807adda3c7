/** A parameter that is on or off. */
import { Flag } from '../../kit/Flag'
import type { FieldProps } from './types'

export function FlagField({ parameter: { key, label, help }, values, set }: FieldProps<'flag'>) {
  return (
    <Flag
      part={key}
      label={label}
      help={help}
      value={values[key] === true}
      onChange={(next) => set(next, 'discrete')}
    />
  )
}
