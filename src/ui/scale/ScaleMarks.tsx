/** What was measured at other scales, as marks on the track, and the same in words under it. */
import { plain } from '../../core/format'
import { PopoverButton } from '../kit/dropdown'
import { Later } from '../kit/Later'
import { along } from '../kit/Track'
import { type MeasuredScales, type Overshoot, overshootAt, type TriedScale } from './measured-scales'

const HATCH = 'repeating-linear-gradient(135deg, var(--edge) 0 1px, transparent 1px 4px)'

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

/** Points up to the track from under it, so that the thumb does not hide it. */
function Triangle({ className = '' }: { readonly className?: string }) {
  return (
    <svg viewBox="0 0 8 6" className={`inline-block h-1.5 w-2 fill-current ${className}`} aria-hidden>
      <path d="M4 0 8 6H0Z" />
    </svg>
  )
}

interface MarksProps {
  readonly measured: MeasuredScales
  readonly share: (scale: number) => number
}

export function ScaleMarks({ measured: { best, overshoots }, share }: MarksProps) {
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

const loadTable = () => import('./ScaleTable')

interface BestProps {
  readonly best: TriedScale
  /** No other was tried on its side of 0, so that it is the best of none. */
  readonly only: boolean
  readonly onTake: (scale: number) => void
}

function Best({ best: { scale, verdict }, only, onTake }: BestProps) {
  const helps = `${only ? 'helps at' : 'best'} ${plain(scale)}`
  return (
    <button
      type="button"
      data-part="take-best"
      className="-my-1 flex items-baseline gap-1 py-1"
      title={`Take s = ${plain(scale)}`}
      onClick={() => onTake(scale)}
    >
      <Triangle className="self-center text-ink" />
      <span className="link">{verdict === 'helps' ? helps : `${plain(scale)}: no gain seen`}</span>
    </button>
  )
}

/** How many were tried on the same side of 0, itself among them. */
const alongside = ({ scale }: TriedScale, tried: readonly TriedScale[]) =>
  tried.filter((one) => one.scale * scale > 0).length

/** Where guidance does harm, in a few words; null where it was not seen to. */
function harmOf({ tried, overshoots }: MeasuredScales): string | null {
  if (overshoots.length === 0) return null
  const forward = tried.filter(({ scale }) => scale > 0)
  if (forward.every(({ verdict }) => verdict === 'harms')) {
    if (tried.length === 1) return `harms at ${plain(forward[0]!.scale)}, the one tried`
    return forward.length === tried.length ? 'harms at every scale tried' : 'harms above 0'
  }
  // Beyond the scales that were tried nothing is known.
  const zones = overshoots.map(({ from, to }) =>
    from === to ? `at ${plain(from)}` : `from ${plain(from)} to ${plain(to)}`,
  )
  return `overshoots ${zones.join(', ')}`
}

interface EvidenceProps {
  readonly measured: MeasuredScales
  readonly scale: number
  readonly onTake: (scale: number) => void
}

/** The harm in words, said louder while the scale in use is there; behind it is how that is known. */
function Evidence({ measured, scale, onTake }: EvidenceProps) {
  const harm = harmOf(measured)
  const here = overshootAt(scale, measured.overshoots) !== null
  return (
    <PopoverButton
      part="scale-evidence"
      className={`-my-1 flex items-baseline gap-1 py-1 ${here ? 'font-medium text-ink' : ''}`}
      label={`${harm ?? 'Evidence'}: what was measured at each scale`}
      face={
        <>
          {harm && (
            <span
              className="drawn h-2 w-3 shrink-0 self-center border border-edge"
              style={{ backgroundImage: HATCH }}
              aria-hidden
            />
          )}
          <span className="link">{harm ?? 'evidence'}</span>
        </>
      }
      title="Measured at these scales"
    >
      <Later load={loadTable} props={{ measured, onTake }} />
    </PopoverButton>
  )
}

interface LegendProps {
  /** Null while it is not known, and where these settings were not measured. */
  readonly measured: MeasuredScales | null
  /** Whether anything of the model was measured. */
  readonly known: boolean
  readonly scale: number
  /** Whether nothing else acts on D, so that s = −1 is the negative itself. */
  readonly alone: boolean
  readonly onTake: (scale: number) => void
}

/** A line that is there in any case, so that nothing under it moves. */
export function ScaleLegend({ measured, known, scale, alone, onTake }: LegendProps) {
  return (
    <div data-part="scale-legend" className="num flex min-h-4 flex-wrap items-baseline gap-x-3 text-hint text-muted">
      {scale < 0 && <span>towards the negative{alone && ', which is s = −1'}</span>}
      {measured?.best && (scale >= 0 || measured.best.scale < 0) && (
        <Best best={measured.best} only={alongside(measured.best, measured.tried) === 1} onTake={onTake} />
      )}
      {scale >= 0 && measured && <Evidence measured={measured} scale={scale} onTake={onTake} />}
      {scale >= 0 && known && !measured && <span>not measured with these settings</span>}
    </div>
  )
}
