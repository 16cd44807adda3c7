/** A choice among few: all are seen. */
import { Toggle } from '@base-ui/react/toggle'
import { ToggleGroup } from '@base-ui/react/toggle-group'
import type { ChoiceProps } from './Choice'

export function Segments({
  part,
  label,
  value,
  options,
  onChange,
  small = false,
}: ChoiceProps & { readonly small?: boolean }) {
  return (
    <ToggleGroup
      data-part={part}
      aria-label={label}
      value={[value]}
      onValueChange={([next]) => next !== undefined && onChange(next)}
      className="inline-flex max-w-full flex-wrap gap-0.5 self-start rounded-[5px] bg-sunken p-0.5"
    >
      {options.map((option) => (
        <Toggle
          key={option.value}
          value={option.value}
          data-value={option.value}
          className={`rounded-[4px] ${small ? 'px-1.5 py-0.5 text-hint' : 'px-2.5 py-1 text-label'} leading-4 whitespace-nowrap text-muted hover:text-ink data-pressed:bg-surface data-pressed:text-ink data-pressed:shadow-[0_0_0_1px_var(--line)]`}
        >
          {option.label}
        </Toggle>
      ))}
    </ToggleGroup>
  )
}
