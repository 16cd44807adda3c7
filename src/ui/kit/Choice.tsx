/** A choice among many: the browser's own drop-down, which every phone and screen reader knows. */
import { Chevron } from './Chevron'

export interface Option {
  readonly value: string
  readonly label: string
}

export interface ChoiceProps {
  /** Name in the page, for tests: `data-part`. */
  readonly part: string
  readonly label: string
  readonly value: string
  readonly options: readonly Option[]
  readonly onChange: (value: string) => void
}

export function Choice({ part, label, value, options, onChange }: ChoiceProps) {
  return (
    <label className="flex items-center justify-between gap-3 text-label">
      <span className="shrink-0">{label}</span>
      <span className="relative min-w-0">
        <select
          data-part={part}
          value={value}
          className="button w-full min-w-32 appearance-none truncate pr-7"
          onChange={(event) => onChange(event.target.value)}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
        <Chevron className="pointer-events-none absolute top-1/2 right-2.5 -translate-y-1/2 text-muted" />
      </span>
    </label>
  )
}
