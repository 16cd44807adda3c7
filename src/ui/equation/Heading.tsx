/** Which step the equation is of, and what is laid over its pictures. */
import type { StepRecord } from '../../sampling/records'
import { usePage, useSession, useShown } from '../app/store'
import { Late } from '../kit/Late'
import { Segments } from '../kit/Segments'
import { formatSigma } from '../../core/format'
import { useLeft } from '../run/ahead'
import { frameOf, runKey } from '../run/run'
import { FROM_BEFORE } from '../run/words'
import type { Overlay } from './slice'

const OVERLAYS: readonly { readonly value: Overlay; readonly label: string }[] = [
  { value: 'off', label: 'off' },
  { value: 'equation', label: 'here' },
  { value: 'all', label: 'above too' },
]

/** `mask`: what can be laid over the pictures, in a word. */
interface HeadingProps {
  readonly record: StepRecord | undefined
  readonly mask: string | null
}

/** Whether the playhead is at σ = 0 and the step shown is the one at which guidance was strongest. */
function useStrongest(record: StepRecord | undefined): boolean {
  const focus = usePage((state) => state.stage.focus)
  const atEnd = useShown(
    (run, { playhead }) => run !== null && run.final !== null && frameOf(playhead.position, run.steps) >= run.steps,
  )
  return atEnd && Boolean(record?.samples[focus]?.predictionNegative)
}

function sentence(record: StepRecord, strongest: boolean, coarse: boolean): string {
  const step = `step ${record.index + 1} of ${record.steps}, σ = ${formatSigma(record.sigma)}`
  return `${strongest ? 'Guidance was strongest at' : 'At'} ${step}${coarse ? ', in a quick preview' : ''}`
}

export function Heading({ record, mask }: HeadingProps) {
  const session = useSession()
  const run = useShown((shown) => shown)
  const coarse = run?.pass === 'preview'
  const left = useLeft(run?.settings ?? null)
  const overlay = usePage((state) => state.equation.overlay)
  const strongest = useStrongest(record)
  return (
    <div className="mb-2 flex items-baseline justify-between gap-3">
      <h2 className="num text-label text-muted" data-part="step">
        {record ? sentence(record, strongest, coarse) : 'At each step'}
        {record && run && left && (
          <Late part="step-behind" of={runKey(run)} className="max-sm:sr-only">
            , {FROM_BEFORE.toLowerCase()}
          </Late>
        )}
      </h2>
      {mask && (
        <div className="flex items-center gap-2 text-hint text-muted print:hidden">
          <span>{mask}</span>
          <Segments
            small
            part="overlay"
            label={`${mask} laid over`}
            value={overlay}
            options={OVERLAYS}
            onChange={(next) =>
              session.set({ equation: { overlay: OVERLAYS.find(({ value }) => value === next)?.value ?? 'off' } })
            }
          />
        </div>
      )}
    </div>
  )
}
