/** How many samples a wall has, what draws them, and how far that is. */
import { about } from '../../../../compare/nine'
import { Hint } from '../../../../kit/Hint'
import { NumberInput } from '../../../../kit/NumberInput'
import { Progress } from '../../../../kit/Progress'
import { useKept } from '../../use-lab'
import { FEWEST, MOST, type Wall, type WallState } from './wall'

/** How far it is. */
function progressWords({ state, samples, millisecondsLeft, message }: WallState): string {
  const drawn = samples.filter(({ guided }) => guided).length
  const done = `${drawn} of ${samples.length} samples`
  switch (state) {
    case 'looking':
      return 'Looking for samples that are kept.'
    case 'idle':
      return drawn > 0 ? `${done}.` : ''
    case 'drawing':
      return `${done}${millisecondsLeft === null ? '' : `, ${about(millisecondsLeft)} left`}.`
    case 'failed':
      return `Stopped at ${done}: ${message ?? ''}`
    case 'done':
      return `${done}.`
    default:
      return state satisfies never
  }
}

interface SteeringProps {
  readonly wall: Wall
  readonly count: number
  /** Why they can't be drawn. */
  readonly refusal: string | null
  readonly onCount: (count: number) => void
}

export function Steering({ wall, count, refusal, onCount }: SteeringProps) {
  const state = useKept(wall.store, (all) => all)
  const total = state.samples.length
  const drawn = state.samples.filter(({ guided }) => guided).length
  const drawing = state.state === 'drawing'
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="flex items-center gap-2 text-label">
          <span aria-hidden>Samples</span>
          <NumberInput
            part="wall-count"
            label="How many samples"
            value={count}
            min={FEWEST}
            max={MOST}
            whole
            className="w-14"
            onChange={onCount}
          />
        </div>
        {drawing && (
          <button type="button" data-part="wall-stop" className="button" onClick={wall.stop}>
            Stop
          </button>
        )}
        {!drawing && drawn < total && (
          <button
            type="button"
            data-part="wall-draw"
            className="button"
            disabled={refusal !== null || state.state === 'looking'}
            onClick={wall.go}
          >
            {`Draw ${total - drawn} samples`}
          </button>
        )}
        <Hint part="wall-progress" figures className="min-w-40 flex-1">
          {refusal ?? progressWords(state)}
        </Hint>
        <p role="status" className="sr-only">
          {state.state === 'done' ? `All ${total} samples are drawn.` : ''}
        </p>
      </div>
      {drawing && <Progress label="Drawing samples" done={drawn} total={total} />}
    </>
  )
}
