/** At which frequencies the difference has its power, beside the positive's own. */
import { Hint } from '../../kit/Hint'
import { usePage } from '../../app/store'
import { nameOf } from '../parts'
import type { Plot, PlotProps } from '../plot'
import { type SpectrumLine, spectraOf } from '../spectra'

const CHART = { width: 240, height: 92, decades: 6 }
const TICKS = [1, 2, 4, 8, 16, 32, 64]

/** A spectrum of one of the differences; the first is the method's own, the others are of the stack. */
interface Measured {
  readonly line: SpectrumLine
  readonly at: number
}

interface Spectra {
  readonly positive: SpectrumLine
  readonly measured: readonly Measured[]
}

/** Where a power at so many waves lies on the chart, both logarithmic. */
function createAxes({ positive, measured }: Spectra) {
  const lines = [positive, ...measured.map(({ line }) => line)]
  const rings = positive.spectrum.mean.length - 1
  const top = Math.log10(Math.max(...lines.map(({ spectrum }) => Math.max(...spectrum.mean.subarray(1)))))
  const x = (ring: number) => (CHART.width * Math.log(ring)) / Math.log(rings)
  const y = (power: number) =>
    Math.min(CHART.height, (CHART.height * (top - Math.log10(Math.max(power, 1e-30)))) / CHART.decades)
  const path = ({ spectrum }: SpectrumLine) =>
    [...spectrum.mean.subarray(1)]
      .map((power, index) => `${index === 0 ? 'M' : 'L'}${x(index + 1).toFixed(1)} ${y(power).toFixed(1)}`)
      .join('')
  return { rings, x, path }
}

/** Marks of the axis at the bottom. */
function Ticks({ rings, x }: { readonly rings: number; readonly x: (ring: number) => number }) {
  return TICKS.filter((ring) => ring <= rings).map((ring) => (
    <g key={ring}>
      <line x1={x(ring)} x2={x(ring)} y1="0" y2={CHART.height} stroke="var(--line)" />
      <text
        x={x(ring)}
        y={CHART.height + 13}
        textAnchor={ring === 1 ? 'start' : ring === rings ? 'end' : 'middle'}
        fontSize="10"
        fill="var(--muted)"
      >
        {ring}
      </text>
    </g>
  ))
}

/** Power against waves across the image. */
function Chart({ positive, measured }: Spectra) {
  const { rings, x, path } = createAxes({ positive, measured })
  return (
    <svg
      viewBox={`0 -2 ${CHART.width} ${CHART.height + 16}`}
      className="w-full max-w-64 overflow-visible"
      role="img"
      aria-label={`Radial power spectrum of Δ: half of its power lies within ${measured[0]?.line.median} waves across the image, of D⁺ within ${positive.median}`}
    >
      <Ticks rings={rings} x={x} />
      <path d={path(positive)} fill="none" stroke="var(--muted)" strokeDasharray="3 3" strokeWidth="1.25" />
      {measured.map(({ line, at }) => (
        <path
          key={at}
          d={path(line)}
          fill="none"
          stroke={at === 0 ? 'var(--positive)' : 'var(--negative)'}
          strokeWidth="1.5"
          {...(at > 1 && { strokeDasharray: `${2 * at} 2` })}
        />
      ))}
    </svg>
  )
}

function Spectrum({ sample, settings }: PlotProps) {
  const model = usePage((state) => state.model)
  const { positive, differences } = spectraOf(sample, model.image)
  const measured = differences.flatMap((line, at) => (line ? [{ line, at }] : []))
  return (
    <div>
      <Chart positive={positive} measured={measured} />
      <Hint figures className="mt-1">
        Power by waves across the image, six decades. Half of it lies within{' '}
        {measured.map(({ line, at }) => (
          <span key={at}>
            <span className={at === 0 ? 'text-positive' : 'text-negative'}>
              {line.median} {line.median === 1 ? 'wave' : 'waves'} for {nameOf(settings, at)}
            </span>
            ,{' '}
          </span>
        ))}
        {positive.median} for D⁺ (dashed).
      </Hint>
    </div>
  )
}

export const spectrum: Plot = {
  id: 'spectrum',
  label: 'spectrum',
  place: 4,
  about: 'difference',
  needs: ['negative'],
  View: Spectrum,
}
