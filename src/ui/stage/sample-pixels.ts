/** The bytes of one image of the stage at the playhead, and of what is laid above it. */
import { useMemo } from 'react'
import { usePage, useShown, useShownSettings } from '../app/store'
import type { Overlay } from '../equation/slice'
import { type Picture, pictureAt, type Pictured, positionSeen, sourceOf } from '../run/run'
import { useRecord } from '../run/use-record'
import { useOverlay } from './overlay'
import { useDecoded } from './decoded'
import { toPixels } from './pixels'

const LAID_ABOVE: readonly Overlay[] = ['all']

/** The run that a role's pictures are taken from, and the share of its way that is seen, in whole steps. */
function useMoment(role: Pictured) {
  const run = useShown((shown, { run: { settled }, compare: { pinned } }) =>
    role === 'pinned' ? pinned : sourceOf(role, shown, settled),
  )
  const position = usePage((state) => positionSeen(run, state.playhead.position))
  return { run, position }
}

/** The images of a role, by the samples asked for. */
export function usePictures(role: Pictured, samples: readonly number[]): readonly (Picture | null)[] {
  const model = usePage((state) => state.model)
  const view = usePage((state) => state.stage.view)
  const { run, position } = useMoment(role)
  return useMemo(
    () =>
      samples.map((index) => run && pictureAt(run, position, index, role === 'pinned' ? 'guided' : role, view, model)),
    [samples, run, position, role, view, model],
  )
}

export function useSamplePixels(role: Pictured, index: number) {
  const size = usePage((state) => state.model.image)
  const samples = useMemo(() => [index], [index])
  const [picture] = usePictures(role, samples)
  const decoded = useDecoded(picture?.gain === 1 ? picture.image : null)
  const pixels = useMemo(
    () => (decoded ? toPixels(decoded.image, decoded) : picture ? toPixels(picture.image, size, picture.gain) : null),
    [decoded, picture, size],
  )
  // The mask is of the guided way; the negative's own way had others, and so had another run's.
  const moment = useRecord()
  const settings = useShownSettings((own) => own)
  const overlay = useOverlay(
    settings,
    role === 'negative' || role === 'pinned' ? undefined : moment?.samples[index],
    LAID_ABOVE,
  )
  return { pixels, drawn: decoded ?? size, overlay: overlay.pixels }
}
