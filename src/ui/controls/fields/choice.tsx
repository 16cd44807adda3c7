/** A parameter that is one of a few words. */
import { Choice } from '../../kit/Choice'
import { Hint } from '../../kit/Hint'
import { Row } from '../../kit/Row'
import { Segments } from '../../kit/Segments'
import type { FieldProps } from './types'

/** A few short choices are all shown: at most so many, with so many letters in all, fit the column. */
const FEW = 3
const LETTERS = 34

export function ChoiceField({ parameter: { key, label, help, choices }, values, prefix, set }: FieldProps<'choice'>) {
  const value = String(values[key])
  const letters = choices.reduce((sum, choice) => sum + choice.label.length + 3, label.length)
  const choose = (next: string) => set(next, 'discrete')
  return (
    <div>
      {letters > LETTERS || choices.length > FEW ? (
        <Choice part={key} label={label} value={value} options={choices} onChange={choose} />
      ) : (
        <Row label={label}>
          <Segments part={key} label={`${prefix}${label}`} value={value} options={choices} onChange={choose} />
        </Row>
      )}
      <Hint className="mt-1">{choices.find((choice) => choice.value === value)?.help ?? help}</Hint>
    </div>
  )
}
