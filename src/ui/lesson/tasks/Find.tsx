/** Something to find: each goal is checked by what the network and the judge say of the pictures that are seen. */
import { useEffect, useMemo, useState } from 'react'
import { factNamed, factsOf, holds, parseCondition, type Condition, type Goal } from '../../../lesson'
import { linkParts } from '../../../settings'
import { NO_VIEW } from '../../../settings/view'
import { plain } from '../../../core/format'
import { factsNow, useFacts, useWaiting, wantFacts, type Known } from '../facts'
import { Line, Words } from '../Markdown'
import { useRoom } from '../room'
import type { TaskProps } from './props'

const conditionOf = ({ when }: Goal): Condition | null => {
  const parsed = parseCondition(when)
  return parsed.ok ? parsed.condition : null
}

/** The settings of the address, without how the page is shown. */
function settingsNow(): string {
  const parts = Object.entries(linkParts(window.location.hash))
  return parts.flatMap(([key, value]) => (Object.hasOwn(NO_VIEW, key) ? [] : `${key}=${value}`)).join('&')
}

const valueText = (value: number | string) => (typeof value === 'number' ? plain(Number(value.toPrecision(3))) : value)

/** What the conditions ask for, as it is now. */
function Now({ names, known: { facts, current } }: { readonly names: readonly string[]; readonly known: Known }) {
  const known = current && names.every((name) => facts[name] !== undefined)
  return (
    <dl data-part="lesson-facts" data-known={known} className="num flex flex-col gap-0.5 text-hint text-muted">
      {names.map((name) => (
        <div key={name} data-fact={name} className="flex items-baseline justify-between gap-3">
          <dt>{factNamed(name)?.words ?? name}</dt>
          <dd translate="no" className="text-ink">
            {facts[name] === undefined ? '–' : valueText(facts[name])}
          </dd>
        </div>
      ))}
    </dl>
  )
}

interface GoalRowProps {
  readonly goal: Goal
  readonly met: boolean
  /** Whether it holds now; null where that is not known. */
  readonly now: boolean | null
}

function GoalRow({ goal, met, now }: GoalRowProps) {
  return (
    <li data-part="lesson-goal" data-met={met} className="flex items-baseline gap-2 text-label">
      <span
        aria-hidden
        className={`inline-flex size-4 shrink-0 translate-y-0.5 items-center justify-center rounded-full border text-tiny ${met ? 'border-positive bg-positive text-bg' : 'border-edge text-transparent'}`}
      >
        ✓
      </span>
      <span className="min-w-0 flex-1">
        <Line>{goal.say}</Line>
      </span>
      <span className={met ? 'text-positive' : 'text-muted'}>{met ? 'found' : now === null ? '' : 'not yet'}</span>
    </li>
  )
}

export function Find({ task, answer, onAnswer }: TaskProps<'find'>) {
  const room = useRoom()
  const known = useFacts(room)
  const waiting = useWaiting()
  const [hinted, setHinted] = useState(false)
  const conditions = useMemo(() => task.goals.map(conditionOf), [task])
  const names = useMemo(() => [...new Set(conditions.flatMap((each) => (each ? factsOf(each) : [])))], [conditions])
  useEffect(() => {
    wantFacts(names)
    return () => wantFacts([])
  }, [names])
  const truths = ({ facts, current }: typeof known) =>
    conditions.map((each) => (each && current ? holds(each, facts) : null))
  const now = truths(known)
  const met = answer?.kind === 'find' ? answer.met : task.goals.map(() => null)
  useEffect(() => {
    // Of this moment: a step that was just gone to must not be met by the pictures of the one before.
    const holding = truths(factsNow(room))
    if (holding.some((one, i) => one === true && (met[i] ?? null) === null))
      onAnswer({ kind: 'find', met: holding.map((one, i) => met[i] ?? (one === true ? settingsNow() : null)) })
  })
  const left = met.filter((each) => each === null).length
  return (
    <>
      <div className="font-medium">
        <Words>{task.task}</Words>
      </div>
      <ul className="stays flex flex-col gap-1.5">
        {task.goals.map((goal, i) => (
          <GoalRow key={i} goal={goal} met={(met[i] ?? null) !== null} now={now[i] ?? null} />
        ))}
      </ul>
      <p className="text-hint text-muted lg:hidden">
        <em>Fold</em>, above, makes room for the controls; what is to be found stays in view.
      </p>
      <p role="status" data-part="lesson-found" className="stays text-label">
        {left === 0 && <span className="font-medium text-positive">✓ All found.</span>}
      </p>
      <Now {...{ names, known }} />
      {waiting !== null && <p className="text-hint text-muted">{waiting}</p>}
      {task.hint !== null && !hinted && left > 0 && (
        <button
          type="button"
          className="link self-start text-label"
          data-part="lesson-hint"
          onClick={() => setHinted(true)}
        >
          Give me a hint
        </button>
      )}
      {task.hint !== null && hinted && (
        <div className="note text-muted">
          <Words>{task.hint}</Words>
        </div>
      )}
    </>
  )
}
