/** At which frequencies the difference has its power, beside the positive's own. */
import { Hint } from '../../kit/Hint'
import { usePage } from '../../app/store'
import { nameOf } from '../parts'
import type { Plot, PlotProps } from '../plot'
import { type SpectrumLine, spectraOf } from '../spectra'

const CHART = { width: 240, height: 92 }

/** Power against waves across the image, both logarithmic. */
function Spectrum({ sample, settings }: PlotProps) {
  const model = usePage((state) => state.model)
  const spectra = spectraOf(sample, model.image)
  const measured = spectra.differences.flatMap((line, at) => (line ? [{ line, at }] : []))
  const lines = [spectra.positive, ...measured.map(({ line }) => line)]
  const rings = spectra.positive.spectrum.mean.length - 1
  const top = Math.log10(Math.max(...lines.map(({ spectrum }) => Math.max(...spectrum.mean.subarray(1)))))
  const decades = 6
  const x = (ring: number) => (CHART.width * Math.log(ring)) / Math.log(rings)
  const y = (power: number) =>
    Math.min(CHART.height, (CHART.height * (top - Math.log10(Math.max(power, 1e-30)))) / decades)
  const path = ({ spectrum }: SpectrumLine) =>
    [...spectrum.mean.subarray(1)]
      .map((power, index) => `${index === 0 ? 'M' : 'L'}${x(index + 1).toFixed(1)} ${y(power).toFixed(1)}`)
      .join('')
  const ticks = [1, 2, 4, 8, 16, 32, 64].filter((ring) => ring <= rings)
  return (
    <div>
      <svg
        viewBox={`0 -2 ${CHART.width} ${CHART.height + 16}`}
        className="w-full max-w-64 overflow-visible"
        role="img"
        aria-label={`Radial power spectrum of Δ: half of its power lies within ${measured[0]?.line.median} waves across the image, of D⁺ within ${spectra.positive.median}`}
      >
        {ticks.map((ring) => (
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
        ))}
        <path d={path(spectra.positive)} fill="none" stroke="var(--muted)" strokeDasharray="3 3" strokeWidth="1.25" />
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
        {spectra.positive.median} for D⁺ (dashed).
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
