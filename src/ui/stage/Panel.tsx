/** One of the three pictures with its caption: the images of a trajectory, or why there are none. */
import { Hint } from '../kit/Hint'
import { useMemo } from 'react'
import { isGuided } from '../../guidance/index'
import { walksAlone } from '../../guidance/pair'
import { usePage, useSession } from '../app/store'
import type { Overlay } from '../equation/slice'
import { useRecord } from '../run/use-record'
import { percent } from '../kit/format'
import { frameOf, pictureAt, type Role, type Run, sourceOf } from '../run/run'
import { useOverlay } from './overlay'
import { Picture } from './Picture'
import { relativeDistance, toPixels } from './pixels'

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

/** In place of pictures before the first come. */
function NoneYet() {
  const failed = usePage((state) => state.engine.status.kind === 'failed')
  return (
    <Hint className="absolute inset-0 grid place-items-center p-2 text-center sm:p-4">
      {failed ? 'No pictures: the model is not running.' : 'The pictures come as soon as the model is ready.'}
    </Hint>
  )
}

const LINK = 'ml-auto text-label text-muted link max-sm:text-hint'

/** Whether pictures that are drawn larger than they are show their pixels. */
function Edges() {
  const session = useSession()
  const smooth = usePage((state) => state.stage.smooth)
  return (
    <button
      type="button"
      data-part="edges"
      className={LINK}
      onClick={() => session.set({ stage: { smooth: !smooth } })}
    >
      <span className="sr-only">Show pictures</span> <span>{smooth ? 'Pixels' : 'Smooth'}</span>
    </button>
  )
}

export function Panel({ role }: { readonly role: Role }) {
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
    <figure className="@container min-w-0" data-part={`panel-${role}`}>
      <div
        className="relative grid gap-0.5 overflow-hidden rounded-[3px]"
        style={{ gridTemplateColumns: `repeat(${columnsFor(samples)}, minmax(0, 1fr))` }}
      >
        {empty ? (
          <div
            data-part="no-pictures"
            className="col-span-full grid aspect-square place-items-center rounded-[3px] border border-dashed border-line p-2 text-center text-hint text-muted sm:p-4"
          >
            {empty}
          </div>
        ) : (
          Array.from({ length: samples }, (_, index) => <Sample key={index} role={role} index={index} />)
        )}
        {!run && role === 'positive' && <NoneYet />}
      </div>
      <figcaption className="mt-1.5 flex flex-wrap items-baseline gap-x-2 lg:mt-2">
        <span className={`flex items-baseline gap-1.5 font-medium ${tone}`}>
          <span className={`size-2 rounded-full ${dot}`} aria-hidden />
          {name}
        </span>
        <span className="num hidden text-label whitespace-nowrap text-muted @min-[12rem]:inline" translate="no">
          {note(role, run, off)}
        </span>
        {role === 'negative' && !off && !unsampled && (
          <button
            type="button"
            data-part="hide-negative"
            className={LINK}
            onClick={() => session.hideNegative(!hidden)}
          >
            <span>{hidden ? 'Show' : 'Hide'}</span>
            <span className="sr-only"> the negative alone</span>
          </button>
        )}
        {role === 'positive' && <Edges />}
      </figcaption>
    </figure>
  )
}
