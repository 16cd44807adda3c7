/** The three pictures, side by side and equal: where the positive, the negative and the guided trajectory are. */
import { Region } from '../app/Region'
import { usePage, useShown } from '../app/store'
import { Tools } from '../compare/Tools'
import { Later } from '../kit/Later'
import { type Ahead, useAhead, type Wait } from '../run/ahead'
import { describe } from '../run/describe'
import { ROLES } from '../run/run'
import { Legend } from './Legend'
import { Panel } from './Panel'

const loadCompare = () => import('../compare/Compare')
const loadPinned = () => import('../compare/Pinned')

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

/** Whether it takes the person to bring the pictures of the wanted settings. */
const STANDS: Record<Wait, boolean> = {
  drawing: false,
  fetching: false,
  loading: false,
  refused: true,
  failed: true,
  stopped: true,
}

function Panels({ ahead: { behind } }: { readonly ahead: Ahead }) {
  return (
    <div className="grid grid-cols-3 gap-1.5 sm:gap-4">
      {ROLES.map((role) => (
        <Panel key={role} role={role} behind={behind.get(role)} />
      ))}
    </div>
  )
}

export function Stage() {
  const run = useShown((shown) => shown)
  const model = usePage((state) => state.model)
  const ahead = useAhead()
  const coming = usePage((state) => state.run.coming !== null)
  const comparing = usePage((state) => state.compare.open)
  const pinned = usePage((state) => state.compare.pinned !== null)
  return (
    <section
      data-part="stage"
      aria-label="Positive, negative and guided"
      className={comparing ? '' : 'stage-grid'}
      aria-busy={coming || (ahead.wait !== null && !STANDS[ahead.wait])}
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
          <Later load={loadCompare} props={{ ahead }} fallback={<Panels ahead={ahead} />} />
        </Region>
      ) : (
        <Panels ahead={ahead} />
      )}
      <Tools>
        <Legend wait={ahead.behind.size > 0 && run?.pass === 'full' ? ahead.wait : null} />
      </Tools>
      {pinned && <Later load={loadPinned} props={{}} />}
      <p className="sr-only" data-part="description">
        {run ? describe(run, model) : 'No images yet.'}
      </p>
      <div className="mt-2">
        <Sampling />
      </div>
    </section>
  )
}
