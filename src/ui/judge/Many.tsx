/** Draws many images in the background and compares them: how many, how far it is, and what came out. */
import { useState } from 'react'
import { sameSettings } from '../../settings'
import { usePage, useSession, useWanted } from '../app/store'
import { caption } from '../../settings/words'
import { FROM_BEFORE } from '../run/words'
import { Hint } from '../kit/Hint'
import { durationText } from '../../core/format'
import { Progress } from '../kit/Progress'
import { Segments } from '../kit/Segments'
import { settingsRefusals } from '../method/methods'
import { COUNTS, countRefusal } from './judge'
import { Numbers } from './Numbers'
import type { Evaluation } from './slice'

/** How far the images are that are being drawn. */
function Drawing({
  evaluation: { state, done, wanted, millisecondsLeft, message },
}: {
  readonly evaluation: Evaluation
}) {
  const busy = usePage((page) => page.run.coming !== null)
  if (state === 'failed') return <p className="text-label text-alert">The images could not be drawn: {message}</p>
  if (state === 'done') return null
  const words = {
    drawing: busy
      ? 'waits for the pictures above'
      : millisecondsLeft === null
        ? 'begun'
        : `about ${durationText(millisecondsLeft)} left`,
    measuring: 'measuring',
    stopped: 'stopped',
  }[state]
  return (
    <div className="max-w-md">
      <Hint part="judge-progress" figures>{`${done} of ${wanted} images, ${words}`}</Hint>
      <Progress label="Drawing images" done={done} total={wanted} />
    </div>
  )
}

export function Many() {
  const session = useSession()
  const [count, setCount] = useState<number>(COUNTS[0])
  const model = usePage((state) => state.model)
  const settings = useWanted((settings) => settings)
  const evaluation = usePage((state) => state.judge.evaluation)
  const ready = usePage((state) => state.engine.status.kind === 'ready')
  const under = evaluation?.state === 'drawing' || evaluation?.state === 'measuring'
  const reason = countRefusal(settings, count) ?? settingsRefusals(settings, model)[0] ?? null
  // Each image is drawn by itself, however many stand on the stage.
  const other = evaluation !== null && !sameSettings({ ...evaluation.settings, samples: settings.samples }, settings)
  return (
    <div className="flex min-w-0 flex-col gap-2.5">
      <div className="flex flex-wrap items-center gap-2">
        <Segments
          part="judge-count"
          label="How many images"
          value={String(count)}
          options={COUNTS.map((each) => ({ value: String(each), label: String(each) }))}
          onChange={(next) => setCount(Number(next))}
        />
        {under ? (
          <button type="button" data-part="judge-stop" className="button h-7" onClick={session.judge.stop}>
            Stop drawing
          </button>
        ) : (
          <button
            type="button"
            data-part="judge-draw"
            className="button h-7"
            disabled={!ready || reason !== null}
            onClick={() => void session.judge.evaluate(count)}
          >
            Draw {count} images and compare
          </button>
        )}
      </div>
      {reason !== null && <Hint>{reason}</Hint>}
      {evaluation && (
        <>
          {other && (
            <Hint part="judge-other" figures>
              {FROM_BEFORE}:{' '}
              {caption(
                evaluation.settings,
                model,
                evaluation.settings.class === null ? 'any class' : 'classes in turn',
              )}
              .
            </Hint>
          )}
          <Drawing evaluation={evaluation} />
          <Numbers metrics={evaluation.metrics} settings={evaluation.settings} />
        </>
      )}
    </div>
  )
}
