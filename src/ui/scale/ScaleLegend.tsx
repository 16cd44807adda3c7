/** The line under the track. */
import { Later } from '../kit/Later'
import type { MeasuredScales } from './measured-scales'

const loadWords = () => import('./ScaleWords')

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
      {measured && <Later load={loadWords} props={{ measured, scale, onTake }} />}
      {scale >= 0 && known && !measured && <span>not measured with these settings</span>}
    </div>
  )
}
