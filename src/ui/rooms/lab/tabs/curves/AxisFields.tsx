/** What a curve goes along, and what has a line for each of its values. */
import { useId } from 'react'
import type { AxisKey } from '../../../../../lab/axis'
import type { AxisText, Wish } from './curve'

interface AxisFieldProps {
  readonly part: string
  readonly label: string
  readonly keys: readonly AxisKey[]
  readonly value: AxisText
  readonly onKey: (key: string) => void
  readonly onText: (text: string) => void
}

function AxisField({ part, label, keys, value: { key, text }, onKey, onText }: AxisFieldProps) {
  const about = keys.find((each) => each.key === key)
  const helpId = useId()
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-2">
      <label className="flex items-center gap-2 text-label">
        <span className="w-12 shrink-0 text-muted">{label}</span>
        <select
          data-part={`${part}-key`}
          className="button w-44 truncate text-left"
          value={key}
          onChange={(event) => onKey(event.target.value)}
        >
          {!about && <option value={key}>{key}</option>}
          {keys.map((each) => (
            <option key={each.key} value={each.key}>
              {each.label}
            </option>
          ))}
        </select>
      </label>
      <input
        data-part={`${part}-values`}
        aria-label={`Values ${label}`}
        aria-describedby={helpId}
        className="num field w-64 max-w-full min-w-0 flex-1 sm:flex-none"
        spellCheck={false}
        autoComplete="off"
        value={text}
        onChange={(event) => onText(event.target.value)}
      />
      <span id={helpId} className="sr-only">
        {about?.help}. Values such as 0, 0.5, 1 or 0..2 by 0.25 or 0.05..5 log 7.
      </span>
    </div>
  )
}

type Axes = Pick<Wish, 'along' | 'lines'>

interface AxisFieldsProps {
  /** Begins the names of the fields. */
  readonly part: string
  readonly keys: readonly AxisKey[]
  readonly value: Axes
  /** Values to begin with. */
  readonly textOf: (key: string) => string
  readonly onChange: (axes: Axes) => void
}

function Lines({ part, keys, value, textOf, onChange }: AxisFieldsProps) {
  const { lines, along } = value
  const others = keys.filter(({ key }) => key !== along.key)
  const choose = (key: string) => onChange({ along, lines: { key, text: textOf(key) } })
  if (!lines) {
    const [first] = others
    return (
      first && (
        <button
          type="button"
          data-part={`${part}-add`}
          className="link self-start text-label"
          onClick={() => choose(first.key)}
        >
          A line for each value of another setting
        </button>
      )
    )
  }
  return (
    <div className="flex flex-wrap items-center gap-2">
      <AxisField
        part={`${part}-lines`}
        label="lines"
        keys={others}
        value={lines}
        onKey={choose}
        onText={(text) => onChange({ along, lines: { ...lines, text } })}
      />
      <button type="button" className="link text-label" onClick={() => onChange({ along, lines: null })}>
        One line
      </button>
    </div>
  )
}

export function AxisFields(props: AxisFieldsProps) {
  const { part, keys, value, textOf, onChange } = props
  const { along, lines } = value
  return (
    <>
      <AxisField
        part={`${part}-along`}
        label="along"
        keys={keys}
        value={along}
        onKey={(key) => onChange({ along: { key, text: textOf(key) }, lines })}
        onText={(text) => onChange({ along: { ...along, text }, lines })}
      />
      <Lines {...props} />
    </>
  )
}
