/** The three pictures, side by side and equal: where the positive, the negative and the guided trajectory are. */
import { useMemo } from 'react'
import { sameSettings } from '../../settings'
import { Region } from '../app/Region'
import { usePage } from '../app/store'
import { Tools } from '../compare/Tools'
import { Later } from '../kit/Later'
import { describe } from '../run/describe'
import { settingsRefusals } from '../method/methods'
import { ROLES } from '../run/run'
import { Panel } from './Panel'

const loadCompare = () => import('../compare/Compare')

/** How far the sampling is; changes often, so it is not announced. */
function Sampling() {
  const coming = usePage((state) => state.run.coming)
  const share = coming ? coming.records.length / coming.steps : 0
  return (
    <div className="h-px bg-line" aria-hidden>
      {coming && <div className="h-px bg-ink" style={{ width: `${100 * share}%` }} />}
    </div>
  )
}

/** Whether pictures of the wanted settings are still to come. */
function useBusy(): boolean {
  const model = usePage((state) => state.model)
  const wanted = usePage((state) => state.settings)
  const shown = usePage((state) => state.run.shown)
  const coming = usePage((state) => state.run.coming !== null)
  const stopped = usePage((state) => state.engine.status.kind === 'failed' || state.run.failure !== null)
  return useMemo(() => {
    if (coming || stopped) return coming
    const current = shown?.pass === 'full' && shown.final !== null && sameSettings(shown.settings, wanted)
    return !current && settingsRefusals(wanted, model).length === 0
  }, [model, wanted, shown, coming, stopped])
}

function Panels() {
  return (
    <div className="grid grid-cols-3 gap-1.5 sm:gap-4">
      {ROLES.map((role) => (
        <Panel key={role} role={role} />
      ))}
    </div>
  )
}

export function Stage() {
  const run = usePage((state) => state.run.shown)
  const model = usePage((state) => state.model)
  const busy = useBusy()
  const comparing = usePage((state) => state.compare.open)
  return (
    <section
      data-part="stage"
      aria-label="Positive, negative and guided"
      aria-busy={busy}
      data-origin={run?.origin}
      data-method={run?.settings.method}
      data-scale={run?.settings.scale}
      data-seed={run?.settings.seed}
      data-steps={run?.settings.steps}
      data-stack={run?.settings.stack.map(({ method }) => method).join(' ')}
      data-digests={run?.summary?.digests.join(' ')}
    >
      {comparing ? (
        <Region name="The comparison">
          <Later load={loadCompare} props={{}} fallback={<Panels />} />
        </Region>
      ) : (
        <Panels />
      )}
      <Tools />
      <p className="sr-only" data-part="description">
        {run ? describe(run, model) : 'No images yet.'}
      </p>
      <div className="mt-2">
        <Sampling />
      </div>
    </section>
  )
}
