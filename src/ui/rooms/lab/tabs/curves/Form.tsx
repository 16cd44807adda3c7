/** What a curve is to be of: the setting along it, a second one for its lines, images, and whether it stops where it is decided. */
import { useId, useMemo, useState } from 'react'
import type { Axis, AxisKey } from '../../../../../lab/axis'
import { LabError } from '../../../../../lab/error'
import type { ModelInfo } from '../../../../../model/types'
import type { Settings } from '../../../../../settings/types'
import { Segments } from '../../../../kit/Segments'
import { axesOf, COUNTS, keysOf, seedRefusal, sizeText, textFor, type AxisText, type Wish } from './curve'

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

/** The axes, or why there are none. */
function axesRead(wish: Wish) {
  try {
    return { axes: axesOf(wish), why: null }
  } catch (error) {
    if (error instanceof LabError) return { axes: null, why: error.message }
    throw error
  }
}

interface FormProps {
  readonly wish: Wish
  readonly settings: Settings
  readonly model: ModelInfo
  readonly running: boolean
  /** Why nothing can be drawn at all; null where it can. */
  readonly refusal: string | null
  readonly onChange: (wish: Wish) => void
  readonly onDraw: () => void
  readonly onPause: () => void
}

function Lines({ wish, keys, settings, model, onChange }: FormProps & { readonly keys: readonly AxisKey[] }) {
  const { lines, along } = wish
  const others = keys.filter(({ key }) => key !== along.key)
  const choose = (key: string) => onChange({ ...wish, lines: { key, text: textFor(key, settings, model) } })
  if (!lines) {
    const [first] = others
    return (
      first && (
        <button
          type="button"
          data-part="curve-add"
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
        part="curve-lines"
        label="lines"
        keys={others}
        value={lines}
        onKey={choose}
        onText={(text) => onChange({ ...wish, lines: { ...lines, text } })}
      />
      <button type="button" className="link text-label" onClick={() => onChange({ ...wish, lines: null })}>
        One line
      </button>
    </div>
  )
}

/** How many images, whether it stops by itself, and the button that begins it. */
function Amount(props: FormProps & { readonly axes: readonly Axis[] | null }) {
  const { wish, axes, running, refusal, onChange, onPause } = props
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <span className="flex items-center gap-2">
        <Segments
          part="curve-images"
          label="Images of each point"
          value={String(wish.images)}
          options={COUNTS.map((count) => ({ value: String(count), label: String(count) }))}
          onChange={(count) => onChange({ ...wish, images: Number(count) })}
        />
        <span className="text-label text-muted">images a point</span>
      </span>
      <label className="flex items-center gap-2 text-label">
        <input
          type="checkbox"
          data-part="curve-stop"
          className="size-4 accent-positive"
          checked={wish.stop}
          onChange={(event) => onChange({ ...wish, stop: event.target.checked })}
        />
        Stop where it is decided
      </label>
      {running ? (
        <button type="button" data-part="curve-pause" className="button" onClick={onPause}>
          Pause
        </button>
      ) : (
        <button type="submit" data-part="curve-draw" className="button" disabled={refusal !== null}>
          {axes ? `Draw ${sizeText(axes, wish.images)}` : 'Draw'}
        </button>
      )}
    </div>
  )
}

export function Form(props: FormProps) {
  const { wish, settings, model, refusal, onChange, onDraw } = props
  const keys = useMemo(() => keysOf(settings, model), [settings, model])
  const { axes, why } = axesRead(wish)
  const stopped = refusal ?? why ?? seedRefusal(settings, wish.images)
  // A text that is being typed is not scolded until something is wrong on asking.
  const [asked, setAsked] = useState(false)
  return (
    <form
      className="flex flex-col gap-2.5"
      data-part="curve-form"
      onSubmit={(event) => {
        event.preventDefault()
        setAsked(true)
        if (stopped === null) onDraw()
      }}
    >
      <AxisField
        part="curve-along"
        label="along"
        keys={keys}
        value={wish.along}
        onKey={(key) => onChange({ ...wish, along: { key, text: textFor(key, settings, model) } })}
        onText={(text) => onChange({ ...wish, along: { ...wish.along, text } })}
      />
      <Lines {...props} keys={keys} />
      <Amount {...props} axes={axes} />
      <p
        role="status"
        className={`text-hint ${why !== null || asked ? 'text-alert' : 'text-muted'}`}
        data-part="curve-fault"
      >
        {stopped}
      </p>
    </form>
  )
}
