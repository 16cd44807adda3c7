/** A parameter that is one of a few words. */
import { Hint } from '../../kit/Hint'
import { OneOf } from '../../kit/OneOf'
import type { FieldProps } from './types'

export function ChoiceField({ parameter: { key, label, help, choices }, values, prefix, set }: FieldProps<'choice'>) {
  const value = String(values[key])
  return (
    <div>
      <OneOf
        part={key}
        label={label}
        prefix={prefix}
        value={value}
        options={choices}
        onChange={(next) => set(next, 'discrete')}
      />
      <Hint className="mt-1">{choices.find((choice) => choice.value === value)?.help ?? help}</Hint>
    </div>
  )
}
