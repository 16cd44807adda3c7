/** The guidance window as a band under the noise axis, with a handle at each bound. */
import { type KeyboardEvent, useMemo } from 'react'
import { isGuided } from '../../guidance/index'
import { noiseLevels } from '../../sampling/schedule'
import { usePage, useSession, useWanted } from '../app/store'
import { formatSigma } from '../../core/format'
import { Hint } from '../kit/Hint'
import { edgePosition, moveBound, windowEdges } from './axis'
import { usePart } from '../view/Part'
import { KEY_STEPS } from './keys'
import { shareAt } from './pointer'

function Handle({ bound, sigmas }: { readonly bound: 'upper' | 'lower'; readonly sigmas: readonly number[] }) {
  const session = useSession()
  const window = useWanted((settings) => settings.window)
  const steps = sigmas.length - 1
  const [high, low] = windowEdges(window, sigmas)
  const edge = bound === 'upper' ? high : low
  const move = (to: number, gesture: 'drag' | 'discrete') => {
    if (to !== edge) session.change({ window: moveBound(window, bound, to, sigmas) }, gesture)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const by: Record<string, number> = { ...KEY_STEPS, Home: -steps, End: steps }
    const step = by[event.key]
    if (step === undefined) return
    event.preventDefault()
    move(edge + step, 'discrete')
  }
  const sigma = bound === 'upper' ? window[1] : window[0]
  const held = usePart('window') === 'held'
  return (
    <div
      role="slider"
      data-part={`window-edge-${bound}`}
      tabIndex={held ? -1 : 0}
      aria-disabled={held}
      aria-label={`Guidance window, ${bound} noise bound`}
      aria-valuemin={0}
      aria-valuemax={steps}
      aria-valuenow={edge}
      aria-valuetext={`σ ${formatSigma(sigma)}`}
      className="absolute top-1/2 z-10 flex h-6 w-6 -translate-x-1/2 -translate-y-1/2 cursor-ew-resize touch-none items-center justify-center rounded-sm"
      style={{ left: `${100 * edgePosition(edge, steps)}%` }}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={(event) => {
        const strip = event.currentTarget.parentElement
        if (strip && event.currentTarget.hasPointerCapture(event.pointerId))
          move(Math.round(shareAt(event, strip) * (steps + 1)), 'drag')
      }}
      onPointerUp={() => session.settle()}
    >
      <span className="h-4 w-1.5 rounded-[2px] bg-ink" />
    </div>
  )
}

/** A control: it speaks of the settings, while the axis above is the pictures'. */
export function GuidanceWindow() {
  const model = usePage((state) => state.model)
  const count = useWanted((settings) => settings.steps)
  const guided = useWanted((settings) => isGuided(settings) && settings.scale !== 0)
  const sigmas = useMemo(() => noiseLevels(count, model), [count, model])
  const window = useWanted((settings) => settings.window)
  const [high, low] = windowEdges(window, sigmas)
  const steps = sigmas.length - 1
  const left = edgePosition(high, steps)
  const right = edgePosition(low, steps)
  if (!guided) return <Hint className="mt-1 h-6">No guidance window: nothing is to be guided.</Hint>
  return (
    <div className="relative mt-1 h-6">
      <div className="absolute inset-x-0 top-1/2 h-px bg-line" />
      <div
        className="absolute top-1 bottom-1 overflow-hidden rounded-[2px] bg-band px-2 text-center text-tiny leading-4 whitespace-nowrap text-ink"
        style={{ left: `${100 * left}%`, right: `${100 * (1 - right)}%` }}
      >
        <span data-part="window-band" className="num hidden sm:inline">
          {window[0] === 0 && window[1] === Infinity ? (
            'guided at every σ'
          ) : (
            <>
              guided for <span translate="no">{`${formatSigma(window[0])} < σ ≤ ${formatSigma(window[1])}`}</span>
            </>
          )}
        </span>
      </div>
      <Handle bound="upper" sigmas={sigmas} />
      <Handle bound="lower" sigmas={sigmas} />
    </div>
  )
}
