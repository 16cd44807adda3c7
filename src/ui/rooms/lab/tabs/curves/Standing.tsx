/** How far the curve is, and what was decided: with how many images, and how sure that is. */
import { durationText } from '../../../../../core/format'
import { Progress } from '../../../../kit/Progress'
import { list } from '../../../measured/words'
import { ERROR } from '../../judged/race'
import type { WorkState } from '../../judged/work'
import type { CurvesState } from './desk'
import { pointsOf } from './curve'
import { doneOf } from './view'

const timeLeft = (milliseconds: number | null): string =>
  milliseconds === null ? '' : `, about ${durationText(milliseconds)} left`

/** More are not listed by name. */
const FEW = 5

/** What a race found, in a sentence. Pure. */
export function foundText({ curve, left, beaten, stage }: CurvesState): string | null {
  if (!curve || !left) return null
  const nameOf = (key: string) => curve.places.find(({ point }) => point?.key === key)?.name ?? key
  const names = left.map(({ id }) => nameOf(id))
  const out = Object.keys(beaten).length
  if (names.length === 1) {
    const most = Math.max(0, ...Object.values(beaten).map(({ images }) => images))
    return `${names[0]} is the best of these, decided with ${most} images each or fewer. With at most ${100 * ERROR} % chance the best one was dropped on the way.`
  }
  const rest = out === 0 ? '' : ` ${out} ${out === 1 ? 'is' : 'are'} beaten.`
  const open = names.length > FEW ? `${names.length} points, led by ${names[0]}` : list(names)
  if (stage !== 'done') return out === 0 ? null : `Still in it: ${open}.${rest}`
  return `Not told apart with ${curve.wish.images} images each: ${open}.${rest} More images may tell.`
}

export function Standing({ state, work }: { readonly state: CurvesState; readonly work: WorkState }) {
  const { curve, plain, stage, message } = state
  if (stage === 'failed') {
    return (
      <p role="alert" className="text-label text-alert">
        The curve could not be drawn: {message}
      </p>
    )
  }
  if (!curve) {
    const { loading } = work
    return stage === 'opening' ? (
      <p className="late text-label text-muted">
        Fetching the judge
        {loading ? `, ${(loading.loaded / 1e6).toFixed(1)} of ${(loading.total / 1e6).toFixed(1)} MB` : ''}.
      </p>
    ) : null
  }
  const keys = [...pointsOf(curve.places).map(({ key }) => key), ...(plain ? [plain.key] : [])]
  const { done, wanted } = doneOf(work.points, keys)
  const found = foundText(state)
  const doing = {
    idle: '',
    opening: ', opening',
    running: work.stage === 'measuring' ? ', measuring' : timeLeft(work.millisecondsLeft),
    paused: ', paused',
    done: '',
  }[stage]
  return (
    <div className="max-w-xl">
      <p className="num text-hint text-muted" data-part="curve-progress" data-stage={stage}>
        {done} of {wanted} images{doing}
      </p>
      {stage !== 'done' && <Progress label="Images of the curve" done={done} total={wanted} />}
      <p role="status" className="mt-1.5 text-label" data-part="curve-found">
        {found}
      </p>
    </div>
  )
}
