/** The guided picture that is on its way, small beside the old one, from its first step: neither is ever taken for the other. */
import { useMemo } from 'react'
import { scaleText } from '../../core/format'
import { usePage } from '../app/store'
import { Layer } from './Layer'
import { toPixels } from './pixels'

export default function Growing() {
  const size = usePage((state) => state.model.image)
  const smooth = usePage((state) => state.stage.smooth)
  const focus = usePage((state) => state.stage.focus)
  const coming = usePage((state) => state.run.coming)
  const record = coming?.pass === 'full' ? coming.records.at(-1) : undefined
  const image = record?.samples[Math.min(focus, record.samples.length - 1)]?.guided.denoised
  const pixels = useMemo(() => (image ? toPixels(image, size) : null), [image, size])
  if (!coming || !record || !pixels) return null
  return (
    <span
      data-part="growing"
      className="pointer-events-none absolute top-1 right-1 w-2/5 overflow-hidden rounded-[3px] border border-surface bg-surface sm:top-2 sm:right-2 sm:w-1/3"
      aria-hidden
    >
      <span
        className="relative block overflow-hidden bg-sunken"
        style={{ aspectRatio: `${size.width} / ${size.height}` }}
      >
        <Layer pixels={pixels} size={size} smooth={smooth} />
      </span>
      <span className="num block px-1 text-tiny leading-3.5 text-ink sm:py-0.5">
        s {scaleText(coming.settings.scale)}
        <span className="max-sm:hidden">
          , {record.index + 1} of {record.steps}
        </span>
      </span>
    </span>
  )
}
