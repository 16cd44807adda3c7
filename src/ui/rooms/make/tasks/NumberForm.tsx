/** A scale, the right number on it, and how far from it is still right. */
import { NumberField, TextField } from '../fields'
import type { AskFormProps } from './props'

export function NumberForm({ ask, onChange }: AskFormProps<'number'>) {
  const set = (key: 'min' | 'max' | 'right' | 'tolerance') => (value: number | null) =>
    onChange({ ...ask, [key]: value ?? 0 })
  return (
    <div className="flex flex-wrap gap-3">
      <NumberField part="number-min" label="From" value={ask.min} none={0} onChange={set('min')} />
      <NumberField part="number-max" label="To" value={ask.max} none={0} onChange={set('max')} />
      <NumberField part="number-right" label="Right is" value={ask.right} none={0} onChange={set('right')} />
      <NumberField
        part="number-tolerance"
        label="Give or take"
        value={ask.tolerance}
        none={0}
        onChange={set('tolerance')}
      />
      <div className="w-24">
        <TextField
          part="number-unit"
          label="Unit"
          placeholder="none"
          value={ask.unit ?? ''}
          onChange={(unit) => onChange({ ...ask, unit: unit.trim() === '' ? null : unit })}
        />
      </div>
    </div>
  )
}
