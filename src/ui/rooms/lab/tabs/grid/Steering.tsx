/** Draws a grid, pauses it, goes on with it or gives it up; how far it is, and how many evaluations its cells share. */
import { percent } from '../../../../../core/format'
import { about } from '../../../../compare/nine'
import { Hint } from '../../../../kit/Hint'
import { Progress } from '../../../../kit/Progress'
import { useKept } from '../../use-lab'
import type { Drawing, DrawingState } from './drawing'
import { pictured, type ReadyPlan } from './plan'

/** Cells that are no picture of their own. */
export function countWords({ cells }: ReadyPlan): string {
  const pictures = pictured(cells).length
  const refused = cells.filter(({ kind }) => kind === 'refused').length
  const same = cells.length - refused - pictures
  return [
    ...(refused > 0 ? [`${refused} of ${cells.length} cells can’t be drawn and say why`] : []),
    ...(same > 0 ? [`${same} of ${cells.length} cells are the same picture as another`] : []),
  ].join(', ')
}

/** How far it is. */
export function progressWords(state: DrawingState): string {
  const { state: kind, pictures, total, before, millisecondsLeft, message } = state
  const done = `${pictures.size} of ${total} pictures`
  const kept = before > 0 ? `, ${before} of them from before` : ''
  switch (kind) {
    case 'looking':
      return 'Looking for pictures that are kept'
    case 'idle':
      return pictures.size > 0 ? `${done} are kept from before` : ''
    case 'drawing':
      return `${done}${kept}${millisecondsLeft === null ? '' : `, ${about(millisecondsLeft)} left`}`
    case 'paused':
      return `Paused: ${done}${kept}`
    case 'failed':
      return `Stopped at ${done}: ${message ?? ''}`
    case 'done':
      return `${done}${kept}`
    default:
      return kind satisfies never
  }
}

/** What the cells shared. */
export function savedWords({ rows: { asked, evaluated } }: DrawingState): string {
  if (asked === 0) return ''
  const saved = asked - evaluated
  return saved === 0
    ? `${evaluated} evaluations of the network`
    : `${evaluated} evaluations of the network; ${saved} more (${percent(saved / asked)}) were saved, since cells share steps`
}

function Buttons({ drawing, onDraw }: { readonly drawing: Drawing; readonly onDraw: () => void }) {
  const kind = useKept(drawing.store, (state) => state.state)
  const left = useKept(drawing.store, (state) => state.total - state.pictures.size)
  const begun = kind === 'drawing' || kind === 'paused' || kind === 'failed'
  if (!begun && left === 0) return null
  return (
    <div className="flex gap-1.5">
      {kind === 'drawing' ? (
        <button type="button" data-part="grid-pause" className="button" onClick={drawing.pause}>
          Pause
        </button>
      ) : (
        left > 0 && (
          <button type="button" data-part="grid-draw" className="button" disabled={kind === 'looking'} onClick={onDraw}>
            {begun ? 'Go on' : `Draw ${left} ${left === 1 ? 'picture' : 'pictures'}`}
          </button>
        )
      )}
      {begun && (
        <button type="button" data-part="grid-cancel" className="button" onClick={drawing.cancel}>
          Cancel
        </button>
      )}
    </div>
  )
}

interface SteeringProps {
  readonly drawing: Drawing
  readonly plan: ReadyPlan
  readonly onDraw: () => void
}

export function Steering({ drawing, plan, onDraw }: SteeringProps) {
  const state = useKept(drawing.store, (all) => all)
  const { state: kind, pictures, total } = state
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-x-4 gap-y-2">
      <Buttons drawing={drawing} onDraw={onDraw} />
      <div className="min-w-0 flex-[1_1_20rem]">
        <Hint part="grid-count" figures>
          {[progressWords(state), countWords(plan)]
            .filter((words) => words !== '')
            .map((words) => `${words}.`)
            .join(' ')}
        </Hint>
        {savedWords(state) !== '' && (
          <Hint part="grid-saved" figures>
            {savedWords(state)}.
          </Hint>
        )}
        {(kind === 'drawing' || kind === 'paused') && (
          <Progress label="Drawing the grid" done={pictures.size} total={total} />
        )}
      </div>
      <p role="status" className="sr-only" data-part="grid-told">
        {kind === 'done' ? `The grid is drawn: ${total} pictures.` : kind === 'paused' ? 'The grid is paused.' : ''}
      </p>
    </div>
  )
}
