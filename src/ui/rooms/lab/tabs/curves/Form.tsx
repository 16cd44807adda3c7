/** What a curve is to be of: the setting along it, a second one for its lines, images, and whether it stops where it is decided. */
import { useMemo, useState } from 'react'
import type { Axis } from '../../../../../lab/axis'
import type { ModelInfo } from '../../../../../model/types'
import type { Settings } from '../../../../../settings/types'
import { Segments } from '../../../../kit/Segments'
import { AxisFields } from './AxisFields'
import { axesRead, COUNTS, keysOf, seedRefusal, sizeText, textFor, type Wish } from './curve'

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
  const { axes, why } = useMemo(() => axesRead(wish, settings, model), [wish, settings, model])
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
      <AxisFields
        part="curve"
        keys={keys}
        value={wish}
        textOf={(key) => textFor(key, settings, model)}
        onChange={(axes) => onChange({ ...wish, ...axes })}
      />
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
