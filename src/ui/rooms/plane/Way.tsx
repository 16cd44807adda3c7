/** The way from noise to points: plays it, and goes to any noise level. */
import { Flag } from '../../kit/Flag'
import { Track } from '../../kit/Track'
import { Part } from '../../view/Part'
import { momentAt } from './geometry'
import { repairedPoint } from './painter'
import type { Plane } from './plane'
import { levelText } from './words'
import { usePlane } from './use-plane'

function Play({ plane }: { readonly plane: Plane }) {
  const playing = usePlane(plane, (state) => state.playing)
  return (
    <button type="button" data-part="play" className="button w-[4.75rem]" onClick={plane.togglePlay}>
      <svg viewBox="0 0 10 10" className="size-2.5" aria-hidden>
        {playing ? (
          <path d="M1 0h3v10H1zM6 0h3v10H6z" fill="currentColor" />
        ) : (
          <path d="M1 0l9 5-9 5z" fill="currentColor" />
        )}
      </svg>
      {playing ? 'Pause' : 'Play'}
    </button>
  )
}

export function Way({ plane }: { readonly plane: Plane }) {
  const position = usePlane(plane, (state) => state.position)
  const sigmas = usePlane(plane, (state) => state.shown?.sigmas)
  const steps = sigmas ? sigmas.length - 1 : 32
  const text = sigmas ? levelText(momentAt(position, sigmas)) : ''
  return (
    <div className="flex items-center gap-3" data-part="way">
      <Play plane={plane} />
      <div className="min-w-0 flex-1">
        <Track
          part="playhead"
          label="Where on the way, from noise to points"
          value={position * steps}
          min={0}
          max={steps}
          step={0.05}
          largeStep={1}
          valueText={text}
          onChange={(at) => plane.seek(at / steps)}
          onSettle={() => undefined}
        />
      </div>
      <span translate="no" className="num w-28 text-right text-label whitespace-nowrap text-muted">
        {text}
      </span>
    </div>
  )
}

/** What is drawn beside the points. */
export function Layers({ plane }: { readonly plane: Plane }) {
  const field = usePlane(plane, (state) => state.field)
  const lines = usePlane(plane, (state) => state.lines)
  const shown = usePlane(plane, (state) => state.shown)
  const next = () => {
    if (!shown) return
    const now = plane.store.getState().followed ?? repairedPoint(shown) ?? -1
    plane.set({ followed: repairedPoint(shown, now) ?? repairedPoint(shown) })
  }
  return (
    <div className="flex flex-wrap items-center gap-x-5 gap-y-2">
      <Part name="contours">
        <Flag part="lines" label="True density" value={lines} onChange={(on) => plane.set({ lines: on })} />
      </Part>
      <Part name="field">
        <Flag part="field" label="What guidance adds" value={field} onChange={(on) => plane.set({ field: on })} />
      </Part>
      <button
        type="button"
        data-part="follow"
        className="button h-7"
        title="Another point that guidance brings back in; a click on the picture follows the nearest"
        disabled={!shown || repairedPoint(shown) === null}
        onClick={next}
      >
        Follow another
      </button>
    </div>
  )
}
