/** What is varied along columns, rows and pages: a setting, and its values by hand or as a range. A value takes effect on Enter or on leaving the field. */
import { useId, useState } from 'react'
import { axisLabel, type AxisKey } from '../../../../../lab/axis'
import { Chevron } from '../../../../kit/Chevron'
import { Hint } from '../../../../kit/Hint'
import { type AxisText, type AxisTexts, type Plan, type Slot, SLOTS } from './plan'

const NAMES: Record<Slot, string> = { x: 'Columns', y: 'Rows', z: 'Pages' }
const NONE = ''

interface AxesFormProps {
  readonly axes: AxisTexts
  readonly keys: readonly AxisKey[]
  readonly plan: Plan
  readonly onChange: (axes: AxisTexts) => void
}

/** Those that can be chosen, and the one that is, of which a link may know more than the list. */
function optionsOf(keys: readonly AxisKey[], axes: AxisTexts, slot: Slot): readonly { value: string; label: string }[] {
  const own = axes[slot]?.key
  const taken = SLOTS.flatMap((other) => (other === slot ? [] : (axes[other]?.key ?? [])))
  const listed = keys.filter(({ key }) => !taken.includes(key)).map(({ key, label }) => ({ value: key, label }))
  const strange = own !== undefined && !listed.some(({ value }) => value === own)
  return [
    ...(slot === 'x' ? [] : [{ value: NONE, label: 'nothing' }]),
    ...(strange ? [{ value: own, label: axisLabel(own) }] : []),
    ...listed,
  ]
}

interface ValuesProps {
  readonly slot: Slot
  readonly axis: AxisText
  readonly fault: string | null
  readonly hint: string
  readonly onChange: (text: string) => void
}

function Values({ slot, axis, fault, hint, onChange }: ValuesProps) {
  const hintId = useId()
  // What is typed beside which values: once these are others, the field shows them.
  const [draft, setDraft] = useState<{ readonly text: string; readonly beside: AxisText } | null>(null)
  const typed = draft?.beside === axis ? draft.text : axis.text
  const commit = () => {
    if (typed.trim() !== axis.text) onChange(typed.trim())
  }
  return (
    <>
      <input
        data-part={`axis-${slot}-values`}
        aria-label={`Values of the ${NAMES[slot].toLowerCase()}`}
        aria-invalid={fault !== null}
        aria-describedby={hintId}
        spellCheck={false}
        autoComplete="off"
        translate="no"
        className={`num h-7 w-full rounded-[5px] border bg-surface px-2 text-label ${fault === null ? 'border-line hover:border-edge' : 'border-alert'}`}
        value={typed}
        onChange={(event) => setDraft({ text: event.target.value, beside: axis })}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit()
          if (event.key === 'Escape') setDraft(null)
        }}
      />
      <p
        id={hintId}
        role={fault === null ? undefined : 'alert'}
        data-part={`axis-${slot}-hint`}
        className={`text-hint ${fault === null ? 'text-muted' : 'text-alert'}`}
      >
        {fault ?? hint}
      </p>
    </>
  )
}

export function AxesForm({ axes, keys, plan, onChange }: AxesFormProps) {
  const counts = plan.kind === 'ready' ? plan.grid.axes.map(({ values }) => values.length) : []
  const choose = (slot: Slot, key: string) => {
    const { [slot]: _old, ...others } = axes
    const text = keys.find((one) => one.key === key)?.example ?? ''
    onChange(key === NONE ? others : { ...others, [slot]: { key, text } })
  }
  return (
    <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2 lg:grid-cols-3" data-part="axes">
      {SLOTS.map((slot) => {
        const axis = axes[slot]
        const fault = plan.kind === 'faulty' && plan.slot === slot ? plan.why : null
        const count = plan.kind === 'ready' ? counts[plan.slots.indexOf(slot)] : undefined
        const help = keys.find(({ key }) => key === axis?.key)?.help
        return (
          <div key={slot} role="group" aria-label={NAMES[slot]} className="flex min-w-0 flex-col gap-1.5">
            <label className="flex items-center gap-2 text-label">
              <span className="w-16 shrink-0 font-medium">{NAMES[slot]}</span>
              <span className="relative min-w-0 flex-1">
                <select
                  data-part={`axis-${slot}`}
                  value={axis?.key ?? NONE}
                  className="button w-full appearance-none truncate pr-7 text-left"
                  onChange={(event) => choose(slot, event.target.value)}
                >
                  {optionsOf(keys, axes, slot).map(({ value, label }) => (
                    <option key={value} value={value}>
                      {label}
                    </option>
                  ))}
                </select>
                <Chevron className="pointer-events-none absolute top-1/2 right-2.5 -translate-y-1/2 text-muted" />
              </span>
            </label>
            {axis && (
              <Values
                slot={slot}
                axis={axis}
                fault={fault}
                hint={[count === undefined ? '' : count === 1 ? '1 value' : `${count} values`, help ?? '']
                  .filter((part) => part !== '')
                  .join(' · ')}
                onChange={(text) => onChange({ ...axes, [slot]: { key: axis.key, text } })}
              />
            )}
          </div>
        )
      })}
      {plan.kind === 'faulty' && plan.slot === null && (
        <p role="alert" className="text-label text-alert" data-part="axes-fault">
          {plan.why}
        </p>
      )}
      <Hint className="col-span-full">
        Values stand between commas; a range is 0..2 by 0.25, 0..1 in 5, or 0.05..5 log 7.
      </Hint>
    </div>
  )
}
