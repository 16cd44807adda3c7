/** A switch with its label and what explains it. */
import { useId } from 'react'
import { Hint } from './Hint'

interface FlagProps {
  /** Name in the page, for tests: `data-part`. */
  readonly part: string
  readonly label: string
  readonly help?: string
  readonly value: boolean
  readonly onChange: (value: boolean) => void
}

export function Flag({ part, label, help, value, onChange }: FlagProps) {
  const helpId = useId()
  return (
    <div>
      <label className="flex items-center justify-between gap-3 text-label">
        {label}
        <input
          type="checkbox"
          role="switch"
          data-part={part}
          checked={value}
          aria-checked={value}
          onChange={(event) => onChange(event.currentTarget.checked)}
          aria-describedby={help ? helpId : undefined}
          className="relative h-4 w-7 shrink-0 appearance-none rounded-full border border-edge bg-sunken before:absolute before:top-0.5 before:left-0.5 before:block before:size-2.5 before:rounded-full before:bg-edge before:transition-transform checked:border-ink checked:bg-ink checked:before:translate-x-3 checked:before:bg-surface"
        />
      </label>
      {help && (
        <Hint id={helpId} className="mt-0.5 pr-10">
          {help}
        </Hint>
      )}
    </div>
  )
}
