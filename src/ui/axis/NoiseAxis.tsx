/**
 * The noise axis, σ_max to 0: the playhead, the guidance window as a band with two handles, and along it how large the
 * difference is and how it lies to the noise.
 */
import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef, useState } from 'react'
import { karrasSchedule } from '../../sampling/schedule'
import { isGuided } from '../../guidance/index'
import { edgePosition, linePath, moveBound, nearestLevel, positionOfSigma, sigmaTicks, windowEdges } from './axis'
import { formatSigma } from '../kit/format'
import type { Lens } from '../lens/lens'
import type { ImageSize } from '../../core/image'
import { valueOf, valueText } from '../../numbers'
import { clippedShare } from '../../numbers/numbers/clipped-share'
import { differenceSize } from '../../numbers/numbers/difference-size'
import { noiseCosine } from '../../numbers/numbers/noise-cosine'
import type { StepNumber } from '../../numbers/number'
import { frameOf, lastFrame, type Run } from '../run/run'
import { usePage, useSession } from '../app/store'
import { Segments } from '../kit/fields'
import { useRecord } from '../equation/StepNumbers'

/** Height of the plot in its own units; the width is 1000. */
const PLOT = 100

function useWidth() {
  const ref = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(800)
  useEffect(() => {
    if (!ref.current) return
    const observer = new ResizeObserver(([entry]) => entry && setWidth(entry.contentRect.width))
    observer.observe(ref.current)
    return () => observer.disconnect()
  }, [])
  return [ref, width] as const
}

/** Share of an element's width under a pointer. */
function shareAt(event: PointerEvent, element: Element): number {
  const box = element.getBoundingClientRect()
  return (event.clientX - box.left) / box.width
}

/** Height of the ratio line; the largest ratio of the run reaches the top. */
function ratioY(value: number, top: number): number {
  return PLOT - 6 - (value / top) * (PLOT - 14)
}

/** A number at each step of a run, for one image. */
function valuesOf(number: StepNumber, run: Run | null, focus: number, shape: ImageSize): (number | null)[] {
  return (run?.records ?? []).map(({ samples }) => (samples[focus] ? valueOf(number, samples[focus], shape) : null))
}

function topRatio(run: Run | null, focus: number, shape: ImageSize): number {
  return Math.max(...valuesOf(differenceSize, run, focus, shape).map((ratio) => ratio ?? 0), 1e-9)
}

/** Marks the step that the equation and the readouts are about. */
function Mark({ sigmas }: { readonly sigmas: readonly number[] }) {
  const run = usePage((state) => state.run.shown)
  const focus = usePage((state) => state.stage.focus)
  const record = useRecord()
  const { image } = usePage((state) => state.model)
  const sample = record?.samples[focus]
  const ratio = sample ? valueOf(differenceSize, sample, image) : null
  if (!run || !record || ratio === null) return null
  return (
    <span
      className="pointer-events-none absolute size-2 -translate-1/2 rounded-full border-2 border-positive bg-surface"
      style={{
        left: `${100 * positionOfSigma(record.sigma, sigmas)}%`,
        top: `${(100 * ratioY(ratio, topRatio(run, focus, image))) / PLOT}%`,
      }}
    />
  )
}

function Lines({ sigmas }: { readonly sigmas: readonly number[] }) {
  const run = usePage((state) => state.run.shown)
  const focus = usePage((state) => state.stage.focus)
  const { image } = usePage((state) => state.model)
  const { ratio, cosine } = useMemo(() => {
    const records = run?.records ?? []
    const x = (index: number) => 1000 * positionOfSigma(records[index]?.sigma ?? 0, sigmas)
    const top = topRatio(run, focus, image)
    return {
      ratio: linePath(valuesOf(differenceSize, run, focus, image), x, (value) => ratioY(value, top)),
      cosine: linePath(valuesOf(noiseCosine, run, focus, image), x, (value) => PLOT / 2 - value * (PLOT / 2 - 6)),
    }
  }, [run, focus, sigmas, image])
  return (
    <svg
      viewBox={`0 0 1000 ${PLOT}`}
      preserveAspectRatio="none"
      className="pointer-events-none absolute inset-0 h-full w-full"
      aria-hidden
    >
      <line x1="0" x2="1000" y1={PLOT / 2} y2={PLOT / 2} stroke="var(--line)" vectorEffect="non-scaling-stroke" />
      <path
        d={cosine}
        fill="none"
        stroke="var(--muted)"
        strokeWidth="1.25"
        strokeDasharray="3 3"
        vectorEffect="non-scaling-stroke"
      />
      <path d={ratio} fill="none" stroke="var(--positive)" strokeWidth="1.5" vectorEffect="non-scaling-stroke" />
    </svg>
  )
}

function Handle({ bound, sigmas }: { readonly bound: 'upper' | 'lower'; readonly sigmas: readonly number[] }) {
  const session = useSession()
  const window = usePage((state) => state.settings.window)
  const steps = sigmas.length - 1
  const [high, low] = windowEdges(window, sigmas)
  const edge = bound === 'upper' ? high : low
  const move = (to: number, gesture: 'drag' | 'discrete') => {
    if (to !== edge) session.change({ window: moveBound(window, bound, to, sigmas) }, gesture)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const by: Record<string, number> = {
      ArrowLeft: -1,
      ArrowDown: -1,
      ArrowRight: 1,
      ArrowUp: 1,
      PageUp: 4,
      PageDown: -4,
      Home: -steps,
      End: steps,
    }
    const step = by[event.key]
    if (step === undefined) return
    event.preventDefault()
    move(edge + step, 'discrete')
  }
  const sigma = bound === 'upper' ? window[1] : window[0]
  return (
    <div
      role="slider"
      tabIndex={0}
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

function GuidanceWindow({ sigmas }: { readonly sigmas: readonly number[] }) {
  const window = usePage((state) => state.settings.window)
  const [high, low] = windowEdges(window, sigmas)
  const steps = sigmas.length - 1
  const left = edgePosition(high, steps)
  const right = edgePosition(low, steps)
  return (
    <div className="relative mt-1 h-6">
      <div className="absolute inset-x-0 top-1/2 h-px bg-line" />
      <div
        className="absolute top-1 bottom-1 overflow-hidden rounded-[2px] bg-band px-2 text-center text-[0.6875rem] leading-4 whitespace-nowrap text-ink"
        style={{ left: `${100 * left}%`, right: `${100 * (1 - right)}%` }}
      >
        <span className="num hidden sm:inline">
          guided
          {window[0] === 0 && window[1] === Infinity
            ? ' at every σ'
            : ` for ${formatSigma(window[0])} < σ ≤ ${formatSigma(window[1])}`}
        </span>
      </div>
      <Handle bound="upper" sigmas={sigmas} />
      <Handle bound="lower" sigmas={sigmas} />
    </div>
  )
}

function Playhead({ sigmas }: { readonly sigmas: readonly number[] }) {
  const session = useSession()
  const run = usePage((state) => state.run.shown)
  const position = usePage((state) => state.playhead.position)
  const steps = run?.steps ?? sigmas.length - 1
  const frame = run ? Math.min(frameOf(position, steps), lastFrame(run)) : steps
  const sigma = run?.records[frame]?.sigma ?? 0
  const onKeyDown = (event: KeyboardEvent) => {
    const by: Record<string, number> = {
      ArrowLeft: -1,
      ArrowDown: -1,
      ArrowRight: 1,
      ArrowUp: 1,
      PageUp: 4,
      PageDown: -4,
    }
    if (event.key === 'Home') session.seek(0)
    else if (event.key === 'End') session.seek(1)
    else if (by[event.key] !== undefined) session.stepBy(by[event.key]!)
    else return
    event.preventDefault()
  }
  return (
    <div
      role="slider"
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

interface ReadoutProps {
  readonly label: string
  readonly value: string
  readonly title: string
  readonly lens: Lens
  /** How its line on the axis is drawn; a number without a line has none. */
  readonly stroke?: { readonly colour: string; readonly dash?: string }
}

/** A number of the step under the playhead; a click shows the picture that explains it. */
function Readout({ label, value, title, lens, stroke }: ReadoutProps) {
  const session = useSession()
  const open = usePage((state) => state.equation.lens === lens)
  return (
    <button
      type="button"
      data-part={`number-${lens}`}
      title={title}
      aria-pressed={open}
      className="flex items-center justify-end gap-1.5 rounded-[4px] px-1 text-muted hover:bg-sunken hover:text-ink aria-pressed:bg-sunken aria-pressed:text-ink"
      onClick={() => {
        session.look(lens)
        document.getElementById('moment')?.scrollIntoView({ block: 'nearest', behavior: 'smooth' })
      }}
    >
      {stroke && (
        <svg viewBox="0 0 16 2" className="h-0.5 w-4" aria-hidden>
          <line x1="0" x2="16" y1="1" y2="1" stroke={stroke.colour} strokeWidth="2" strokeDasharray={stroke.dash} />
        </svg>
      )}
      <span className="underline decoration-line underline-offset-2">{label}</span>
      <span className="num min-w-9 text-right text-ink">{value}</span>
    </button>
  )
}

function Readouts() {
  const focus = usePage((state) => state.stage.focus)
  const record = useRecord()
  const sample = record?.samples[focus] ?? record?.samples[0]
  const { image } = usePage((state) => state.model)
  const textOf = (number: StepNumber) => valueText(number, sample ? valueOf(number, sample, image) : null)
  return (
    <div
      role="group"
      aria-label="Numbers of this step"
      className="flex flex-col text-[0.6875rem] leading-4 sm:flex-row sm:gap-x-2 sm:text-xs"
    >
      <Readout
        label="‖Δ‖ / ‖D⁺‖"
        value={textOf(differenceSize)}
        title="How large the difference is. Shows it."
        lens="size"
        stroke={{ colour: 'var(--positive)' }}
      />
      <Readout
        label="cos(Δ, noise)"
        value={textOf(noiseCosine)}
        title="How the difference lies to the noise. Shows both."
        lens="noise"
        stroke={{ colour: 'var(--muted)', dash: '3 3' }}
      />
      <Readout
        label="clipped"
        value={textOf(clippedShare)}
        title="Share of the values of D that no pixel can show. Shows where."
        lens="clipped"
      />
    </div>
  )
}

function Transport() {
  const session = useSession()
  const playing = usePage((state) => state.playhead.playing)
  const view = usePage((state) => state.stage.view)
  const live = usePage((state) => state.run.shown?.origin === 'live')
  return (
    <div className="flex items-center gap-1.5 sm:gap-3">
      <button type="button" className="button sm:w-[4.75rem]" onClick={session.togglePlay}>
        <svg viewBox="0 0 10 10" className="size-2.5" aria-hidden>
          {playing ? (
            <path d="M1 0h3v10H1zM6 0h3v10H6z" fill="currentColor" />
          ) : (
            <path d="M1 0l9 5-9 5z" fill="currentColor" />
          )}
        </svg>
        <span className="max-sm:sr-only">{playing ? 'Pause' : 'Play'}</span>
      </button>
      {live ? (
        <Segments
          label="Pictures show"
          value={view}
          options={[
            { value: 'denoised', label: 'denoised' },
            { value: 'noisy', label: 'noisy x' },
          ]}
          onChange={(next) => session.set({ stage: { view: next === 'noisy' ? 'noisy' : 'denoised' } })}
        />
      ) : (
        <span className="text-xs text-muted">noisy x comes with the live model</span>
      )}
    </div>
  )
}

export function NoiseAxis() {
  const session = useSession()
  const [ref, width] = useWidth()
  const model = usePage((state) => state.model)
  const steps = usePage((state) => state.settings.steps)
  const method = usePage((state) => state.settings.method)
  const scale = usePage((state) => state.settings.scale)
  const run = usePage((state) => state.run.shown)
  const sigmas = useMemo(() => karrasSchedule(steps, model.sigma), [steps, model])
  const ticks = useMemo(() => sigmaTicks(sigmas, 36 / width), [sigmas, width])
  const seek = (event: PointerEvent) => {
    if (!run) return
    const levels = [...run.records.map((record) => record.sigma), ...(run.final ? [0] : [])]
    session.seek(nearestLevel(shareAt(event, event.currentTarget), levels, sigmas) / run.steps)
  }
  const guided = isGuided({ method }) && scale > 0

  return (
    <section aria-label="Noise axis" className="border-t border-line bg-bg px-3 pt-2 pb-2 sm:px-6">
      <div className="mb-2.5 flex items-center justify-between gap-x-2">
        <Transport />
        <Readouts />
      </div>
      <div ref={ref} className="relative">
        <div
          className="relative h-9 cursor-pointer touch-none border-y border-line bg-surface sm:h-14 short:h-9"
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId)
            seek(event)
          }}
          onPointerMove={(event) => event.currentTarget.hasPointerCapture(event.pointerId) && seek(event)}
        >
          <Lines sigmas={sigmas} />
          <Mark sigmas={sigmas} />
          <Playhead sigmas={sigmas} />
        </div>
        <div className="num relative mt-1 h-4 text-[0.6875rem] text-muted" aria-hidden>
          {ticks.map(({ sigma, position }) => (
            <span
              key={sigma}
              className="absolute -translate-x-1/2 whitespace-nowrap"
              style={{ left: `${100 * position}%` }}
            >
              {position === ticks[0]!.position ? `σ ${formatSigma(sigma)}` : formatSigma(sigma)}
            </span>
          ))}
        </div>
        {guided ? (
          <GuidanceWindow sigmas={sigmas} />
        ) : (
          <p className="mt-1 h-6 text-xs text-muted">No guidance window: nothing is guided.</p>
        )}
      </div>
    </section>
  )
}
