/** The equation at one moment of the way, in pictures: D = D⁺ + s · (D⁺ − D⁻) at the guided x_t, and a plot of it beside. */
import { Hint } from '../kit/Hint'
import { useState } from 'react'
import { folds, isGuided, methodById } from '../../guidance/index'
import type { SampleRecord, StepRecord, TermRecord } from '../../sampling/records'
import type { Settings } from '../../settings/types'
import { usePage } from '../app/store'
import { Lens } from '../lens/Lens'
import { plotById } from '../lens/registry'
import { useRecord } from '../run/use-record'
import { useOverlay } from '../stage/overlay'
import { Heading } from './Heading'
import { usePixelKeys } from './pixel-keys'
import { Operator, PictureTerm, type Pixels, ProbedPicture, usePixels } from './PictureTerm'
import { Pushed } from './Pushed'
import type { Overlay } from './slice'
import { Stacked } from './Stacked'

/** Why there is no negative at this moment. */
function absence(record: StepRecord, settings: Settings): string {
  if (!isGuided(settings)) return 'Guidance is off, so D is D⁺.'
  if (settings.scale === 0) return 's is 0, so the negative is not evaluated and D is D⁺.'
  if (folds(settings)) return 'The push is inside the network: one evaluation predicts D, and no negative is evaluated.'
  if (!record.inWindow) return 'This σ is outside the guidance window, so D is D⁺.'
  return 'The method leaves this step alone, so the negative equals the positive and D is D⁺.'
}

const LAID_HERE: readonly Overlay[] = ['equation', 'all']

/** The places that the pictures of a term will take. */
const EMPTY_TERM: TermRecord = { predictionNegative: null, mask: null }
const EMPTY = new Float32Array(0)

interface TermsProps {
  readonly record: StepRecord | undefined
  readonly sample: SampleRecord | undefined
  readonly settings: Settings
  readonly veil: Pixels | null
}

/** D, D⁺, and what each negative adds. */
function Terms({ record, sample, settings, veil }: TermsProps) {
  const about = plotById(usePage((state) => state.equation.lens)).about
  const plus = usePixels(sample?.predictionPositive)
  const guided = usePixels(sample?.guided.denoised)
  const method = methodById(settings.method)
  // Before the first step the places of all four pictures stand empty.
  const pushed = sample?.predictionNegative || (!record && isGuided(settings))
  const several = (sample?.stacked.length ?? 0) > 0
  return (
    <>
      <PictureTerm name="D" note="guided" meant={about === 'guided'}>
        <ProbedPicture pixels={guided} veil={veil} />
      </PictureTerm>
      <Operator>=</Operator>
      <PictureTerm name="D^{+}" note="positive">
        <ProbedPicture pixels={plus} veil={veil} />
      </PictureTerm>
      {pushed ? (
        <Pushed
          positive={sample?.predictionPositive ?? EMPTY}
          term={sample ?? EMPTY_TERM}
          scale={settings.scale}
          combiner={method?.kind === 'combiner' ? method.name : null}
          mark={several ? '_1' : ''}
          meant={about === 'difference'}
        />
      ) : (
        record && (
          <p className="col-span-4 self-center pb-6 pl-2 text-label text-muted" data-part="absence">
            {absence(record, settings)}
          </p>
        )
      )}
      {sample?.stacked.map((_, at) => (
        <Stacked key={at} sample={sample} settings={settings} at={at} meant={about === 'difference'} />
      ))}
    </>
  )
}

export function StepEquation() {
  const settings = usePage((state) => state.run.shown?.settings ?? state.settings)
  const focus = usePage((state) => state.stage.focus)
  const record = useRecord()
  const sample = record?.samples[focus] ?? record?.samples[0]
  const overlay = useOverlay(settings, sample, LAID_HERE)
  const keys = usePixelKeys()
  // Only pixels chosen by keyboard are read out; a pointer crosses hundreds.
  const [probing, setProbing] = useState(false)
  return (
    <section
      id="moment"
      aria-label="The equation at this step"
      className="flex scroll-mt-4 flex-wrap items-start gap-x-8 gap-y-4 max-lg:upright:scroll-mt-72"
    >
      <div className="min-w-0 flex-[1_1_30rem] sm:max-w-[44rem]">
        <Heading record={record} mask={overlay.levels?.label ?? null} />
        {/* One tab stop for all pictures; arrows move the pixel. */}
        <div
          role="application"
          data-part="equation-pictures"
          tabIndex={0}
          aria-label="Pixel of the equation: arrow keys move it, with Shift by eight, Escape lets go"
          className="grid grid-cols-[minmax(0,9rem)_auto_minmax(0,9rem)_auto_minmax(0,9rem)_auto_minmax(0,9rem)] items-start justify-start gap-x-1.5 gap-y-3 rounded-[3px] sm:gap-x-3"
          onKeyDown={keys.onKeyDown}
          onFocus={(event) => {
            const byKeyboard = event.currentTarget.matches(':focus-visible')
            setProbing(byKeyboard)
            if (event.target === event.currentTarget && byKeyboard) keys.begin()
          }}
          onBlur={() => {
            setProbing(false)
            keys.end()
          }}
        >
          <Terms record={record} sample={sample} settings={settings} veil={overlay.pixels} />
        </div>
        {overlay.pixels && <Hint className="mt-1">{overlay.levels?.caption}</Hint>}
      </div>
      <div className="min-h-16 w-full min-w-0 sm:w-64" aria-live={probing ? 'polite' : 'off'}>
        {record && sample && <Lens record={record} sample={sample} settings={settings} />}
      </div>
    </section>
  )
}
