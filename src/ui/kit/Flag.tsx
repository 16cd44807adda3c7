/** A switch with its label and what explains it. */
import { Switch } from '@base-ui/react/switch'
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
        <Switch.Root
          data-part={part}
          checked={value}
          onCheckedChange={onChange}
          aria-describedby={help ? helpId : undefined}
          className="relative h-4 w-7 shrink-0 rounded-full border border-edge bg-sunken data-checked:border-ink data-checked:bg-ink"
        >
          <Switch.Thumb className="absolute top-0.5 left-0.5 block size-2.5 rounded-full bg-edge transition-transform data-checked:translate-x-3 data-checked:bg-surface" />
        </Switch.Root>
      </label>
      {help && (
        <Hint id={helpId} className="mt-0.5 pr-10">
          {help}
        </Hint>
      )}
    </div>
  )
}
