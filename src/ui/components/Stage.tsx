/** The three pictures, side by side and equal: where the positive, the negative and the guided trajectory are. */
import { type KeyboardEvent, type PointerEvent, useMemo, useRef } from 'react'
import { methodById } from '../../guidance'
import { LIMITS } from '../../settings/codec'
import { describe, fixed, percent, plain } from '../format'
import { relativeDistance, toPixels } from '../pixels'
import { frameOf, pictureAt, type Role, ROLES, type Run, sourceOf } from '../run'
import { usePage, useSession } from '../store'
import { Picture } from './Picture'

const CAPTION: Record<Role, { readonly name: string; readonly tone: string; readonly dot: string }> = {
  positive: { name: 'positive', tone: 'text-positive', dot: 'bg-positive' },
  negative: { name: 'negative', tone: 'text-negative', dot: 'bg-negative' },
  guided: { name: 'guided', tone: 'text-ink', dot: 'bg-ink' },
}

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
  const mean = final.reduce((sum, sample) => sum + relativeDistance(sample.guided, sample.positive), 0) / final.length
  return mean === 0 ? 'equal to the positive' : `${percent(mean)} from positive`
}

function Sample({ role, index }: { readonly role: Role; readonly index: number }) {
  const session = useSession()
  const model = usePage((state) => state.model)
  const run = usePage(({ shown, settled, settings }) => sourceOf(role, shown, settled, settings))
  const view = usePage((state) => state.view)
  const pixel = usePage((state) => state.pixel)
  const focused = usePage((state) => state.focus === index)
  const steps = run?.steps ?? 1
  const position = usePage((state) => frameOf(state.position, steps) / steps)
  const pixels = useMemo(() => {
    const picture = run && pictureAt(run, position, index, role, view, model)
    return picture ? toPixels(picture.image, model.image, picture.gain) : null
  }, [run, position, index, role, view, model])
  const many = (run?.settings.samples ?? 1) > 1
  const picture = <Picture pixels={pixels} size={model.image} pixel={pixel} onPixel={(next) => session.set({ pixel: next })} />
  if (!many) return picture
  return (
    <button
      type="button"
      aria-label={`Sample ${index + 1}, ${role}: look at this sample`}
      aria-pressed={focused}
      tabIndex={role === 'positive' ? 0 : -1}
      className="relative block w-full"
      onClick={() => session.set({ focus: index })}
    >
      {picture}
      {focused && <span className="pointer-events-none absolute inset-0 border-2 border-ink outline-1 -outline-offset-3 outline-bg" />}
    </button>
  )
}

function Panel({ role }: { readonly role: Role }) {
  const run = usePage((state) => state.shown)
  const samples = usePage((state) => state.shown?.settings.samples ?? state.settings.samples)
  const absent = run !== null && role === 'negative' && run.final !== null && run.final.every((sample) => sample.negative === null)
  const { name, tone, dot } = CAPTION[role]
  return (
    <figure className="min-w-0">
      <div
        className="grid gap-0.5 overflow-hidden rounded-[3px]"
        style={{ gridTemplateColumns: `repeat(${columnsFor(samples)}, minmax(0, 1fr))` }}
      >
        {absent ? (
          <div className="col-span-full grid aspect-square place-items-center border border-dashed border-line p-4 text-center text-xs text-muted">
            No negative: guidance is off.
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
        <span className="num hidden text-[0.8125rem] text-muted sm:inline">{note(role, run, absent)}</span>
      </figcaption>
    </figure>
  )
}

/** Scale per pixel of a drag across the number, and per arrow key. */
const DRAG_SCALE = 0.02
const KEY_SCALE = 0.05

/** The number in the equation is the scale's control: drag it sideways, or use the arrow keys. */
function ScaleNumber() {
  const session = useSession()
  const scale = usePage((state) => state.settings.scale)
  const method = usePage((state) => state.settings.method)
  const grip = useRef({ x: 0, scale: 0 })
  const top = Math.max(methodById(method)?.scale.max ?? LIMITS.scale.max, scale)
  const set = (next: number) => session.change({ scale: Number(Math.min(top, Math.max(0, next)).toFixed(2)) }, 'drag')
  const onKeyDown = (event: KeyboardEvent) => {
    const by: Record<string, number> = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageUp: 10, PageDown: -10 }
    if (event.key === 'Home') set(0)
    else if (event.key === 'End') set(top)
    else if (by[event.key] !== undefined) set(scale + KEY_SCALE * by[event.key]!)
    else return
    event.preventDefault()
    session.settle()
  }
  const onPointerMove = (event: PointerEvent) => {
    if (event.currentTarget.hasPointerCapture(event.pointerId)) {
      const moved = grip.current.scale + DRAG_SCALE * (event.clientX - grip.current.x)
      set(Math.round(moved / KEY_SCALE) * KEY_SCALE)
    }
  }
  return (
    <span
      role="slider"
      tabIndex={0}
      aria-label="Scale s"
      aria-valuemin={0}
      aria-valuemax={top}
      aria-valuenow={scale}
      aria-valuetext={`s ${plain(scale)}`}
      title="Drag sideways to push harder or less"
      className="num cursor-ew-resize touch-none rounded-sm border-b-2 border-dotted border-edge px-1 select-none hover:border-ink"
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        grip.current = { x: event.clientX, scale }
      }}
      onPointerMove={onPointerMove}
      onPointerUp={() => session.settle()}
    >
      {fixed(scale)}
    </span>
  )
}

/** The sentence that carries the page, with the number in use. */
export function Equation() {
  const off = usePage((state) => state.settings.method === 'none')
  return (
    <h1 className="text-[0.9375rem] leading-6 font-medium tracking-[-0.01em] sm:text-xl sm:leading-7">
      guided <span className="font-normal text-muted">=</span> <span className="text-positive">positive</span>
      {!off && (
        <>
          {' '}
          <span className="font-normal text-muted">+</span> <ScaleNumber />{' '}
          <span className="font-normal text-muted">· (</span>
          <span className="text-positive">positive</span> <span className="font-normal text-muted">−</span>{' '}
          <span className="text-negative">negative</span>
          <span className="font-normal text-muted">)</span>
        </>
      )}
    </h1>
  )
}

/** How far the sampling is; changes often, so it is not announced. */
function Sampling() {
  const coming = usePage((state) => state.coming)
  const share = coming ? coming.records.length / coming.steps : 0
  return (
    <div className="h-px bg-line" aria-hidden>
      {coming && <div className="h-px bg-ink" style={{ width: `${100 * share}%` }} />}
    </div>
  )
}

export function Stage() {
  const run = usePage((state) => state.shown)
  const model = usePage((state) => state.model)
  return (
    <section aria-label="Positive, negative and guided" data-digests={run?.summary?.digests.join(' ')}>
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
