/** A choice among few: all are seen. One stop for Tab; arrows, Home and End go among them, and Enter or Space chooses. */
import type { KeyboardEvent } from 'react'
import type { ChoiceProps } from './Choice'

/** Where a key leads among so many; null where it means something else. */
function placeAfter(key: string, at: number, count: number): number | null {
  switch (key) {
    case 'ArrowRight':
    case 'ArrowDown':
      return (at + 1) % count
    case 'ArrowLeft':
    case 'ArrowUp':
      return (at + count - 1) % count
    case 'Home':
      return 0
    case 'End':
      return count - 1
    default:
      return null
  }
}

function goAmong(event: KeyboardEvent<HTMLElement>) {
  const buttons = [...event.currentTarget.querySelectorAll('button')]
  const place = placeAfter(event.key, buttons.indexOf(event.target as HTMLButtonElement), buttons.length)
  if (place === null) return
  event.preventDefault()
  buttons[place]?.focus()
}

export function Segments({
  part,
  label,
  value,
  options,
  onChange,
  small = false,
}: ChoiceProps & { readonly small?: boolean }) {
  const known = options.some((option) => option.value === value)
  return (
    <div
      role="group"
      data-part={part}
      aria-label={label}
      className="inline-flex max-w-full flex-wrap gap-0.5 self-start rounded-[5px] bg-sunken p-0.5"
      onKeyDown={goAmong}
    >
      {options.map((option, index) => {
        const chosen = option.value === value
        return (
          <button
            key={option.value}
            type="button"
            data-value={option.value}
            aria-pressed={chosen}
            tabIndex={chosen || (!known && index === 0) ? 0 : -1}
            className={`rounded-[4px] ${small ? 'px-1.5 py-0.5 text-hint' : 'px-2.5 py-1 text-label'} leading-4 whitespace-nowrap text-muted hover:text-ink aria-pressed:bg-surface aria-pressed:text-ink aria-pressed:shadow-[0_0_0_1px_var(--line)]`}
            onClick={() => onChange(option.value)}
          >
            {option.label}
          </button>
        )
      })}
    </div>
  )
}
