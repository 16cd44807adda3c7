/** One of the three pictures with its caption: the images of a trajectory, or why there are none. */
import { Hint } from '../kit/Hint'
import { Later } from '../kit/Later'
import { useMemo } from 'react'
import { folds, isGuided, methodById } from '../../guidance/index'
import type { Settings } from '../../settings/types'
import { walksAlone } from '../../guidance/pair'
import { usePage, useSession, useShown, useShownSettings } from '../app/store'
import { percent } from '../../core/format'
import { type Role, type Run, sourceOf } from '../run/run'
import { relativeDistance } from './pixels'
import { Sample } from './Sample'
import { Veil } from './Veil'
import { columnsFor, useSamplesSeen } from './visible'

export const CAPTION: Record<Role, { readonly name: string; readonly tone: string; readonly dot: string }> = {
  positive: { name: 'positive', tone: 'text-positive', dot: 'bg-positive' },
  negative: { name: 'negative', tone: 'text-negative', dot: 'bg-negative' },
  guided: { name: 'guided', tone: 'text-ink', dot: 'bg-ink' },
}

/** What each picture is, in a few words. */
function note(role: Role, run: Run | null, absent: boolean): string {
  if (absent) return 'not used'
  if (run?.pass === 'preview') return 'quick preview'
  if (role === 'positive') return 'as it is'
  if (role === 'negative') return run ? worseBy(run.settings) : 'made worse'
  const changes = run?.final?.flatMap(({ guided, positive }) => (positive ? [relativeDistance(guided, positive)] : []))
  if (!changes || changes.length === 0) return run && run.settings.scale < 0 ? 'towards the negative' : 'pushed away'
  const mean = changes.reduce((sum, change) => sum + change, 0) / changes.length
  return mean === 0 ? 'equal to the positive' : `changed by ${percent(mean)}`
}

/** What makes it worse, where one thing does. */
function worseBy({ method }: Settings): string {
  const chosen = methodById(method)
  return chosen?.kind === 'negative' && chosen.family !== 'own' ? chosen.brief : 'made worse'
}

/** What the number of a note is. */
const CHANGE = 'Root mean square of guided − positive, as a share of the range from black to white'

/** In place of pictures before the first come. */
function NoneYet() {
  const failed = usePage((state) => state.engine.status.kind === 'failed')
  return (
    <Hint className="absolute inset-0 grid place-items-center p-2 text-center sm:p-4">
      {failed ? 'No pictures: the model is not running.' : 'The pictures come as soon as the model is ready.'}
    </Hint>
  )
}

/** Why a picture is not there, and what stands in its place. */
const ABSENT = {
  off: 'No negative: guidance is off.',
  unsampled: 'Not sampled alone: it is made of earlier steps of the guided image.',
  folded: 'No negative: the push is inside the network, whose one evaluation is the guided prediction.',
  hidden: 'Hidden: the negative alone is not sampled, which saves time.',
}
type Absence = keyof typeof ABSENT

const loadGrowing = () => import('./Growing')

/** Only the negative can be absent. */
export function useAbsence(role: Role): Absence | null {
  const settings = useShownSettings((own) => own)
  const model = usePage((state) => state.model)
  const hidden = usePage((state) => state.stage.negativeHidden)
  const alone = useMemo(() => role !== 'negative' || walksAlone(settings, model), [role, settings, model])
  if (role !== 'negative') return null
  if (!isGuided(settings)) return 'off'
  if (!alone) return folds(settings) ? 'folded' : 'unsampled'
  return hidden ? 'hidden' : null
}

/** Folds the negative away, which saves its evaluations. */
function Fold({ hidden }: { readonly hidden: boolean }) {
  const session = useSession()
  return (
    <button
      type="button"
      data-part="hide-negative"
      className="ml-auto text-label text-muted link max-sm:text-hint"
      onClick={() => session.hideNegative(!hidden)}
    >
      <span>{hidden ? 'Show' : 'Hide'}</span>
      <span className="sr-only"> the negative alone</span>
    </button>
  )
}

function Caption({ role, absence }: { readonly role: Role; readonly absence: Absence | null }) {
  const run = useShown((shown, { run: { settled } }) => sourceOf(role, shown, settled))
  const { name, tone, dot } = CAPTION[role]
  return (
    <figcaption className="mt-1.5 flex items-baseline gap-x-2 lg:mt-2">
      <span className={`flex items-baseline gap-1.5 font-medium ${tone}`}>
        <span className={`size-2 rounded-full ${dot}`} aria-hidden />
        {name}
      </span>
      <span
        className="num hidden min-w-0 flex-1 truncate text-label text-muted @min-[12rem]:block"
        translate="no"
        title={role === 'guided' ? CHANGE : note(role, run, absence === 'off')}
      >
        {note(role, run, absence === 'off')}
      </span>
      {role === 'negative' && (absence === null || absence === 'hidden') && <Fold hidden={absence === 'hidden'} />}
    </figcaption>
  )
}

/** `behind`: the run of the pictures, where the controls are ahead of it. */
export function Panel({ role, behind }: { readonly role: Role; readonly behind: Run | undefined }) {
  const run = useShown((shown) => shown)
  const samples = useSamplesSeen()
  const absence = useAbsence(role)
  return (
    <figure className="@container min-w-0" data-part={`panel-${role}`}>
      <div
        className="relative grid gap-0.5 overflow-hidden rounded-[3px]"
        style={{ gridTemplateColumns: `repeat(${columnsFor(samples.length)}, minmax(0, 1fr))` }}
      >
        {absence ? (
          <div
            data-part="no-pictures"
            className="col-span-full grid aspect-square place-items-center rounded-[3px] border border-dashed border-line p-2 text-center text-hint text-muted sm:p-4"
          >
            {ABSENT[absence]}
          </div>
        ) : (
          samples.map((index) => <Sample key={index} role={role} index={index} />)
        )}
        {!run && role === 'positive' && <NoneYet />}
        {behind && !absence && <Veil role={role} run={behind} />}
        {behind && role === 'guided' && <Later load={loadGrowing} props={{}} />}
      </div>
      <Caption role={role} absence={absence} />
    </figure>
  )
}
