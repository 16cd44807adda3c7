/** The equation at one moment of the way, in pictures: D = D⁺ + s · (D⁺ − D⁻) at the guided x_t, and one pixel of it in numbers. */
import { Fragment, type KeyboardEvent, type ReactNode, useMemo, useState } from 'react'
import type { SampleRecord, StepRecord, TermRecord } from '../../sampling/records'
import { meanDifference } from '../../core/image'
import { valueOf, valueText } from '../../numbers'
import { differenceSize } from '../../numbers/numbers/difference-size'
import { noiseCosine } from '../../numbers/numbers/noise-cosine'
import type { Settings } from '../../settings/types'
import { folds, isGuided, methodById } from '../../guidance/index'
import { fixed, formatSigma, plain } from '../kit/format'
import { subjectOf } from '../lens/lens'
import { useOverlay } from '../stage/overlay'
import { divergingGradient, signedLimit, signedPixels, toPixels } from '../stage/pixels'
import { frameOf, recordAt } from '../run/run'
import { usePage, useSession } from '../app/store'
import type { Overlay } from './slice'
import { useTheme } from '../kit/theme'
import { Segments } from '../kit/fields'
import { Lens } from '../lens/Lens'
import { Picture } from '../stage/Picture'
import { Tex } from '../kit/Tex'

/** The step under the playhead. */
export function useRecord(): StepRecord | undefined {
  return usePage(({ run: { shown }, playhead, stage, model }) =>
    shown ? recordAt(shown, frameOf(playhead.position, shown.steps), stage.focus, model.image) : undefined,
  )
}

function usePixels(image: Float32Array | null | undefined): Uint8ClampedArray<ArrayBuffer> | null {
  const size = usePage((state) => state.model.image)
  return useMemo(() => (image ? toPixels(image, size) : null), [image, size])
}

/** Why there is no negative at this moment. */
function absence(record: StepRecord, settings: Settings): string {
  if (!isGuided(settings)) return 'Guidance is off, so D is D⁺.'
  if (settings.scale === 0) return 's is 0, so the negative is not evaluated and D is D⁺.'
  if (folds(settings)) return 'The push is inside the network: one evaluation predicts D, and no negative is evaluated.'
  if (!record.inWindow) return 'This σ is outside the guidance window, so D is D⁺.'
  return 'The method leaves this step alone, so the negative equals the positive and D is D⁺.'
}

interface PictureTermProps {
  readonly name: string
  readonly note: ReactNode
  /** CSS background of a strip under the picture: its colour scale. */
  readonly scale?: string
  /** The panel beside is about this picture. */
  readonly meant?: boolean
  readonly children: ReactNode
}

function PictureTerm({ name, note, scale, meant = false, children }: PictureTermProps) {
  return (
    <figure className="min-w-0">
      <div className={meant ? 'rounded-[2px] ring-2 ring-ink ring-offset-2 ring-offset-bg' : undefined}>{children}</div>
      <div className="mt-1 h-1 rounded-full" style={{ background: scale }} aria-hidden />
      <figcaption className="mt-0.5 text-[0.8125rem] whitespace-nowrap">
        <Tex>{name}</Tex> <span className="num hidden text-xs text-muted lg:inline">{note}</span>
      </figcaption>
    </figure>
  )
}

function Operator({ children }: { readonly children: ReactNode }) {
  return (
    <span className="num grid aspect-auto place-items-center self-stretch pb-6 text-base whitespace-nowrap sm:text-lg">
      {children}
    </span>
  )
}

interface PushedProps {
  readonly positive: Float32Array
  readonly term: TermRecord
  readonly scale: number
  /** Name of the combiner that combines, where it is not plain addition. */
  readonly combiner?: string | null
  /** Index in LaTeX where there are several, as `_2`. */
  readonly mark: string
  readonly meant: boolean
  readonly picture: (pixels: Uint8ClampedArray<ArrayBuffer> | null) => ReactNode
}

/** + s · (D⁺ − D⁻) with D⁻, in pictures. */
function Pushed({ positive, term, scale, combiner = null, mark, meant, picture }: PushedProps) {
  const theme = useTheme()
  const size = usePage((state) => state.model.image)
  const difference = useMemo(() => {
    if (!term.predictionNegative) return null
    const values = meanDifference(positive, term.predictionNegative, size)
    const limit = signedLimit(values)
    return { pixels: signedPixels(values, limit, theme), limit }
  }, [positive, term, size, theme])
  const minus = usePixels(term.predictionNegative)
  return (
    <>
      <Operator>
        <span>
          + {plain(scale)} ·{combiner && <span className="block text-xs text-muted">{combiner} of</span>}
        </span>
      </Operator>
      <PictureTerm
        name={`D^{+} - D^{-}${mark}`}
        note={difference ? `±${fixed(difference.limit)}` : ''}
        scale={divergingGradient(theme)}
        meant={meant && difference !== null}
      >
        {picture(difference?.pixels ?? null)}
      </PictureTerm>
      <Operator>
        <span className="text-xs text-muted">with</span>
      </Operator>
      <PictureTerm name={`D^{-}${mark}`} note={mark ? '' : 'negative'}>
        {picture(minus)}
      </PictureTerm>
    </>
  )
}

const OVERLAYS: readonly { readonly value: Overlay; readonly label: string }[] = [
  { value: 'off', label: 'off' },
  { value: 'equation', label: 'here' },
  { value: 'all', label: 'above too' },
]
const LAID_HERE: readonly Overlay[] = ['equation', 'all']

function TermNumbers({ sample, term }: { readonly sample: SampleRecord; readonly term: number }) {
  const { image } = usePage((state) => state.model)
  const size = valueOf(differenceSize, sample, image, term)
  const cosine = valueOf(noiseCosine, sample, image, term)
  if (size === null) return null
  return (
    <span className="block text-xs">
      ‖Δ‖ {valueText(differenceSize, size)} of ‖D⁺‖
      {cosine !== null && `, cos ${valueText(noiseCosine, cosine)}`}
    </span>
  )
}

/** The places that the pictures of a term will take. */
const EMPTY_TERM: TermRecord = {
  predictionNegative: null,
  mask: null,
}
const EMPTY = new Float32Array(0)

export function StepNumbers() {
  const session = useSession()
  const model = usePage((state) => state.model)
  const settings = usePage((state) => state.run.shown?.settings ?? state.settings)
  const method = methodById(settings.method)
  const pixel = usePage((state) => state.stage.pixel)
  const focus = usePage((state) => state.stage.focus)
  const subject = usePage((state) => subjectOf(state.equation.lens))
  const coarse = usePage((state) => state.run.shown?.pass === 'preview')
  const overlaid = usePage((state) => state.equation.overlay)
  const record = useRecord()
  const atEnd = usePage(
    ({ run: { shown }, playhead }) =>
      Boolean(shown?.final) && frameOf(playhead.position, shown?.steps ?? 0) >= (shown?.steps ?? 0),
  )
  const over = atEnd && record?.samples[focus]?.predictionNegative
  const sample = record?.samples[focus] ?? record?.samples[0]
  const overlay = useOverlay(settings, sample, LAID_HERE)

  const plus = usePixels(sample?.predictionPositive)
  const guided = usePixels(sample?.guided.denoised)

  // Only pixels chosen by keyboard are read out; a pointer crosses hundreds.
  const [probing, setProbing] = useState(false)
  const onPixel = (next: { x: number; y: number } | null) => session.set({ stage: { pixel: next } })
  const onKeyDown = (event: KeyboardEvent) => {
    const moves: Record<string, readonly [number, number]> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, -1],
      ArrowDown: [0, 1],
    }
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
  const picture = (
    pixels: Uint8ClampedArray<ArrayBuffer> | null,
    veil: Uint8ClampedArray<ArrayBuffer> | null = null,
  ) => (
    <Picture
      pixels={pixels}
      overlay={veil}
      size={model.image}
      pixel={pixel}
      onPixel={onPixel}
      className="rounded-[2px]"
    />
  )
  // Before the first step the places of all four pictures stand empty.
  const pushed = sample?.predictionNegative || (!record && isGuided(settings))
  const stacked = sample?.stacked ?? []

  return (
    <section
      id="moment"
      aria-label="The equation at this step"
      className="flex scroll-mt-4 flex-wrap max-lg:upright:scroll-mt-72 items-start gap-x-8 gap-y-4"
    >
      <div className="min-w-0 flex-[1_1_30rem] sm:max-w-[44rem]">
        <div className="mb-2 flex items-baseline justify-between gap-3">
          <h2 className="num text-[0.8125rem] text-muted">
            {record ? (
              <>
                {over ? 'Guidance was strongest at' : 'At'} step {record.index + 1} of {record.steps}, σ ={' '}
                {formatSigma(record.sigma)}
                {coarse && ', in a quick preview'}
              </>
            ) : (
              'At each step'
            )}
          </h2>
          {overlay.levels && (
            <div className="flex items-center gap-2 text-xs text-muted">
              {overlay.levels.label}
              <Segments
                small
                label={`${overlay.levels.label} laid over`}
                value={overlaid}
                options={OVERLAYS}
                onChange={(next) =>
                  session.set({ equation: { overlay: OVERLAYS.find(({ value }) => value === next)?.value ?? 'off' } })
                }
              />
            </div>
          )}
        </div>
        {/* One tab stop for all pictures; arrows move the pixel. */}
        <div
          role="application"
          data-part="equation-pictures"
          tabIndex={0}
          aria-label="Pixel of the equation: arrow keys move it, with Shift by eight, Escape lets go"
          className="grid grid-cols-[minmax(0,9rem)_auto_minmax(0,9rem)_auto_minmax(0,9rem)_auto_minmax(0,9rem)] items-start justify-start gap-x-1.5 gap-y-3 rounded-[3px] sm:gap-x-3"
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
          <PictureTerm name="D" note="guided" meant={subject === 'guided'}>
            {picture(guided, overlay.pixels)}
          </PictureTerm>
          <Operator>=</Operator>
          <PictureTerm name="D^{+}" note="positive">
            {picture(plus, overlay.pixels)}
          </PictureTerm>
          {pushed ? (
            <Pushed
              positive={sample?.predictionPositive ?? EMPTY}
              term={sample ?? EMPTY_TERM}
              scale={settings.scale}
              combiner={method?.kind === 'combiner' ? method.name : null}
              mark={stacked.length > 0 ? '_1' : ''}
              meant={subject === 'difference'}
              picture={picture}
            />
          ) : (
            record && (
              <p className="col-span-4 self-center pb-6 pl-2 text-[0.8125rem] text-muted">
                {absence(record, settings)}
              </p>
            )
          )}
          {sample &&
            stacked.map((term, index) => {
              const own = settings.stack[index]
              if (!own) return null
              return (
                <Fragment key={index}>
                  <div className="num col-span-3 min-w-0 self-center pb-6 text-right text-[0.8125rem] text-muted">
                    and against {methodById(own.method)?.name ?? own.method}
                    <TermNumbers sample={sample} term={index + 1} />
                  </div>
                  {term.predictionNegative ? (
                    <Pushed
                      positive={sample.predictionPositive}
                      term={term}
                      scale={own.scale}
                      mark={`_${index + 2}`}
                      meant={subject === 'difference'}
                      picture={picture}
                    />
                  ) : (
                    <p className="col-span-4 self-center pb-6 text-[0.8125rem] text-muted">adds nothing at this σ.</p>
                  )}
                </Fragment>
              )
            })}
        </div>
        {overlay.pixels && <p className="mt-1 text-xs text-muted">{overlay.levels?.caption}</p>}
      </div>
      <div className="w-full min-w-0 sm:w-64" aria-live={probing ? 'polite' : 'off'}>
        {record && sample && <Lens record={record} sample={sample} settings={settings} />}
      </div>
    </section>
  )
}
