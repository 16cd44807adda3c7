/** What was measured at other scales, in words under the track. Loaded with what was measured. */
import { plain } from '../../core/format'
import { PopoverButton } from '../kit/dropdown'
import { Later } from '../kit/Later'
import { type MeasuredScales, overshootAt, type TriedScale } from './measured-scales'
import { HATCH, Triangle } from './signs'

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

/** In a row, which the legend is. */
export default function ScaleWords({ measured, scale, onTake }: EvidenceProps) {
  const { best, tried } = measured
  return (
    <>
      {best && (scale >= 0 || best.scale < 0) && (
        <Best best={best} only={alongside(best, tried) === 1} onTake={onTake} />
      )}
      {scale >= 0 && <Evidence measured={measured} scale={scale} onTake={onTake} />}
    </>
  )
}
