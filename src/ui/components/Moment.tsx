/** The equation at one moment of the way, in pictures: D = D⁺ + s · (D⁺ − D⁻) at the guided x_t, and one pixel of it in numbers. */
import { type KeyboardEvent, type ReactNode, useMemo, useState } from 'react'
import type { SampleRecord, StepRecord } from '../../core/records'
import type { Settings } from '../../settings/types'
import { fixed, formatSigma, plain, signed } from '../format'
import { divergingGradient, meanDifference, signedLimit, signedPixels, toPixels, valueAt } from '../pixels'
import { frameOf, recordAt } from '../run'
import { usePage, useSession } from '../store'
import { useTheme } from '../theme'
import { Picture } from './Picture'
import { Tex } from './Tex'

/** The step under the playhead. */
export function useRecord(): StepRecord | undefined {
  return usePage(({ shown, position, focus }) => (shown ? recordAt(shown, frameOf(position, shown.steps), focus) : undefined))
}

function usePixels(image: Float32Array | null | undefined): Uint8ClampedArray<ArrayBuffer> | null {
  const size = usePage((state) => state.model.image)
  return useMemo(() => (image ? toPixels(image, size) : null), [image, size])
}

/** Why there is no negative at this moment. */
function absence(record: StepRecord, settings: Settings): string {
  if (settings.method === 'none') return 'Guidance is off, so D is D⁺.'
  if (settings.scale === 0) return 's is 0, so the negative is not evaluated and D is D⁺.'
  if (!record.inWindow) return 'This σ is outside the guidance window, so D is D⁺.'
  return 'The method leaves this step alone, so the negative equals the positive and D is D⁺.'
}

interface TermProps {
  readonly name: string
  readonly note: ReactNode
  /** CSS background of a strip under the picture: its colour scale. */
  readonly scale?: string
  readonly children: ReactNode
}

function Term({ name, note, scale, children }: TermProps) {
  return (
    <figure className="min-w-0 flex-1 sm:max-w-36">
      {children}
      <div className="mt-1 h-1 rounded-full" style={{ background: scale }} aria-hidden />
      <figcaption className="mt-0.5 text-[0.8125rem] whitespace-nowrap">
        <Tex>{name}</Tex> <span className="num hidden text-xs text-muted lg:inline">{note}</span>
      </figcaption>
    </figure>
  )
}

function Operator({ children }: { readonly children: ReactNode }) {
  return <span className="num grid aspect-auto place-items-center self-stretch pb-6 text-base whitespace-nowrap sm:text-lg">{children}</span>
}

function Values({ sample }: { readonly sample: SampleRecord }) {
  const model = usePage((state) => state.model)
  const pixel = usePage((state) => state.pixel)
  const scale = usePage((state) => state.shown?.settings.scale ?? 0)
  if (!pixel) {
    return (
      <p className="max-w-56 text-xs text-muted">
        Point at a pixel in any picture to follow it through the equation, or focus the row and use the arrow keys.
      </p>
    )
  }
  const read = (image: Float32Array) => valueAt(image, model.image, pixel.x, pixel.y)
  const plus = read(sample.predictionPositive)
  const minus = sample.predictionNegative && read(sample.predictionNegative)
  const rows: [string, string, number[] | null, boolean][] = [
    ['D^{+}', 'positive prediction', plus, false],
    ['D^{-}', 'negative prediction', minus, false],
    [String.raw`\Delta`, 'difference', minus && plus.map((value, c) => value - minus[c]!), true],
    ['D', 'guided prediction', read(sample.guided.denoised), false],
  ]
  return (
    <table className="num text-xs">
      <caption className="pb-1 text-left text-muted">
        pixel {pixel.x}, {pixel.y} · s = {plain(scale)}
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

export function Moment() {
  const session = useSession()
  const theme = useTheme()
  const model = usePage((state) => state.model)
  const settings = usePage((state) => state.shown?.settings ?? state.settings)
  const pixel = usePage((state) => state.pixel)
  const focus = usePage((state) => state.focus)
  const coarse = usePage((state) => state.shown?.stage === 'preview')
  const record = useRecord()
  const atEnd = usePage(({ shown, position }) => Boolean(shown?.final) && frameOf(position, shown?.steps ?? 0) >= (shown?.steps ?? 0))
  const over = atEnd && record?.samples[focus]?.predictionNegative
  const sample = record?.samples[focus] ?? record?.samples[0]

  const difference = useMemo(() => {
    if (!sample?.predictionNegative) return null
    const values = meanDifference(sample.predictionPositive, sample.predictionNegative, model.image)
    const limit = signedLimit(values)
    return { pixels: signedPixels(values, limit, theme), limit }
  }, [sample, model, theme])
  const plus = usePixels(sample?.predictionPositive)
  const minus = usePixels(sample?.predictionNegative)
  const guided = usePixels(sample?.guided.denoised)

  // Only pixels chosen by keyboard are read out; a pointer crosses hundreds.
  const [probing, setProbing] = useState(false)
  const onPixel = (next: { x: number; y: number } | null) => session.set({ pixel: next })
  const onKeyDown = (event: KeyboardEvent) => {
    const moves: Record<string, readonly [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }
    const move = moves[event.key]
    if (event.key === 'Escape') return onPixel(null)
    if (!move) return
    event.preventDefault()
    event.stopPropagation()
    const reach = event.shiftKey ? 8 : 1
    const { width, height } = model.image
    const from = pixel ?? { x: width >> 1, y: height >> 1 }
    onPixel({
      x: Math.min(width - 1, Math.max(0, from.x + reach * move[0])),
      y: Math.min(height - 1, Math.max(0, from.y + reach * move[1])),
    })
  }
  const picture = (pixels: Uint8ClampedArray<ArrayBuffer> | null) => (
    <Picture pixels={pixels} size={model.image} pixel={pixel} onPixel={onPixel} className="rounded-[2px]" />
  )

  return (
    <section aria-label="The equation at this step" className="flex flex-wrap items-start gap-x-8 gap-y-3">
      <div className="min-w-0 flex-[1_1_30rem] sm:max-w-[46rem]">
        <h2 className="num mb-2 text-[0.8125rem] text-muted">
          {record ? (
            <>
              {over ? 'Guidance was strongest at' : 'At'} step {record.index + 1} of {record.steps}, σ = {formatSigma(record.sigma)}
              {coarse && ', in a quick preview'}
            </>
          ) : (
            'At each step'
          )}
        </h2>
        {/* One tab stop for the whole row; arrows move the pixel. */}
        <div
          role="application"
          tabIndex={0}
          aria-label="Pixel of the equation: arrow keys move it, with Shift by eight, Escape lets go"
          className="flex items-start gap-1.5 rounded-[3px] sm:gap-3"
          onKeyDown={onKeyDown}
          onFocus={(event) => {
            setProbing(event.currentTarget.matches(':focus-visible'))
            if (event.target === event.currentTarget && event.currentTarget.matches(':focus-visible') && !pixel) {
              onPixel({ x: model.image.width >> 1, y: model.image.height >> 1 })
            }
          }}
          onBlur={() => {
            setProbing(false)
            onPixel(null)
          }}
        >
          <Term name="D" note="guided">
            {picture(guided)}
          </Term>
          <Operator>=</Operator>
          <Term name="D^{+}" note="positive">
            {picture(plus)}
          </Term>
          {/* Before the first step the places of all four pictures stand empty. */}
          {difference || (!record && settings.method !== 'none') ? (
            <>
              <Operator>
                + {plain(settings.scale)} ·
              </Operator>
              <Term name="D^{+} - D^{-}" note={difference ? `±${fixed(difference.limit)}` : ''} scale={divergingGradient(theme)}>
                {picture(difference?.pixels ?? null)}
              </Term>
              <Operator>
                <span className="text-xs text-muted">with</span>
              </Operator>
              <Term name="D^{-}" note="negative">
                {picture(minus)}
              </Term>
            </>
          ) : (
            record && <p className="flex-[2] self-center pb-6 pl-2 text-[0.8125rem] text-muted">{absence(record, settings)}</p>
          )}
        </div>
      </div>
      <div className="num sm:min-h-24 sm:pt-7" aria-live={probing ? 'polite' : 'off'}>
        {sample && <Values sample={sample} />}
      </div>
    </section>
  )
}
