/** Lines of the per-step numbers along the noise axis, those of a pinned run broad and pale behind them, and a mark on the first at the step under the playhead. */
import { useMemo } from 'react'
import { valueOf } from '../../numbers'
import { usePage, useShown } from '../app/store'
import type { Run } from '../run/run'
import { useRecord } from '../run/use-record'
import { linePath, positionOfSigma } from './axis'
import { curves, HEIGHT, heightAmong, valuesOf } from './lines'

interface AxisProps {
  readonly sigmas: readonly number[]
}

/** Marks the step that the equation and the numbers are about. */
export function Mark({ sigmas }: AxisProps) {
  const run = useShown((run) => run)
  const focus = usePage((state) => state.stage.focus)
  const { image } = usePage((state) => state.model)
  const pinned = usePage((state) => state.compare.pinned)
  const record = useRecord()
  const sample = record?.samples[focus]
  const number = curves[0]?.number
  const value = sample && number ? valueOf(number, sample, image) : null
  if (!run || !record || !number || value === null) return null
  const height = heightAmong(number, [run, pinned], focus, image)(value)
  return (
    <span
      className="pointer-events-none absolute size-2 -translate-1/2 rounded-full border-2 border-positive bg-surface"
      style={{ left: `${100 * positionOfSigma(record.sigma, sigmas)}%`, top: `${(100 * height) / HEIGHT}%` }}
    />
  )
}

/** The lines of a run, on a scale that those of the pinned run lie on, too. */
function usePaths(run: Run | null, sigmas: readonly number[]): readonly string[] {
  const shown = useShown((own) => own)
  const pinned = usePage((state) => state.compare.pinned)
  const focus = usePage((state) => state.stage.focus)
  const { image } = usePage((state) => state.model)
  return useMemo(
    () =>
      curves.map(({ number }) => {
        if (!run) return ''
        const x = (index: number) => 1000 * positionOfSigma(run.records[index]?.sigma ?? 0, sigmas)
        return linePath(valuesOf(number, run, focus, image), x, heightAmong(number, [shown, pinned], focus, image))
      }),
    [run, shown, pinned, focus, sigmas, image],
  )
}

export function Curves({ sigmas }: AxisProps) {
  const shown = useShown((run) => run)
  const pinned = usePage((state) => state.compare.pinned)
  const lines = [
    { of: 'pinned', paths: usePaths(pinned, sigmas) },
    { of: 'shown', paths: usePaths(shown, sigmas) },
  ]
  return (
    <svg
      viewBox={`0 0 1000 ${HEIGHT}`}
      preserveAspectRatio="none"
      className="pointer-events-none absolute inset-0 h-full w-full"
      aria-hidden
    >
      <line x1="0" x2="1000" y1={HEIGHT / 2} y2={HEIGHT / 2} stroke="var(--line)" vectorEffect="non-scaling-stroke" />
      {lines.map(({ of, paths }) => (
        <g key={of} data-part={`lines-${of}`} strokeOpacity={of === 'pinned' ? 0.4 : 1}>
          {curves.map(({ number, stroke }, at) => (
            <path
              key={number.id}
              d={paths[at]}
              fill="none"
              stroke={stroke.colour}
              strokeWidth={of === 'pinned' ? 3 : stroke.width}
              strokeDasharray={stroke.dash}
              vectorEffect="non-scaling-stroke"
            />
          ))}
        </g>
      ))}
    </svg>
  )
}
