/** Suggest: a search over scale, layers and window of one method; what it tried, who is left, and the settings that it found. */
import { useEffect, useState } from 'react'
import { isGuided } from '../../../../../guidance'
import { axisLabel } from '../../../../../lab/axis'
import type { ModelInfo } from '../../../../../model/types'
import { encodeLink } from '../../../../../settings'
import type { Settings } from '../../../../../settings/types'
import { caption, methodName } from '../../../../../settings/words'
import { Hint } from '../../../../kit/Hint'
import { Segments } from '../../../../kit/Segments'
import { list } from '../../../measured/words'
import { imageOf } from '../../judged/point'
import { ERROR } from '../../judged/race'
import type { PointState, WorkState } from '../../judged/work'
import type { Lab } from '../../lab'
import type { Place } from './curve'
import type { Curves } from './make'
import { stepsOf } from './search'
import type { SearchState, Stepped } from './search-desk'
import { useSearch, useWork } from './use-curves'
import { latest, metricOf, numberText } from './view'

const MOST = [100, 200, 400] as const

interface SearchProps {
  readonly lab: Lab
  readonly curves: Curves
  readonly settings: Settings
  readonly model: ModelInfo
}

function standingText({ point }: Place, { beaten, left, images }: Stepped): string {
  const out = beaten[point!.key]
  if (out) return `out after ${out.images} images: behind by ${numberText('frechet', out.behind)}`
  if (!left) return ''
  const own = left.find(({ id }) => id === point!.key)
  if (left[0]?.id === point!.key) return left.length === 1 ? 'the best' : `leads with ${images} images`
  return own ? `not told apart: behind by ${numberText('frechet', own.behind)}` : ''
}

interface TriedProps {
  readonly stepped: Stepped
  readonly points: WorkState['points']
  readonly metric: string
}

function Tried({ stepped, points, metric }: TriedProps) {
  const { step, tried } = stepped
  return (
    <div className="relative overflow-x-auto" role="group" aria-label={`Tried: ${axisLabel(step)}`} tabIndex={0}>
      <table className="num text-hint" data-part={`search-${step}`}>
        <caption className="pb-0.5 text-left text-label">{axisLabel(step)}</caption>
        <thead>
          <tr className="text-muted">
            <th scope="col" className="pr-4 text-left font-normal">
              value
            </th>
            <th scope="col" className="pr-4 text-right font-normal">
              images
            </th>
            <th scope="col" className="pr-4 text-right font-normal">
              {metric}
            </th>
            <th scope="col" className="text-left font-normal">
              beside the leader
            </th>
          </tr>
        </thead>
        <tbody>
          {tried.map((place) => {
            const state: PointState | undefined = points[place.point!.key]
            const numbers = latest(state)
            return (
              <tr key={place.text} className="border-t border-line">
                <th scope="row" className="py-0.5 pr-4 text-left font-normal whitespace-nowrap" translate="no">
                  <a className="link" href={`#${encodeLink(imageOf(place.point!, 0), place.point!.model)}`}>
                    {place.text.replaceAll('_', '–')}
                  </a>
                </th>
                <td className="pr-4 text-right" translate="no">
                  {state?.have ?? 0}
                </td>
                <td className="pr-4 text-right whitespace-nowrap" translate="no">
                  {numbers && numberText('frechet', numbers.frechet)}
                  {numbers?.frechet.margin === null && <span className="text-muted"> ± ?</span>}
                </td>
                <td className="whitespace-nowrap text-muted">{standingText(place, stepped)}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

/** What came of it, in a sentence; how sure it is belongs to it. Pure. */
export function foundText({ steps, stage, most }: Pick<SearchState, 'steps' | 'stage' | 'most'>): string | null {
  if (stage !== 'done') return null
  const open = steps.filter(({ left }) => (left?.length ?? 0) > 1).map(({ step }) => axisLabel(step).toLowerCase())
  const sure = `In at most ${100 * ERROR} of 100 such searches the best candidate of a step is dropped by chance`
  const rest =
    open.length === 0
      ? ''
      : ` With ${most} images each, ${list(open)} ${open.length === 1 ? 'was' : 'were'} not decided: the leader is taken.`
  return `${sure}; steps are searched one after another, so a pair that is good only together may be missed.${rest}`
}

/** Where no scale leads. Pure. */
export function unguidedText({ steps }: Pick<SearchState, 'steps'>): string {
  const left = steps.find(({ step }) => step === 'scale')?.left?.length ?? 0
  return left > 1
    ? 'no guidance: no scale that is still in it was told apart from it'
    : 'no guidance: every other scale is worse'
}

function Found({ lab, state }: { readonly lab: Lab; readonly state: SearchState }) {
  const { best, from, stage, message } = state
  if (stage === 'failed') {
    return (
      <p role="alert" className="text-label text-alert">
        The search ended: {message}
      </p>
    )
  }
  if (!best || !from) return null
  return (
    <div data-part="search-found" className="flex flex-col gap-1">
      <p className="text-label">
        {stage === 'done' ? 'Suggested' : 'So far'}:{' '}
        <span className="num font-medium" translate="no">
          {best.scale === 0 ? unguidedText(state) : caption(best, from.model, 'classes in turn')}
        </span>
      </p>
      <Hint>{foundText(state)}</Hint>
      <p className="flex flex-wrap gap-x-4 text-label">
        <a className="link" data-part="search-take" href={`#${encodeLink(best, from.model)}`}>
          Take these settings
        </a>
        <button type="button" className="link" onClick={() => lab.vary({ model: from.model, settings: best })}>
          Vary them here
        </button>
      </p>
    </div>
  )
}

function Asking({ curves, settings, model, state }: SearchProps & { readonly state: SearchState }) {
  const [most, setMost] = useState<number>(MOST[1])
  const steps = stepsOf(settings, model).map((step) => axisLabel(step).toLowerCase())
  const running = state.stage === 'running'
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <span className="flex items-center gap-2">
        <Segments
          part="search-most"
          label="Images of a candidate at most"
          value={String(most)}
          options={MOST.map((count) => ({ value: String(count), label: String(count) }))}
          onChange={(count) => setMost(Number(count))}
        />
        <span className="text-label text-muted">images at most</span>
      </span>
      {running ? (
        <button type="button" className="button" data-part="search-pause" onClick={() => curves.search.pause()}>
          Pause
        </button>
      ) : (
        <button
          type="button"
          className="button"
          data-part="search-start"
          onClick={() => {
            curves.desk.pause()
            curves.search.start(settings, model, most)
          }}
        >
          Search {list(steps)}
        </button>
      )}
    </div>
  )
}

export function Search(props: SearchProps) {
  const { lab, curves, settings, model } = props
  const state = useSearch(curves)
  const { points } = useWork(curves)
  useEffect(() => void curves.search.resume(settings, model), [curves, settings, model])
  if (!isGuided(settings) || lab.judge.bytes(model) === null) return null
  return (
    <section aria-labelledby="search-heading" className="mt-8 flex flex-col gap-3 border-t border-line pt-4">
      <h2 id="search-heading" className="font-medium">
        Suggest
      </h2>
      <Hint className="max-w-[48rem]">
        Looks for better settings of {methodName(settings)} from here: each step draws its candidates on the same seeds,
        drops whoever is worse beyond doubt, doubles the images of the rest, and hands its leader on.
      </Hint>
      <Asking {...props} state={state} />
      <p role="status" className="num text-hint text-muted" data-part="search-progress" data-stage={state.stage}>
        {state.stage === 'running' &&
          `Step ${state.steps.length || 1}${state.steps.at(-1) ? `: ${axisLabel(state.steps.at(-1)!.step).toLowerCase()}` : ''}`}
        {state.stage === 'paused' && 'Paused: a search goes on with what it has.'}
      </p>
      <Found lab={lab} state={state} />
      <div className="flex flex-wrap gap-x-10 gap-y-4">
        {state.steps.map((stepped) => (
          <Tried key={stepped.step} stepped={stepped} points={points} metric={metricOf(model)} />
        ))}
      </div>
    </section>
  )
}
