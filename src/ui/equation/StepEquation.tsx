/** The equation at one moment of the way, in pictures: D = D⁺ + s · (D⁺ − D⁻) at the guided x_t, and a plot of it beside. */
import { Hint } from '../kit/Hint'
import { useState } from 'react'
import { usePage, useShownSettings } from '../app/store'
import { Later } from '../kit/Later'
import { useOpened } from '../run/use-opened'
import { useRecord } from '../run/use-record'
import { useOverlay } from '../stage/overlay'
import { Heading } from './Heading'
import { usePixelKeys } from './pixel-keys'
import type { Overlay } from './slice'
import { Terms } from './Terms'

/** The plots are not of the first pictures. */
const loadLens = () => import('../lens/Lens')

const LAID_HERE: readonly Overlay[] = ['equation', 'all']

export function StepEquation() {
  const settings = useShownSettings((own) => own)
  const focus = usePage((state) => state.stage.focus)
  const record = useRecord()
  const sample = record?.samples[focus] ?? record?.samples[0]
  const overlay = useOverlay(settings, sample, LAID_HERE)
  const keys = usePixelKeys()
  const opened = useOpened()
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
        {opened && record && sample && <Later load={loadLens} props={{ record, sample, settings }} />}
      </div>
    </section>
  )
}
