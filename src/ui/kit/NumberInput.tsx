/** A number in a field of its own. */
import { useState } from 'react'
import { plain } from './format'

interface NumberInputProps {
  /** Name in the page, for tests: `data-part`. */
  readonly part: string
  readonly label: string
  readonly value: number
  readonly min: number
  readonly max: number
  readonly whole?: boolean
  readonly className?: string
  readonly onChange: (value: number) => void
}

/** A number that takes effect on Enter or on leaving it; what is not a number in range falls back to the value before. */
export function NumberInput({
  part,
  label,
  value,
  min,
  max,
  whole = false,
  className = '',
  onChange,
}: NumberInputProps) {
  // What is being typed, until it takes effect.
  const [draft, setDraft] = useState<string | null>(null)
  const commit = () => {
    if (draft === null) return
    setDraft(null)
    const cleaned = draft.trim().replace(',', '.').replace('−', '-')
    const typed = /^(inf|∞|infinity)$/i.test(cleaned) ? Infinity : cleaned === '' ? NaN : Number(cleaned)
    const next = Math.min(max, Math.max(min, whole ? Math.round(typed) : typed))
    if (!Number.isNaN(next) && next !== value) onChange(next)
  }
  return (
    <input
      data-part={part}
      aria-label={label}
      inputMode="decimal"
      className={`num h-7 rounded-[5px] border border-line bg-surface px-1.5 text-right text-label hover:border-edge ${className}`}
      value={draft ?? plain(value)}
      onChange={(event) => setDraft(event.target.value)}
      onFocus={(event) => event.target.select()}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit()
        if (event.key === 'Escape') setDraft(null)
      }}
    />
  )
}
