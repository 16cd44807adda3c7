/** The few controls that everything on the page is made of: number, slider, choice, segments, switch. */
import { Slider } from '@base-ui/react/slider'
import { Switch } from '@base-ui/react/switch'
import { Toggle } from '@base-ui/react/toggle'
import { ToggleGroup } from '@base-ui/react/toggle-group'
import { type ReactNode, useId, useState } from 'react'
import { plain } from './format'

interface NumberInputProps {
  readonly label: string
  readonly value: number
  readonly min: number
  readonly max: number
  readonly whole?: boolean
  readonly className?: string
  readonly onChange: (value: number) => void
}

/** A number that takes effect on Enter or on leaving it; what is not a number in range falls back to the value before. */
export function NumberInput({ label, value, min, max, whole = false, className = '', onChange }: NumberInputProps) {
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
      aria-label={label}
      inputMode="decimal"
      className={`num h-7 rounded-[5px] border border-line bg-surface px-1.5 text-right text-[0.8125rem] hover:border-edge ${className}`}
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

interface TrackProps {
  readonly label: string
  readonly value: number
  readonly min: number
  readonly max: number
  readonly step: number
  readonly onChange: (value: number) => void
  readonly onSettle: () => void
  readonly valueText?: string
  /** Id of the element that explains the slider. */
  readonly describedBy?: string
}

/** A slider's track and thumb, without words. */
export function Track({ label, value, min, max, step, onChange, onSettle, valueText, describedBy }: TrackProps) {
  return (
    <Slider.Root
      value={Math.min(max, Math.max(min, value))}
      min={min}
      max={max}
      step={step}
      largeStep={step * 10}
      thumbAlignment="edge"
      onValueChange={(next) => onChange(next)}
      onValueCommitted={onSettle}
    >
      <Slider.Control className="flex h-7 w-full touch-none items-center select-none">
        <Slider.Track className="h-0.5 w-full rounded-full bg-edge/60">
          <Slider.Indicator className="rounded-full bg-ink" />
          <Slider.Thumb
            aria-label={label}
            aria-describedby={describedBy}
            getAriaValueText={valueText ? () => valueText : null}
            className="size-4 rounded-full border-2 border-ink bg-surface has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-offset-2 has-[:focus-visible]:outline-positive"
          />
        </Slider.Track>
      </Slider.Control>
    </Slider.Root>
  )
}

interface SlideProps extends Omit<TrackProps, 'describedBy'> {
  /** Goes before the label that is read aloud, where the same slider stands on the page twice. */
  readonly prefix?: string
  readonly help?: string
  /** What stands at the right of the label; a number field unless given. */
  readonly readout?: ReactNode
  readonly whole?: boolean
  /** Labels under the track, at values of the slider. */
  readonly marks?: readonly { readonly at: number; readonly text: string }[]
}

export function Slide({ prefix = '', help, readout, whole = false, marks, ...track }: SlideProps) {
  const helpId = useId()
  const { label, value, min, max, onChange, onSettle } = track
  return (
    <div>
      <div className="flex items-center justify-between gap-3">
        <span className="text-[0.8125rem]">{label}</span>
        {readout ?? (
          <NumberInput
            label={`${prefix}${label}, number`}
            value={value}
            min={min}
            max={max}
            whole={whole}
            className="w-16"
            onChange={(next) => {
              onChange(next)
              onSettle()
            }}
          />
        )}
      </div>
      <Track {...track} label={`${prefix}${label}`} {...(help && { describedBy: helpId })} />
      {marks && (
        <div className="num relative -mt-1 mb-1 h-4 text-[0.6875rem] text-muted" aria-hidden>
          {marks.map(({ at, text }) => {
            const share = (at - min) / (max - min)
            return (
              <span
                key={at}
                // The outermost stay within the column.
                className={`absolute ${share === 0 ? '' : share === 1 ? '-translate-x-full' : '-translate-x-1/2'}`}
                style={{
                  left: share === 0 || share === 1 ? `${100 * share}%` : `calc(0.5rem + ${share} * (100% - 1rem))`,
                }}
              >
                {text}
              </span>
            )
          })}
        </div>
      )}
      {help && (
        <p id={helpId} className="text-xs text-muted">
          {help}
        </p>
      )}
    </div>
  )
}

export interface Option {
  readonly value: string
  readonly label: string
}

interface ChoiceProps {
  readonly label: string
  readonly value: string
  readonly options: readonly Option[]
  readonly onChange: (value: string) => void
}

/** A choice among many: the browser's own drop-down, which every phone and screen reader knows. */
export function Choice({ label, value, options, onChange }: ChoiceProps) {
  return (
    <label className="flex items-center justify-between gap-3 text-[0.8125rem]">
      <span className="shrink-0">{label}</span>
      <span className="relative min-w-0">
        <select
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
        <svg
          viewBox="0 0 10 6"
          className="pointer-events-none absolute top-1/2 right-2.5 h-1.5 w-2.5 -translate-y-1/2 text-muted"
          aria-hidden
        >
          <path d="M1 1l4 4 4-4" fill="none" stroke="currentColor" strokeWidth="1.5" />
        </svg>
      </span>
    </label>
  )
}

/** A choice among few: all are seen. */
export function Segments({
  label,
  value,
  options,
  onChange,
  small = false,
}: ChoiceProps & { readonly small?: boolean }) {
  return (
    <ToggleGroup
      aria-label={label}
      value={[value]}
      onValueChange={([next]) => next !== undefined && onChange(next)}
      className="inline-flex max-w-full flex-wrap gap-0.5 self-start rounded-[5px] bg-sunken p-0.5"
    >
      {options.map((option) => (
        <Toggle
          key={option.value}
          value={option.value}
          className={`rounded-[4px] ${small ? 'px-1.5 py-0.5 text-xs' : 'px-2.5 py-1 text-[0.8125rem]'} leading-4 whitespace-nowrap text-muted hover:text-ink data-pressed:bg-surface data-pressed:text-ink data-pressed:shadow-[0_0_0_1px_var(--line)]`}
        >
          {option.label}
        </Toggle>
      ))}
    </ToggleGroup>
  )
}

export function Flag({
  label,
  help,
  value,
  onChange,
}: {
  label: string
  help?: string
  value: boolean
  onChange: (value: boolean) => void
}) {
  const helpId = useId()
  return (
    <div>
      <label className="flex items-center justify-between gap-3 text-[0.8125rem]">
        {label}
        <Switch.Root
          checked={value}
          onCheckedChange={onChange}
          aria-describedby={help ? helpId : undefined}
          className="relative h-4 w-7 shrink-0 rounded-full border border-edge bg-sunken data-checked:border-ink data-checked:bg-ink"
        >
          <Switch.Thumb className="absolute top-0.5 left-0.5 block size-2.5 rounded-full bg-edge transition-transform data-checked:translate-x-3 data-checked:bg-surface" />
        </Switch.Root>
      </label>
      {help && (
        <p id={helpId} className="mt-0.5 pr-10 text-xs text-muted">
          {help}
        </p>
      )}
    </div>
  )
}
