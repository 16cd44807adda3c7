/** The judge: what a classifier sees in the pictures, and how good many images of these settings are, in numbers. */
import { useEffect, useId, useRef, useState } from 'react'
import type { Estimate } from '../../evaluation/metrics'
import { isGuided } from '../../guidance/index'
import { sameSettings } from '../../settings'
import { caption, className, fixed, megabytes } from '../kit/format'
import { COUNTS, countRefusal, FIRST } from './judge'
import type { Evaluation, Verdict } from './slice'
import { settingsRefusals } from '../method/methods'
import { ROLES, type Role } from '../run/run'
import { usePage, useSession } from '../app/store'
import { Segments } from '../kit/fields'

const TONE: Record<Role, string> = { positive: 'text-positive', negative: 'text-negative', guided: 'text-ink' }

function minutes(milliseconds: number): string {
  const seconds = milliseconds / 1000
  return seconds < 90
    ? `about ${Math.max(1, Math.round(seconds))} s left`
    : `about ${Math.round(seconds / 60)} min left`
}

/** What the judge sees in each picture, and whether it was asked for. */
function Seen() {
  const model = usePage((state) => state.model)
  const settings = usePage((state) => state.run.shown?.settings ?? state.settings)
  const verdicts = usePage(({ judge: { verdicts: known }, run: { shown } }) =>
    known && known.final === shown?.final ? known : null,
  )
  if (!verdicts) return <p className="text-xs text-muted">Looks at the pictures as soon as they are done.</p>
  const words = (role: Role) => {
    const seen = verdicts.samples.flatMap((verdict: Verdict) => verdict[role] ?? [])
    const [first] = seen
    if (first === undefined) return 'not drawn'
    if (settings.class === null)
      return seen.length === 1 ? className(first, model) : `${new Set(seen).size} styles in ${seen.length} pictures`
    const right = seen.filter((label) => label === settings.class).length
    if (seen.length > 1) return `${right} of ${seen.length} as asked`
    return right === 1
      ? `${className(first, model)}, as asked`
      : `${className(first, model)}, not ${className(settings.class, model)}`
  }
  return (
    <table className="num text-[0.8125rem]">
      <caption className="pb-1 text-left text-xs whitespace-nowrap text-muted">
        The style that it sees{settings.class === null ? '' : `; ${className(settings.class, model)} was asked for`}
      </caption>
      <tbody>
        {ROLES.map((role) => (
          <tr key={role}>
            <th scope="row" className={`pr-4 text-left font-normal ${TONE[role]}`}>
              {role}
            </th>
            <td>{words(role)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** What the family's Fréchet distance is called. */
const useMetric = () => usePage(({ model }) => model.judge?.metric ?? 'Fréchet distance')

const plainNumber = (value: number) => fixed(value)
const share = (value: number) => `${fixed(100 * value, 1)}`

/** `estimate`: null where no class was asked for, undefined before there are numbers. */
function Cell({
  estimate,
  text,
}: {
  readonly estimate: Estimate | null | undefined
  readonly text: (value: number) => string
}) {
  if (estimate === undefined) return <td className="pl-5 text-right text-muted">–</td>
  if (!estimate) return <td className="pl-5 text-right text-muted">no class asked</td>
  return (
    <td className="pl-5 text-right whitespace-nowrap">
      {text(estimate.value)}
      {estimate.margin !== null && <span className="text-muted"> ± {text(estimate.margin)}</span>}
    </td>
  )
}

function Numbers({ metrics, settings }: Pick<Evaluation, 'metrics' | 'settings'>) {
  const metric = useMetric()
  const positive = metrics?.positive
  const guided = metrics?.guided
  const rows = [
    [metric, '', positive?.frechet, guided?.frechet, plainNumber],
    ['Class agreement', '%', positive?.agreement, guided?.agreement, share],
    ['Precision', '%', positive?.precision, guided?.precision, share],
    ['Recall', '%', positive?.recall, guided?.recall, share],
  ] as const
  return (
    <div className="overflow-x-auto">
      <table className="num text-[0.8125rem]">
        <caption className="pb-1 text-left text-xs text-muted">
          {positive
            ? `${positive.samples} images each${positive.frechet.margin === null ? '' : ', with 95 % intervals'}`
            : `The first numbers come with ${FIRST} images`}
        </caption>
        <thead>
          <tr>
            <th scope="col">
              <span className="sr-only">measure</span>
            </th>
            <th scope="col" className="pl-5 text-right font-medium text-positive">
              positive alone
            </th>
            <th scope="col" className="pl-5 text-right font-medium">
              {isGuided(settings) ? 'guided' : 'not guided'}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, unit, plus, pushed, text]) => (
            <tr key={name}>
              <th scope="row" className="text-left font-normal">
                {name} {unit && <span className="text-muted">{unit}</span>}
              </th>
              <Cell estimate={plus} text={text} />
              <Cell estimate={pushed} text={text} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** How far the images are that are being drawn. */
function Progress({
  evaluation: { state, done, wanted, millisecondsLeft, message },
}: {
  readonly evaluation: Evaluation
}) {
  const busy = usePage((page) => page.run.coming !== null)
  if (state === 'failed') return <p className="text-[0.8125rem] text-alert">The images could not be drawn: {message}</p>
  if (state === 'done') return null
  const words = {
    drawing: busy ? 'waits for the pictures above' : millisecondsLeft === null ? 'begun' : minutes(millisecondsLeft),
    measuring: 'measuring',
    stopped: 'stopped',
  }[state]
  return (
    <div className="max-w-md">
      <p className="num text-xs text-muted">
        {done} of {wanted} images, {words}
      </p>
      <div
        className="mt-1 h-0.5 bg-line"
        role="progressbar"
        aria-label="Drawing images"
        aria-valuenow={Math.round((100 * done) / wanted)}
        aria-valuemin={0}
        aria-valuemax={100}
      >
        <div className="h-full bg-positive" style={{ width: `${(100 * done) / wanted}%` }} />
      </div>
    </div>
  )
}

function Many() {
  const session = useSession()
  const [count, setCount] = useState<number>(COUNTS[0])
  const model = usePage((state) => state.model)
  const settings = usePage((state) => state.settings)
  const evaluation = usePage((state) => state.judge.evaluation)
  const ready = usePage((state) => state.engine.status.kind === 'ready')
  const under = evaluation?.state === 'drawing' || evaluation?.state === 'measuring'
  const reason = countRefusal(settings, count) ?? settingsRefusals(settings, model)[0] ?? null
  const other = evaluation !== null && !sameSettings({ ...evaluation.settings, samples: settings.samples }, settings)
  return (
    <div className="flex min-w-0 flex-col gap-2.5">
      <div className="flex flex-wrap items-center gap-2">
        <Segments
          label="How many images"
          value={String(count)}
          options={COUNTS.map((each) => ({ value: String(each), label: String(each) }))}
          onChange={(next) => setCount(Number(next))}
        />
        {under ? (
          <button type="button" className="button h-7" onClick={session.judge.stop}>
            Stop drawing
          </button>
        ) : (
          <button
            type="button"
            className="button h-7"
            disabled={!ready || reason !== null}
            onClick={() => void session.judge.evaluate(count)}
          >
            Draw {count} images and compare
          </button>
        )}
      </div>
      {reason !== null && <p className="text-xs text-muted">{reason}</p>}
      {evaluation && (
        <>
          {other && (
            <p className="num text-xs text-muted">
              Of the settings before your last change:{' '}
              {caption(
                evaluation.settings,
                model,
                evaluation.settings.class === null ? 'any class' : 'classes in turn',
              )}
              .
            </p>
          )}
          <Progress evaluation={evaluation} />
          <Numbers metrics={evaluation.metrics} settings={evaluation.settings} />
        </>
      )}
    </div>
  )
}

function Body() {
  const judge = usePage((state) => state.judge.state)
  const metric = useMetric()
  const session = useSession()
  switch (judge.kind) {
    case 'closed':
      return null
    case 'fetching':
      return (
        <div className="mt-2 max-w-md">
          <p className="num text-xs text-muted">
            Fetching the judge, {megabytes(judge.loaded)} of {megabytes(judge.total)} MB
          </p>
          <div
            className="mt-1 h-0.5 bg-line"
            role="progressbar"
            aria-label="Fetching the judge"
            aria-valuenow={Math.round((100 * judge.loaded) / Math.max(1, judge.total))}
            aria-valuemin={0}
            aria-valuemax={100}
          >
            <div
              className="h-full bg-positive"
              style={{ width: `${(100 * judge.loaded) / Math.max(1, judge.total)}%` }}
            />
          </div>
        </div>
      )
    case 'failed':
      return (
        <p className="mt-2 text-[0.8125rem]">
          <span className="text-alert">The judge can’t be used: {judge.message}</span>{' '}
          <button
            type="button"
            className="underline decoration-line underline-offset-2 hover:decoration-ink"
            onClick={() => {
              session.judge.close()
              void session.judge.open()
            }}
          >
            Try again
          </button>
        </p>
      )
    case 'open':
      return (
        <>
          <div className="mt-2.5 flex flex-wrap items-start gap-x-12 gap-y-4">
            <Seen />
            <Many />
          </div>
          <p className="mt-3 max-w-[44rem] text-xs text-muted">
            {metric} is the distance of the images to held-out drawings of all styles in the judge’s features: lower is
            better. It is no FID, and it falls with the number of images, so compare equal numbers only. Precision:
            images that look like drawings. Recall: drawings that look like images. Classes take turns and seeds count
            up; drawing waits while you change something.
          </p>
        </>
      )
    default:
      return judge satisfies never
  }
}

export function JudgePanel() {
  const session = useSession()
  const titleId = useId()
  const kind = usePage((state) => state.judge.state.kind)
  const closed = kind === 'closed'
  const bytes = session.judgeBytes
  const section = useRef<HTMLElement>(null)
  const evaluates = usePage((state) => state.judge.evaluation !== null)
  // It opens at the foot of the page, and grows there.
  useEffect(() => {
    if (kind === 'open') section.current?.scrollIntoView({ block: 'nearest' })
  }, [kind, evaluates])
  return (
    <section ref={section} aria-labelledby={titleId} className="mt-5 border-t border-line pt-3">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <p className="min-w-0 flex-[1_1_16rem] text-[0.8125rem] text-muted">
          <span id={titleId} role="heading" aria-level={2} className="pr-2 font-medium text-ink">
            Judge
          </span>
          {closed &&
            (bytes === null
              ? 'This family of models has no judge.'
              : 'A small classifier says which style it sees, and how good many images are.')}
        </p>
        {closed ? (
          bytes !== null && (
            <button type="button" className="button num h-7" onClick={() => void session.judge.open()}>
              Ask the judge · {megabytes(bytes)} MB
            </button>
          )
        ) : (
          <button
            type="button"
            className="rounded-sm px-1 text-xs text-muted hover:text-ink"
            onClick={session.judge.close}
          >
            Close<span className="sr-only"> the judge</span>
          </button>
        )}
      </div>
      <Body />
    </section>
  )
}
