/** The playhead on the noise axis: the step that everything on the page is about. */
import type { KeyboardEvent } from 'react'
import { usePage, useSession, useShown } from '../app/store'
import { formatSigma } from '../../core/format'
import { frameOf, lastFrame } from '../run/run'
import { positionOfSigma } from './axis'
import { KEY_STEPS } from './keys'

export function PlayheadHandle({ sigmas }: { readonly sigmas: readonly number[] }) {
  const session = useSession()
  const run = useShown((run) => run)
  const position = usePage((state) => state.playhead.position)
  const steps = run?.steps ?? sigmas.length - 1
  const frame = run ? Math.min(frameOf(position, steps), lastFrame(run)) : steps
  const sigma = run?.records[frame]?.sigma ?? 0
  const onKeyDown = (event: KeyboardEvent) => {
    const step = KEY_STEPS[event.key]
    if (event.key === 'Home') session.seek(0)
    else if (event.key === 'End') session.seek(1)
    else if (step !== undefined) session.stepBy(step)
    else return
    event.preventDefault()
  }
  return (
    <div
      role="slider"
      data-part="playhead"
      tabIndex={0}
      aria-label="Playhead on the noise axis"
      aria-valuemin={0}
      aria-valuemax={steps}
      aria-valuenow={frame}
      aria-valuetext={`step ${frame} of ${steps}, σ ${formatSigma(sigma)}`}
      className="absolute -inset-y-0.5 w-5 -translate-x-1/2 rounded-sm"
      style={{ left: `${100 * positionOfSigma(sigma, sigmas)}%` }}
      onKeyDown={onKeyDown}
    >
      <span className="absolute inset-y-0 left-1/2 w-0.5 -translate-x-1/2 bg-ink" />
      <span className="absolute top-0 left-1/2 size-2.5 -translate-x-1/2 -translate-y-1/2 rounded-full bg-ink" />
    </div>
  )
}
