/** Lines of the per-step numbers along the noise axis, and a mark on the first at the step under the playhead. */
import { useMemo } from 'react'
import { valueOf } from '../../numbers'
import { usePage, useShown } from '../app/store'
import { useRecord } from '../run/use-record'
import { linePath, positionOfSigma } from './axis'
import { curves, HEIGHT, heightOf, valuesOf } from './lines'

interface AxisProps {
  readonly sigmas: readonly number[]
}

/** Marks the step that the equation and the numbers are about. */
export function Mark({ sigmas }: AxisProps) {
  const run = useShown((run) => run)
  const focus = usePage((state) => state.stage.focus)
  const { image } = usePage((state) => state.model)
  const record = useRecord()
  const sample = record?.samples[focus]
  const number = curves[0]?.number
  const value = sample && number ? valueOf(number, sample, image) : null
  if (!run || !record || !number || value === null) return null
  const height = heightOf(number, valuesOf(number, run, focus, image))(value)
  return (
    <span
      className="pointer-events-none absolute size-2 -translate-1/2 rounded-full border-2 border-positive bg-surface"
      style={{ left: `${100 * positionOfSigma(record.sigma, sigmas)}%`, top: `${(100 * height) / HEIGHT}%` }}
    />
  )
}

export function Curves({ sigmas }: AxisProps) {
  const run = useShown((run) => run)
  const focus = usePage((state) => state.stage.focus)
  const { image } = usePage((state) => state.model)
  const paths = useMemo(
    () =>
      curves.map(({ number }) => {
        if (!run) return ''
        const values = valuesOf(number, run, focus, image)
        const x = (index: number) => 1000 * positionOfSigma(run.records[index]?.sigma ?? 0, sigmas)
        return linePath(values, x, heightOf(number, values))
      }),
    [run, focus, sigmas, image],
  )
  return (
    <svg
      viewBox={`0 0 1000 ${HEIGHT}`}
      preserveAspectRatio="none"
      className="pointer-events-none absolute inset-0 h-full w-full"
      aria-hidden
    >
      <line x1="0" x2="1000" y1={HEIGHT / 2} y2={HEIGHT / 2} stroke="var(--line)" vectorEffect="non-scaling-stroke" />
      {curves.map(({ number, stroke }, at) => (
        <path
          key={number.id}
          d={paths[at]}
          fill="none"
          stroke={stroke.colour}
          strokeWidth={stroke.width}
          strokeDasharray={stroke.dash}
          vectorEffect="non-scaling-stroke"
        />
      ))}
    </svg>
  )
}
