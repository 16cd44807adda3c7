/** The three pictures, side by side and equal: where the positive, the negative and the guided trajectory are. */
import { useMemo, useState } from 'react'
import { isGuided, methodById } from '../../guidance/index'
import { walksAlone } from '../../guidance/pair'
import { sameSettings } from '../../settings'
import { settingsRefusals } from '../method/methods'
import { describe, fixed, percent, plain } from '../kit/format'
import { relativeDistance, toPixels } from './pixels'
import { useOverlay } from './overlay'
import { frameOf, pictureAt, type Role, ROLES, type Run, sourceOf } from '../run/run'
import { usePage, useSession } from '../app/store'
import type { Overlay } from '../equation/slice'
import { Track } from '../kit/fields'
import { useRecord } from '../equation/StepNumbers'
import { Picture } from './Picture'

const CAPTION: Record<Role, { readonly name: string; readonly tone: string; readonly dot: string }> = {
  positive: { name: 'positive', tone: 'text-positive', dot: 'bg-positive' },
  negative: { name: 'negative', tone: 'text-negative', dot: 'bg-negative' },
  guided: { name: 'guided', tone: 'text-ink', dot: 'bg-ink' },
}

const LAID_ABOVE: readonly Overlay[] = ['all']

function columnsFor(samples: number): number {
  return Math.ceil(Math.sqrt(samples))
}

/** What each picture is, in a few words. */
function note(role: Role, run: Run | null, absent: boolean): string {
  if (absent) return 'not used'
  if (role === 'positive') return 'as it is'
  if (role === 'negative') return 'made worse'
  const final = run?.final
  if (!final) return 'pushed away'
  const mean =
    final.reduce((sum, { guided, positive }) => sum + (positive ? relativeDistance(guided, positive) : 0), 0) /
    final.length
  return mean === 0 ? 'equal to the positive' : `${percent(mean)} from positive`
}

function Sample({ role, index }: { readonly role: Role; readonly index: number }) {
  const session = useSession()
  const model = usePage((state) => state.model)
  const run = usePage((state) => sourceOf(role, state.run.shown, state.run.settled, state.settings))
  const view = usePage((state) => state.stage.view)
  const pixel = usePage((state) => state.stage.pixel)
  const focused = usePage((state) => state.stage.focus === index)
  const steps = run?.steps ?? 1
  const position = usePage((state) => frameOf(state.playhead.position, steps) / steps)
  const pixels = useMemo(() => {
    const picture = run && pictureAt(run, position, index, role, view, model)
    return picture ? toPixels(picture.image, model.image, picture.gain) : null
  }, [run, position, index, role, view, model])
  // The mask is of the guided way; the negative's own way had others.
  const moment = useRecord()
  const settings = usePage((state) => state.run.shown?.settings ?? state.settings)
  const overlay = useOverlay(settings, role === 'negative' ? undefined : moment?.samples[index], LAID_ABOVE)
  const many = (run?.settings.samples ?? 1) > 1
  const picture = (
    <Picture
      pixels={pixels}
      overlay={overlay.pixels}
      size={model.image}
      pixel={pixel}
      onPixel={(next) => session.set({ stage: { pixel: next } })}
    />
  )
  if (!many) return picture
  return (
    <button
      type="button"
      aria-label={`Sample ${index + 1}, ${role}: look at this sample`}
      aria-pressed={focused}
      tabIndex={role === 'positive' ? 0 : -1}
      className="relative block w-full"
      onClick={() => session.set({ stage: { focus: index } })}
    >
      {picture}
      {focused && (
        <span className="pointer-events-none absolute inset-0 border-2 border-ink outline-1 -outline-offset-3 outline-bg" />
      )}
    </button>
  )
}

function Panel({ role }: { readonly role: Role }) {
  const run = usePage((state) => state.run.shown)
  const samples = usePage((state) => state.run.shown?.settings.samples ?? state.settings.samples)
  const session = useSession()
  const settings = usePage((state) => state.run.shown?.settings ?? state.settings)
  const model = usePage((state) => state.model)
  const off = role === 'negative' && !isGuided(settings)
  const unsampled = useMemo(
    () => role === 'negative' && !off && !walksAlone(settings, model),
    [role, off, settings, model],
  )
  const hidden = usePage((state) => role === 'negative' && state.stage.negativeHidden) && !off && !unsampled
  const empty = off
    ? 'No negative: guidance is off.'
    : unsampled
      ? 'Not sampled alone: it is made of earlier steps of the guided image.'
      : hidden
        ? 'Hidden: the negative alone is not sampled, which saves time.'
        : null
  const { name, tone, dot } = CAPTION[role]
  return (
    <figure className="min-w-0">
      <div
        className="grid gap-0.5 overflow-hidden rounded-[3px]"
        style={{ gridTemplateColumns: `repeat(${columnsFor(samples)}, minmax(0, 1fr))` }}
      >
        {empty ? (
          <div className="col-span-full grid aspect-square place-items-center rounded-[3px] border border-dashed border-line p-2 text-center text-xs text-muted sm:p-4">
            {empty}
          </div>
        ) : (
          Array.from({ length: samples }, (_, index) => <Sample key={index} role={role} index={index} />)
        )}
      </div>
      <figcaption className="mt-1.5 flex flex-wrap items-baseline gap-x-2 lg:mt-2">
        <span className={`flex items-baseline gap-1.5 font-medium ${tone}`}>
          <span className={`size-2 rounded-full ${dot}`} aria-hidden />
          {name}
        </span>
        <span className="num hidden text-[0.8125rem] text-muted sm:inline">{note(role, run, off)}</span>
        {role === 'negative' && !off && !unsampled && (
          <button
            type="button"
            data-part="hide-negative"
            className="ml-auto text-[0.8125rem] text-muted underline decoration-line underline-offset-2 hover:decoration-ink max-sm:text-xs"
            onClick={() => session.hideNegative(!hidden)}
          >
            {hidden ? 'Show' : 'Hide'}
            <span className="sr-only"> the negative alone</span>
          </button>
        )}
      </figcaption>
    </figure>
  )
}

/** How hard to push, beside the equation and in view whatever else is scrolled. Nothing where there is no negative. */
export function Push() {
  const method = usePage((state) => methodById(state.settings.method))
  return method && method.scale.max > 0 ? <ScaleSlider key={method.id} most={method.scale.max} /> : null
}

function ScaleSlider({ most }: { readonly most: number }) {
  const session = useSession()
  const scale = usePage((state) => state.settings.scale)
  // A scale typed beyond the slider's range widens it for good: were it to shrink again, the thumb would run from the hand.
  const [top, setTop] = useState(most)
  if (scale > top) setTop(scale)
  const w = plain(Number((scale + 1).toFixed(4)))
  return (
    <div className="flex items-center gap-3">
      <div className="min-w-0 flex-1">
        <Track
          label="Scale s"
          value={scale}
          min={0}
          max={top}
          step={0.05}
          valueText={`s ${plain(scale)}, w ${w}`}
          onChange={(next) => session.change({ scale: next }, 'drag')}
          onSettle={session.settle}
        />
      </div>
      <p
        className="num flex gap-2.5 text-[0.8125rem] whitespace-nowrap"
        title="s in D⁺ + s (D⁺ − D⁻), and the same as w in D⁻ + w (D⁺ − D⁻)"
      >
        <span className="min-w-12 font-medium">s {fixed(scale)}</span>
        <span className="min-w-13 text-muted">w {fixed(scale + 1)}</span>
      </p>
    </div>
  )
}

/** One term of the sentence: + s · (positive − negative), or a combiner of it. */
function Pushed({
  scale,
  name,
  combiner,
}: {
  readonly scale: number
  readonly name: string
  readonly combiner?: string
}) {
  return (
    <>
      {' '}
      <span className="whitespace-nowrap">
        <span className="font-normal text-muted">+</span> <span className="num">{fixed(scale)}</span>{' '}
        <span className="font-normal text-muted">·{combiner ? ` ${combiner}` : ''} (</span>
        <span className="text-positive">positive</span> <span className="font-normal text-muted">−</span>{' '}
        <span className="text-negative">{name}</span>
        <span className="font-normal text-muted">)</span>
      </span>
    </>
  )
}

/** The sentence that carries the page, with the numbers in use. */
export function Equation() {
  const method = usePage((state) => methodById(state.settings.method))
  const off = method?.kind === 'none'
  const scale = usePage((state) => state.settings.scale)
  const stack = usePage((state) => state.settings.stack)
  // The name of a combiner is long, and may take a line of its own.
  const room = method?.kind === 'combiner' ? '' : 'whitespace-nowrap'
  const size =
    stack.length > 0 ? 'sm:text-[1.0625rem] sm:leading-6' : `${room} sm:text-xl sm:leading-7 lg:max-xl:text-[1.0625rem]`
  return (
    <h1 className={`text-[0.9375rem] leading-6 font-medium tracking-[-0.01em] max-[22.5rem]:text-[0.8125rem] ${size}`}>
      guided <span className="font-normal text-muted">=</span> <span className="text-positive">positive</span>
      {!off && <Pushed scale={scale} name="negative" {...(method?.kind === 'combiner' && { combiner: method.name })} />}
      {!off &&
        stack.map((term, index) => (
          <Pushed key={index} scale={term.scale} name={methodById(term.method)?.name ?? term.method} />
        ))}
    </h1>
  )
}

/** How far the sampling is; changes often, so it is not announced. */
function Sampling() {
  const coming = usePage((state) => state.run.coming)
  const share = coming ? coming.records.length / coming.steps : 0
  return (
    <div className="h-px bg-line" aria-hidden>
      {coming && <div className="h-px bg-ink" style={{ width: `${100 * share}%` }} />}
    </div>
  )
}

/** Whether pictures of the wanted settings are still to come. */
function useBusy(): boolean {
  const model = usePage((state) => state.model)
  const wanted = usePage((state) => state.settings)
  const shown = usePage((state) => state.run.shown)
  const coming = usePage((state) => state.run.coming !== null)
  const stopped = usePage((state) => state.engine.status.kind === 'failed' || state.run.failure !== null)
  return useMemo(() => {
    if (coming || stopped) return coming
    const current = shown?.pass === 'full' && shown.final !== null && sameSettings(shown.settings, wanted)
    return !current && settingsRefusals(wanted, model).length === 0
  }, [model, wanted, shown, coming, stopped])
}

export function Stage() {
  const run = usePage((state) => state.run.shown)
  const model = usePage((state) => state.model)
  const busy = useBusy()
  return (
    <section
      data-part="stage"
      aria-label="Positive, negative and guided"
      aria-busy={busy}
      data-origin={run?.origin}
      data-digests={run?.summary?.digests.join(' ')}
    >
      <div className="grid grid-cols-3 gap-1.5 sm:gap-4">
        {ROLES.map((role) => (
          <Panel key={role} role={role} />
        ))}
      </div>
      <p className="sr-only">{run ? describe(run, model) : 'No images yet.'}</p>
      <div className="mt-2">
        <Sampling />
      </div>
    </section>
  )
}
