/** What was measured at other scales, as marks on the track. Loaded with what was measured. */
import { along } from '../kit/Track'
import type { MeasuredScales, Overshoot } from './measured-scales'
import { HATCH, Triangle } from './signs'

/** A line where it begins and hatching over it, so that neither needs a colour; beyond the highest scale tried it fades. */
function Zone({ zone, share }: { readonly zone: Overshoot; readonly share: (scale: number) => number }) {
  const { from, to, open } = zone
  const known = (share(to) - share(from)) / (1 - share(from))
  const mask = open && share(from) < 1 ? `linear-gradient(to right, #000 ${100 * known}%, #0003)` : undefined
  return (
    <span
      data-part="overshoot"
      className={`absolute -top-[0.3125rem] h-3 border-l-2 border-edge ${open ? '' : 'border-r-2'}`}
      style={{ left: along(share(from)), right: open ? 0 : `calc(100% - ${along(share(to))})` }}
    >
      <span className="absolute inset-0" style={{ backgroundImage: HATCH, maskImage: mask }} />
    </span>
  )
}

interface MarksProps {
  readonly measured: MeasuredScales
  readonly share: (scale: number) => number
}

export default function ScaleMarks({ measured: { best, overshoots }, share }: MarksProps) {
  return (
    <>
      {overshoots.map((zone) => (
        <Zone key={zone.from} zone={zone} share={share} />
      ))}
      {best && (
        <span
          data-part="best-scale"
          data-scale={best.scale}
          className="absolute top-2 flex -translate-x-1/2 text-ink"
          style={{ left: along(share(best.scale)) }}
        >
          <Triangle />
        </span>
      )}
    </>
  )
}
