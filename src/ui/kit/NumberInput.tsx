/** A number in a field of its own. */
import { useId, useState } from 'react'
import { plain } from '../../core/format'

/** Fetched when a field is entered. */
const reader = () => import('./read-number')

interface NumberInputProps {
  /** Name in the page, for tests: `data-part`. */
  readonly part: string
  readonly label: string
  readonly value: number
  readonly min: number
  readonly max: number
  readonly whole?: boolean
  readonly className?: string
  /** Why a number of the range can't be taken all the same, in a few words; null where it can. */
  readonly refusal?: (value: number) => string | null
  readonly onChange: (value: number) => void
}

/** What is typed and has not taken effect, beside which value, and why it can't. */
interface Draft {
  readonly text: string
  readonly beside: number
  readonly why: string | null
}

/** A number that takes effect on Enter or on leaving it. What can't be taken stays in the field, and beside it stands why. */
export function NumberInput(props: NumberInputProps) {
  const { part, label, value, min, max, whole = false, className = '', refusal, onChange } = props
  const faultId = useId()
  const [kept, setDraft] = useState<Draft | null>(null)
  // Once the value is another, the field shows it.
  const draft = kept?.beside === value ? kept : null
  const commit = async () => {
    if (draft === null) return
    const { readNumber } = await reader()
    const typed = readNumber(draft.text, { min, max, whole })
    const why = typed.kind === 'fault' ? typed.why : typed.kind === 'number' ? (refusal?.(typed.value) ?? null) : null
    setDraft(why === null ? null : { ...draft, why })
    if (why === null && typed.kind === 'number' && typed.value !== value) onChange(typed.value)
  }
  const why = draft?.why ?? null
  return (
    <span className="relative inline-flex">
      <input
        data-part={part}
        aria-label={label}
        aria-invalid={why !== null}
        aria-describedby={why === null ? undefined : faultId}
        // The decimal keys of phones have no minus.
        inputMode={min < 0 ? 'text' : 'decimal'}
        className={`num h-7 rounded-[5px] border bg-surface px-1.5 text-right text-label ${why === null ? 'border-line hover:border-edge' : 'border-alert'} ${className}`}
        value={draft?.text ?? plain(value)}
        onChange={(event) => setDraft({ text: event.target.value, beside: value, why: null })}
        onFocus={(event) => {
          event.target.select()
          void reader()
        }}
        onBlur={() => void commit()}
        onKeyDown={(event) => {
          if (event.key === 'Enter') void commit()
          if (event.key === 'Escape') setDraft(null)
        }}
      />
      <span role="status" className="absolute top-full right-0 z-10">
        {why !== null && (
          <span
            id={faultId}
            data-part={`${part}-fault`}
            className="mt-0.5 block w-max max-w-52 rounded-[5px] border border-alert bg-surface px-1.5 py-0.5 text-right text-hint whitespace-normal text-alert"
          >
            {why}
            <span className="block text-muted">still {plain(value)}</span>
          </span>
        )}
      </span>
    </span>
  )
}
