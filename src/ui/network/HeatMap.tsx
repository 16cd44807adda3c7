/** Where a token looks on one side, as a map of heat with its entropy; without a map, a few words why. */
import type { Size } from '../stage/pixels'
import { Picture } from '../stage/Picture'
import { fixed, percent } from '../../core/format'

export interface Heat {
  readonly pixels: Uint8ClampedArray<ArrayBuffer>
  readonly bits: number
  /** The largest share that one token gets. */
  readonly top: number
}

interface HeatMapProps {
  readonly title: string
  readonly tone: string
  readonly heat: Heat | null
  readonly empty: string
  readonly size: Size
  readonly token: { readonly x: number; readonly y: number }
}

export function HeatMap({ title, tone, heat, empty, size, token }: HeatMapProps) {
  return (
    <figure className="min-w-0 flex-1">
      {heat ? (
        <Picture pixels={heat.pixels} size={size} exact pixel={token} className="rounded-[2px]" />
      ) : (
        <div className="grid aspect-square place-items-center rounded-[2px] bg-sunken p-1 text-center text-tiny text-muted">
          {empty}
        </div>
      )}
      <figcaption className="num mt-1 text-hint">
        <span className={tone}>{title}</span>
        {heat && (
          <span className="block text-muted">
            <span data-part="bits">
              <span translate="no">{fixed(heat.bits)}</span> bits
            </span>
            <br />
            <span translate="no">≤ {percent(heat.top)}</span>
          </span>
        )}
      </figcaption>
    </figure>
  )
}
