/** What each input of the graph is told. */
import { useState } from 'react'
import type { ModelInput } from '../../../model/description'
import { Choice } from '../../kit/Choice'
import { Entry } from './Entry'
import { explained, type Form, type FormProps, meaningsFor, withMeaning, withValues } from './form'

const shape = ({ dtype, dims }: ModelInput) => `${dtype} [${dims.join(', ')}]`

/** Numbers parted by spaces; null where one is none. */
function numbersIn(text: string): readonly number[] | null {
  const numbers = text
    .trim()
    .split(/[\s;]+/)
    .map((part) => Number(part.replace(',', '.')))
  return text.trim() === '' || numbers.some((one) => !Number.isFinite(one)) ? null : numbers
}

function Values({ input, form, onChange }: { readonly input: ModelInput } & Omit<FormProps, 'looked'>) {
  const [typed, setTyped] = useState((input.values ?? []).join(' '))
  return (
    <label className="flex flex-col gap-1 text-label">
      <span className="text-muted">Its numbers, one for all or one for each, parted by spaces</span>
      <input
        data-part={`values-${input.name}`}
        className="field num"
        value={typed}
        aria-invalid={numbersIn(typed) === null}
        onChange={(event) => {
          setTyped(event.target.value)
          const numbers = numbersIn(event.target.value)
          if (numbers) onChange(withValues(form, input.name, numbers))
        }}
      />
    </label>
  )
}

export function Inputs({ looked, form, onChange }: FormProps) {
  const { inputs } = form.description
  const options = (input: ModelInput) => meaningsFor(input).map(({ id, name }) => ({ value: id, label: name }))
  const choose = (input: ModelInput, meaning: string): Form => withMeaning(form, input.name, meaning)
  return inputs.map((input) => (
    <Entry
      key={input.name}
      part={`entry-input-${input.name}`}
      title={`Input ${input.name}`}
      explained={explained(looked, form, `inputs.${input.name}`)}
    >
      <Choice
        part={`meaning-${input.name}`}
        label="is told"
        value={input.meaning}
        options={options(input)}
        onChange={(meaning) => onChange(choose(input, meaning))}
      />
      {input.meaning === 'constant' && <Values {...{ input, form, onChange }} />}
      <span translate="no" className="num text-hint text-muted">
        {shape(input)}
      </span>
    </Entry>
  ))
}
