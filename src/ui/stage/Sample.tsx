/** One image of a panel, with what is laid above it; of several, a click chooses the one that the page looks at. */
import { useMemo } from 'react'
import { usePage, useSession } from '../app/store'
import type { Overlay } from '../equation/slice'
import { frameOf, pictureAt, type Role, sourceOf } from '../run/run'
import { useRecord } from '../run/use-record'
import { useOverlay } from './overlay'
import { Picture } from './Picture'
import { toPixels } from './pixels'

const LAID_ABOVE: readonly Overlay[] = ['all']

export function Sample({ role, index }: { readonly role: Role; readonly index: number }) {
  const session = useSession()
  const model = usePage((state) => state.model)
  const run = usePage((state) => sourceOf(role, state.run.shown, state.run.settled, state.settings))
  const view = usePage((state) => state.stage.view)
  const pixel = usePage((state) => state.stage.pixel)
  const focused = usePage((state) => state.stage.focus === index)
  const steps = run?.steps ?? 1
  const position = usePage((state) => frameOf(state.playhead.position, steps) / steps)
  const pixels = useMemo(() => {
    const picture = run && pictureAt(run, position, index, role, view, model)
    return picture ? toPixels(picture.image, model.image, picture.gain) : null
  }, [run, position, index, role, view, model])
  // The mask is of the guided way; the negative's own way had others.
  const moment = useRecord()
  const settings = usePage((state) => state.run.shown?.settings ?? state.settings)
  const overlay = useOverlay(settings, role === 'negative' ? undefined : moment?.samples[index], LAID_ABOVE)
  const many = (run?.settings.samples ?? 1) > 1
  const picture = (
    <Picture
      pixels={pixels}
      overlay={overlay.pixels}
      size={model.image}
      pixel={pixel}
      onPixel={(next) => session.set({ stage: { pixel: next } })}
    />
  )
  if (!many) return picture
  return (
    <button
      type="button"
      aria-label={`Sample ${index + 1}, ${role}: look at this sample`}
      aria-pressed={focused}
      tabIndex={role === 'positive' ? 0 : -1}
      className="relative block w-full"
      onClick={() => session.set({ stage: { focus: index } })}
    >
      {picture}
      {focused && (
        <span className="pointer-events-none absolute inset-0 border-2 border-ink outline-1 -outline-offset-3 outline-bg" />
      )}
    </button>
  )
}
