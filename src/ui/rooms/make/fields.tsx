/** Fields of the form: a label above, what is typed below. */
import { useState } from 'react'
import { plain } from '../../../core/format'

interface TextFieldProps {
  /** Name in the page, for tests: `data-part`. */
  readonly part: string
  readonly label: string
  readonly value: string
  readonly placeholder?: string
  /** More than one line. */
  readonly rows?: number
  readonly help?: string
  readonly onChange: (value: string) => void
}

const SHAPE = 'field w-full'

export function TextField({ part, label, value, placeholder, rows, help, onChange }: TextFieldProps) {
  return (
    <label className="flex min-w-0 flex-col gap-1 text-label">
      <span className="text-muted">{label}</span>
      {rows === undefined ? (
        <input
          data-part={part}
          className={SHAPE}
          {...{ value, placeholder }}
          onChange={(event) => onChange(event.target.value)}
        />
      ) : (
        <textarea
          data-part={part}
          className={`${SHAPE} resize-y py-1.5`}
          {...{ value, placeholder, rows }}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
      {help !== undefined && <span className="text-hint text-muted">{help}</span>}
    </label>
  )
}

interface NumberFieldProps {
  readonly part: string
  readonly label: string
  /** Null: none yet. */
  readonly value: number | null
  /** What the value is while nothing is typed that can be read. */
  readonly none?: number | null
  readonly onChange: (value: number | null) => void
}

const numberIn = (text: string) => {
  const typed = text.trim().replace(',', '.').replace('−', '-')
  return typed !== '' && Number.isFinite(Number(typed)) ? Number(typed) : null
}

/** What is typed and is no number stays as it is typed, and counts as none. */
export function NumberField({ part, label, value, none = null, onChange }: NumberFieldProps) {
  const [typed, setTyped] = useState<string | null>(null)
  const shown = typed !== null && (numberIn(typed) ?? none) === value ? typed : value === null ? '' : plain(value)
  return (
    <label className="flex w-24 flex-col gap-1 text-label">
      <span className="truncate text-muted">{label}</span>
      <input
        data-part={part}
        className="field num w-full"
        value={shown}
        onChange={(event) => {
          setTyped(event.target.value)
          onChange(numberIn(event.target.value))
        }}
      />
    </label>
  )
}

interface SelectFieldProps {
  readonly part: string
  readonly label: string
  readonly value: string
  readonly options: readonly { readonly value: string; readonly label: string }[]
  readonly onChange: (value: string) => void
}

export function SelectField({ part, label, value, options, onChange }: SelectFieldProps) {
  return (
    <label className="flex min-w-0 flex-col gap-1 text-label">
      <span className="text-muted">{label}</span>
      <select
        data-part={part}
        className="field max-w-full"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </label>
  )
}

interface LinesProps {
  readonly part: string
  readonly label: string
  readonly values: readonly string[]
  readonly placeholder?: string
  /** What of the lines counts, and how it is written; all of them as they are. */
  readonly counted?: (lines: readonly string[]) => readonly string[]
  readonly onChange: (values: readonly string[]) => void
}

const asTyped = (lines: readonly string[]) => lines

/** A short list, one a line. What is typed stays as it is typed, also where it does not count yet. */
export function Lines({ part, label, values, placeholder, counted = asTyped, onChange }: LinesProps) {
  const [typed, setTyped] = useState<string | null>(null)
  const read = (text: string) => text.split('\n').flatMap((line) => line.trim() || [])
  const isSame = typed !== null && counted(read(typed)).join('\n') === values.join('\n')
  return (
    <TextField
      {...{ part, label }}
      {...(placeholder !== undefined && { placeholder })}
      rows={Math.max(2, Math.min(6, values.length + 1))}
      value={isSame ? typed : values.join('\n')}
      onChange={(text) => {
        setTyped(text)
        onChange(read(text))
      }}
    />
  )
}
