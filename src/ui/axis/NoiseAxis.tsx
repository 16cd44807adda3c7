/** The noise axis, σ_max to 0: what plays the way, the numbers of a step, their lines, the playhead and the guidance window. */
import { type PointerEvent, useEffect, useMemo, useRef, useState } from 'react'
import { noiseLevels } from '../../sampling/schedule'
import { usePage, useSession, useShown, useShownSettings } from '../app/store'
import { formatSigma } from '../../core/format'
import { nearestLevel, sigmaTicks } from './axis'
import { Curves, Mark } from './Curves'
import { GuidanceWindow } from './GuidanceWindow'
import { PlayheadHandle } from './PlayheadHandle'
import { shareAt } from './pointer'
import { Part } from '../view/Part'
import { Readouts } from './Readouts'
import { Transport } from './Transport'

/** The width of the row of ticks, in letters as high as theirs; that of a phone before it is known, where more would overlap. */
function useLetters() {
  const ref = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(32)
  useEffect(() => {
    if (!ref.current) return
    const observer = new ResizeObserver(
      ([entry]) =>
        entry && setWidth(entry.contentRect.width / Number.parseFloat(getComputedStyle(entry.target).fontSize)),
    )
    observer.observe(ref.current)
    return () => observer.disconnect()
  }, [])
  return [ref, width] as const
}

export function NoiseAxis() {
  const session = useSession()
  const [ref, width] = useLetters()
  const model = usePage((state) => state.model)
  const steps = useShownSettings((settings) => settings.steps)
  const run = useShown((run) => run)
  const sigmas = useMemo(() => noiseLevels(steps, model), [steps, model])
  const ticks = useMemo(() => sigmaTicks(sigmas, 3.3 / width), [sigmas, width])
  const seek = (event: PointerEvent) => {
    if (!run) return
    const levels = [...run.records.map((record) => record.sigma), ...(run.final ? [0] : [])]
    session.seek(nearestLevel(shareAt(event, event.currentTarget), levels, sigmas) / run.steps)
  }

  return (
    <section data-part="axis" aria-label="Noise axis" className="border-t border-line bg-bg px-3 pt-2 pb-2 sm:px-6">
      <div className="mb-2.5 flex items-center justify-between gap-x-2">
        <Transport />
        <Readouts />
      </div>
      <div className="relative">
        <div
          className="relative h-9 cursor-pointer touch-none border-y border-line bg-surface sm:h-14 short:h-9"
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId)
            seek(event)
          }}
          onPointerMove={(event) => event.currentTarget.hasPointerCapture(event.pointerId) && seek(event)}
        >
          <Curves sigmas={sigmas} />
          <Mark sigmas={sigmas} />
          <PlayheadHandle sigmas={sigmas} />
        </div>
        <div ref={ref} className="num relative mt-1 h-4 text-tiny text-muted" aria-hidden translate="no">
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
        <Part name="window">
          <GuidanceWindow />
        </Part>
      </div>
    </section>
  )
}
