/** What the perturbation does to one attention map: where one token looks, in the positive and in the negative. */
import { type KeyboardEvent, useEffect, useMemo, useState } from 'react'
import type { MapResult } from '../../worker/protocol'
import { entropyBits, mapRow } from './attention'
import { fixed, percent } from '../kit/format'
import { heatPixels, toPixels } from '../stage/pixels'
import { usePage, useSession } from '../app/store'
import { useTheme } from '../kit/theme'
import { useRecord } from '../run/use-record'
import { Picture } from '../stage/Picture'

type Answer =
  | { readonly kind: 'map'; readonly map: MapResult }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'failed'; readonly message: string }

/** The map of the inspected layer at the playhead, asked for anew when either changes and nothing is being sampled. */
function useMap(term: number, layer: number): Answer {
  const session = useSession()
  const [answer, setAnswer] = useState<Answer>({ kind: 'waiting' })
  const run = usePage((state) => state.run.shown)
  const idle = usePage(
    (state) => state.engine.status.kind === 'ready' && state.run.coming === null && !state.playhead.playing,
  )
  const focus = usePage((state) => state.stage.focus)
  const record = useRecord()
  useEffect(() => {
    const sample = record?.samples[focus]
    if (!idle || !run || run.origin === 'stored' || run.pass !== 'full' || !record || !sample) return
    let wanted = true
    session
      .attentionMap({
        settings: run.settings,
        term,
        layer,
        x: sample.guided.x,
        sigma: record.sigmaHat,
        sample: focus,
        step: record.index,
      })
      .then((map) => wanted && setAnswer({ kind: 'map', map }))
      .catch(
        (error: unknown) =>
          wanted && setAnswer({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }),
      )
    return () => {
      wanted = false
    }
  }, [session, run, idle, focus, record, term, layer])
  return answer
}

/** The inspector of one term of the equation: 0 is the first. */
export function MapInspector({ term }: { readonly term: number }) {
  const session = useSession()
  const theme = useTheme()
  const inspected = usePage((state) => state.network.inspected)
  const model = usePage((state) => state.model)
  const layer = model.layers.find(({ index }) => inspected?.term === term && index === inspected.layer)
  if (!layer) return <p className="text-hint text-muted">Pick a layer to see what happens to its attention map.</p>
  return (
    <Inspector
      key={layer.index}
      term={term}
      index={layer.index}
      name={layer.name}
      heads={layer.heads}
      height={layer.height}
      width={layer.width}
      theme={theme}
      onClose={() => session.set({ network: { inspected: null } })}
    />
  )
}

interface InspectorProps {
  readonly term: number
  readonly index: number
  readonly name: string
  readonly heads: number
  readonly height: number
  readonly width: number
  readonly theme: 'light' | 'dark'
  readonly onClose: () => void
}

function Inspector({ term, index, name, heads, height, width, theme, onClose }: InspectorProps) {
  const session = useSession()
  const model = usePage((state) => state.model)
  const answer = useMap(term, index)
  const asked = usePage((state) => state.network.token)
  const focus = usePage((state) => state.stage.focus)
  const record = useRecord()
  const size = { height, width }
  const token = Math.min(height * width - 1, asked ?? Math.floor(height / 2) * width + Math.floor(width / 2))
  const place = { x: token % width, y: Math.floor(token / width) }
  const image = record?.samples[focus]?.predictionPositive
  const picture = useMemo(() => (image ? toPixels(image, model.image) : null), [image, model])
  const maps = useMemo(() => {
    if (answer.kind !== 'map') return null
    const positive = mapRow(answer.map.positive, token)
    const negative = answer.map.negative && mapRow(answer.map.negative, token)
    const paint = (row: Float32Array) => ({
      pixels: heatPixels(row, Math.max(...row), theme),
      bits: entropyBits(row),
      top: Math.max(...row),
    })
    return { positive: paint(positive), negative: negative && paint(negative) }
  }, [answer, token, theme])

  const onKeyDown = (event: KeyboardEvent) => {
    const by: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -width, ArrowDown: width }
    const move = by[event.key]
    if (move === undefined) return
    event.preventDefault()
    event.stopPropagation()
    const next = token + move
    if (next >= 0 && next < height * width) session.set({ network: { token: next } })
  }
  const heat = (
    title: string,
    tone: string,
    map: { pixels: Uint8ClampedArray<ArrayBuffer>; bits: number; top: number } | null | undefined,
    empty: string,
  ) => (
    <figure className="min-w-0 flex-1">
      {map ? (
        <Picture pixels={map.pixels} size={size} exact pixel={place} className="rounded-[2px]" />
      ) : (
        <div className="grid aspect-square place-items-center rounded-[2px] bg-sunken p-1 text-center text-tiny text-muted">
          {empty}
        </div>
      )}
      <figcaption className="num mt-1 text-hint">
        <span className={tone}>{title}</span>
        {map && (
          <span className="block text-muted">
            {fixed(map.bits)} bits
            <br />≤ {percent(map.top)}
          </span>
        )}
      </figcaption>
    </figure>
  )
  return (
    <div className="rounded-md border border-line bg-surface p-2.5">
      <div className="mb-2 flex items-baseline justify-between gap-2">
        <h3 className="text-label">
          {name} <span className="text-hint text-muted">{heads} heads, mean</span>
        </h3>
        <button type="button" className="rounded-sm px-1 text-hint text-muted hover:text-ink" onClick={onClose}>
          Close
        </button>
      </div>
      <div className="flex gap-2">
        <figure className="min-w-0 flex-1">
          <div
            role="application"
            tabIndex={0}
            aria-label={`Token that looks: column ${place.x + 1}, row ${place.y + 1} of ${width} by ${height}. Arrow keys move it.`}
            className="relative cursor-crosshair overflow-hidden rounded-[2px]"
            onKeyDown={onKeyDown}
            onPointerMove={(event) => {
              const box = event.currentTarget.getBoundingClientRect()
              const x = Math.min(width - 1, Math.max(0, Math.floor(((event.clientX - box.left) / box.width) * width)))
              const y = Math.min(height - 1, Math.max(0, Math.floor(((event.clientY - box.top) / box.height) * height)))
              session.set({ network: { token: y * width + x } })
            }}
          >
            <Picture pixels={picture} size={model.image} />
            <span
              className="pointer-events-none absolute outline-1 outline-white ring-2 ring-black"
              style={{
                left: `${(100 * place.x) / width}%`,
                top: `${(100 * place.y) / height}%`,
                width: `${100 / width}%`,
                height: `${100 / height}%`,
              }}
            />
          </div>
          <figcaption className="mt-1 text-hint text-muted">where this token looks</figcaption>
        </figure>
        {heat(
          'positive',
          'text-positive',
          maps?.positive,
          answer.kind === 'failed' ? 'no map' : 'waiting for the model',
        )}
        {heat('negative', 'text-negative', maps?.negative, maps ? 'left alone here' : 'waiting for the model')}
      </div>
      <p className="mt-1.5 text-hint text-muted">
        The darkest token gets the share that stands below. Entropy: 0 bits is a look at one token,{' '}
        {fixed(Math.log2(height * width), 0)} bits a look at all alike.
      </p>
      {answer.kind === 'failed' && (
        <p className="mt-2 text-hint text-alert">The map could not be computed: {answer.message}</p>
      )}
    </div>
  )
}
