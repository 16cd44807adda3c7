/** Beside the equation: one number of the step and the picture that explains it. */
import { type ReactNode, useMemo } from 'react'
import { methodById } from '../../guidance/index'
import type { SampleRecord, StepRecord } from '../../sampling/records'
import type { Settings } from '../../settings/types'
import { termsOf, valueOf, valueText } from '../../numbers'
import { clippedShare } from '../../numbers/numbers/clipped-share'
import { differenceLength } from '../../numbers/numbers/difference-length'
import { differenceSize } from '../../numbers/numbers/difference-size'
import { noiseCosine } from '../../numbers/numbers/noise-cosine'
import { fixed, plain, signed } from '../kit/format'
import { cosineSentence, type Lens as LensId, LENSES, type SpectrumLine, spectraOf } from './lens'
import { clippedPixels, divergingGradient, predictedNoise, signedLimit, signedPixels, valueAt } from '../stage/pixels'
import { usePage, useSession } from '../app/store'
import { useTheme } from '../kit/theme'
import { Segments } from '../kit/fields'
import { Picture } from '../stage/Picture'
import { Tex } from '../kit/Tex'

interface PartProps {
  readonly record: StepRecord
  readonly sample: SampleRecord
  readonly settings: Settings
}

/** Names of the differences: of one Δ, of several Δ with the method of each. */
function nameOf(settings: Settings, term: number): string {
  if (settings.stack.length === 0) return 'Δ'
  const id = term === 0 ? settings.method : settings.stack[term - 1]?.method
  return `Δ of ${methodById(id ?? '')?.name ?? id}`
}

function Values({ sample, settings }: PartProps) {
  const model = usePage((state) => state.model)
  const pixel = usePage((state) => state.stage.pixel)
  if (!pixel) {
    return (
      <p className="text-xs text-muted">
        Point at a pixel in any picture to follow it through the equation, or focus the row and use the arrow keys.
      </p>
    )
  }
  const read = (image: Float32Array) => valueAt(image, model.image, pixel.x, pixel.y)
  const plus = read(sample.predictionPositive)
  const several = sample.stacked.length > 0
  const terms = [sample, ...sample.stacked].flatMap((term, at): [string, string, number[] | null, boolean][] => {
    const minus = term.predictionNegative && read(term.predictionNegative)
    const mark = several ? `_${at + 1}` : ''
    return [
      [`D^{-}${mark}`, 'negative prediction', minus, false],
      [String.raw`\Delta${mark}`, 'difference', minus && plus.map((value, c) => value - minus[c]!), true],
    ]
  })
  const rows: [string, string, number[] | null, boolean][] = [
    ['D^{+}', 'positive prediction', plus, false],
    ...terms,
    ['D', 'guided prediction', read(sample.guided.denoised), false],
  ]
  return (
    <table className="num text-xs">
      <caption className="pb-1 text-left text-muted">
        pixel {pixel.x}, {pixel.y} · s = {[settings, ...settings.stack].map(({ scale }) => plain(scale)).join(', ')}
      </caption>
      <thead className="sr-only">
        <tr>
          <th>term</th>
          <th>red</th>
          <th>green</th>
          <th>blue</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, label, values, withSign]) => (
          <tr key={name}>
            <th scope="row" className="pr-3 text-left font-normal">
              <span className="sr-only">{label}</span>
              <span aria-hidden>
                <Tex>{name}</Tex>
              </span>
            </th>
            {[0, 1, 2].map((c) => (
              <td key={c} className="w-14 text-right">
                {values?.[c] === undefined ? '–' : withSign ? signed(values[c]) : fixed(values[c])}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const NOTHING = (
  <p className="text-xs text-muted">No negative was evaluated at this step, so there is no difference to measure.</p>
)

/** How large each difference is, in numbers. */
function Sizes({ sample, settings }: PartProps) {
  const terms = [sample, ...sample.stacked]
  const scales = [settings, ...settings.stack].map(({ scale }) => scale)
  const { image } = usePage((state) => state.model)
  if (terms.every(({ predictionNegative }) => predictionNegative === null)) return NOTHING
  return (
    <>
      <table className="num text-xs">
        <thead className="text-left text-muted">
          <tr>
            <th scope="col" className="font-normal">
              <span className="sr-only">difference</span>
            </th>
            <th scope="col" className="pl-3 text-right font-normal">
              ‖Δ‖
            </th>
            <th scope="col" className="pl-3 text-right font-normal">
              of ‖D⁺‖
            </th>
            <th scope="col" className="pl-3 text-right font-normal">
              × s
            </th>
          </tr>
        </thead>
        <tbody>
          {terms.map((_, at) => {
            const size = valueOf(differenceSize, sample, image, at)
            return (
              <tr key={at}>
                <th scope="row" className="text-left font-normal">
                  {nameOf(settings, at)}
                </th>
                <td className="pl-3 text-right">
                  {valueText(differenceLength, valueOf(differenceLength, sample, image, at))}
                </td>
                <td className="pl-3 text-right">{valueText(differenceSize, size)}</td>
                <td className="pl-3 text-right">
                  {valueText(differenceSize, size === null ? null : size * (scales[at] ?? 0))}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
      <p className="mt-1.5 text-xs text-muted">
        The outlined picture is this difference: blue where it adds, orange where it takes away.
      </p>
    </>
  )
}

function Figure({
  pixels,
  scale,
  exact = false,
  children,
}: {
  readonly exact?: boolean
  readonly pixels: Uint8ClampedArray<ArrayBuffer>
  readonly scale?: string
  readonly children: ReactNode
}) {
  const size = usePage((state) => state.model.image)
  const pixel = usePage((state) => state.stage.pixel)
  return (
    <div className="flex items-start gap-3">
      <div className="w-24 shrink-0 sm:w-28">
        <Picture pixels={pixels} size={size} exact={exact} pixel={pixel} className="rounded-[2px]" />
        {scale && <div className="mt-1 h-1 rounded-full" style={{ background: scale }} aria-hidden />}
      </div>
      <div className="min-w-0 text-xs text-muted">{children}</div>
    </div>
  )
}

function Noise({ record, sample, settings }: PartProps) {
  const theme = useTheme()
  const model = usePage((state) => state.model)
  const noise = useMemo(() => {
    const { x } = sample.guided
    if (x.length === 0) return null
    const values = predictedNoise(x, sample.predictionPositive, record.sigmaHat, model.image)
    const limit = signedLimit(values)
    return { pixels: signedPixels(values, limit, theme), limit }
  }, [record, sample, model, theme])
  if (!noise)
    return <p className="text-xs text-muted">The noise comes with the live model; this stored run has none.</p>
  const first = valueOf(noiseCosine, sample, model.image)
  return (
    <Figure pixels={noise.pixels} scale={divergingGradient(theme)}>
      <p className="num text-ink">
        <Tex>{String.raw`(x_t - D^{+})/\sigma`}</Tex> ±{fixed(noise.limit)}
      </p>
      {termsOf(sample).map((_, at) => {
        const cosine = valueOf(noiseCosine, sample, model.image, at)
        return (
          cosine !== null && (
            <p key={at} className="num text-ink">
              cos({nameOf(settings, at)}, noise) = {valueText(noiseCosine, cosine)}
            </p>
          )
        )
      })}
      <p className="mt-1">
        {first === null ? 'The predicted noise. No negative was evaluated here.' : cosineSentence(first)}
      </p>
    </Figure>
  )
}

function Clipped({ sample }: PartProps) {
  const theme = useTheme()
  const model = usePage((state) => state.model)
  const pixels = useMemo(() => clippedPixels(sample.guided.denoised, model.image, theme), [sample, model, theme])
  const share = valueOf(clippedShare, sample, model.image)
  return (
    <Figure pixels={pixels} exact>
      <p className="num text-ink">{valueText(clippedShare, share)} of the values of D lie outside [−1, 1].</p>
      <p className="mt-1">
        Blue is above 1, orange below −1: brighter or darker than any pixel can be, the mark of too much guidance.
      </p>
    </Figure>
  )
}

const CHART = { width: 240, height: 92 }

/** Power against waves across the image, both logarithmic. */
function Spectrum({ sample, settings }: PartProps) {
  const model = usePage((state) => state.model)
  const spectra = spectraOf(sample, model.image)
  const measured = spectra.differences.flatMap((line, at) => (line ? [{ line, at }] : []))
  if (measured.length === 0) return NOTHING
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
      <p className="num mt-1 text-xs text-muted">
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
      </p>
    </div>
  )
}

const PARTS: Record<LensId, (props: PartProps) => ReactNode> = {
  pixel: Values,
  size: Sizes,
  noise: Noise,
  clipped: Clipped,
  spectrum: Spectrum,
}

export function Lens({ record, sample, settings }: PartProps) {
  const session = useSession()
  const lens = usePage((state) => state.equation.lens)
  const Part = PARTS[lens]
  return (
    <div className="flex flex-col gap-2" data-part="lens">
      <Segments
        small
        label="Look at"
        value={lens}
        options={LENSES}
        onChange={(next) =>
          session.set({ equation: { lens: LENSES.find(({ value }) => value === next)?.value ?? 'pixel' } })
        }
      />
      <div className="sm:min-h-24">
        <Part record={record} sample={sample} settings={settings} />
      </div>
    </div>
  )
}
