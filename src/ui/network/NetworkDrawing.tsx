/** The network drawn as the U it is, with its self-attention layers to pick: encoder down, middle, decoder up; size is resolution. */
import { type KeyboardEvent, type MouseEvent, useId, useRef, useState } from 'react'
import type { AttentionLayer, Stage } from '../../network/types'
import type { Term } from '../../settings/types'
import { pickLayers, type LayerPlace, placeLayers, stageLayers } from './network-drawing'
import { usePage, useSession } from '../app/store'

interface BlockProps {
  readonly place: LayerPlace
  readonly term: number
  readonly prefix: string
  readonly chosen: boolean
  readonly tabbable: boolean
  readonly onPick: (index: number, extend: boolean) => void
  readonly onMove: (index: number, by: number) => void
}

function Block({ place, term, prefix, chosen, tabbable, onPick, onMove }: BlockProps) {
  const { layer } = place
  const inspected = usePage(
    (state) => state.network.inspected?.term === term && state.network.inspected.layer === layer.index,
  )
  const onKeyDown = (event: KeyboardEvent) => {
    const by =
      event.key === 'ArrowRight' || event.key === 'ArrowDown'
        ? 1
        : event.key === 'ArrowLeft' || event.key === 'ArrowUp'
          ? -1
          : 0
    if (by === 0) return
    event.preventDefault()
    onMove(layer.index, by)
  }
  return (
    <button
      type="button"
      data-layer={layer.index}
      aria-pressed={chosen}
      aria-label={`${prefix}Layer ${layer.name}`}
      title={`${layer.name}, ${layer.heads} heads`}
      tabIndex={tabbable ? 0 : -1}
      className={`absolute -translate-x-1/2 -translate-y-1/2 rounded-[3px] border-[1.5px] text-[0.625rem] leading-none ${
        chosen ? 'border-negative bg-negative text-bg' : 'border-edge bg-surface text-muted hover:border-ink'
      } ${inspected ? 'ring-2 ring-ink ring-offset-2 ring-offset-bg' : ''}`}
      style={{
        left: `${100 * place.x}%`,
        top: `${100 * place.y}%`,
        width: `${place.side}rem`,
        height: `${place.side}rem`,
      }}
      onClick={(event: MouseEvent) => onPick(layer.index, event.shiftKey)}
      onKeyDown={onKeyDown}
    >
      <span aria-hidden>{layer.width}</span>
    </button>
  )
}

interface DrawingProps {
  readonly labelId: string
  readonly term: number
  readonly prefix: string
  readonly chosen: readonly number[]
  readonly onPick: (index: number, extend: boolean) => void
}

/** The U itself. One tab stop; arrows walk the layers. */
function Drawing({ labelId, term, prefix, chosen, onPick }: DrawingProps) {
  const layers = usePage((state) => state.model.layers)
  const [tabStop, setTabStop] = useState(0)
  const group = useRef<HTMLDivElement>(null)
  const onMove = (index: number, by: number) => {
    const next = Math.min(layers.length - 1, Math.max(0, index + by))
    setTabStop(next)
    group.current?.querySelector<HTMLElement>(`[data-layer="${next}"]`)?.focus()
  }
  const places = placeLayers(layers)
  return (
    <div ref={group} role="group" aria-labelledby={labelId} className="relative h-32">
      <svg viewBox="0 0 100 100" preserveAspectRatio="none" className="absolute inset-0 h-full w-full" aria-hidden>
        <path
          d={places.map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${100 * x} ${100 * y}`).join('')}
          fill="none"
          stroke="var(--edge)"
          vectorEffect="non-scaling-stroke"
        />
        {skips(layers, places).map(([from, to]) => (
          <path
            key={from.layer.index}
            d={`M${100 * from.x} ${100 * from.y}L${100 * to.x} ${100 * to.y}`}
            stroke="var(--line)"
            strokeDasharray="2 3"
            vectorEffect="non-scaling-stroke"
          />
        ))}
      </svg>
      {places.map((place) => (
        <Block
          key={place.layer.index}
          place={place}
          term={term}
          prefix={prefix}
          chosen={chosen.includes(place.layer.index)}
          tabbable={place.layer.index === tabStop}
          onPick={(index, extend) => {
            setTabStop(index)
            onPick(index, extend)
          }}
          onMove={onMove}
        />
      ))}
    </div>
  )
}

const STAGES: readonly Stage[] = ['encoder', 'middle', 'decoder']

function same(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i])
}

interface LayerPickerProps {
  /** The term whose layers these are: 0 is the first. */
  readonly term: number
  readonly value: Term['layers']
  readonly prefix?: string
  readonly onChange: (layers: Term['layers']) => void
}

/** The layers that are perturbed, any number of them. */
export function LayerPicker({ term, value, prefix = '', onChange }: LayerPickerProps) {
  const session = useSession()
  const labelId = useId()
  const layers = usePage((state) => state.model.layers)
  const everything = layers.map(({ index }) => index)
  const chosen = value === 'all' ? everything : value
  const anchor = useRef<number | null>(null)

  const choose = (next: readonly number[]) => onChange(next.length === layers.length ? 'all' : next)
  const onPick = (index: number, extend: boolean) => {
    // The first click on a chosen layer looks into it; it stays chosen until the next.
    const { inspected } = session.store.getState().network
    const looks = !extend && chosen.includes(index) && !(inspected?.term === term && inspected.layer === index)
    if (!looks) choose(pickLayers(chosen, index, extend ? anchor.current : null))
    anchor.current = index
    session.set({ network: { inspected: { term, layer: index } } })
  }
  const shortcuts: { label: string; layers: readonly number[] }[] = [
    { label: 'all', layers: everything },
    { label: 'none', layers: [] },
    ...STAGES.map((stage) => ({ label: stage, layers: stageLayers(layers, stage) })).filter(
      (entry) => entry.layers.length > 0,
    ),
  ]
  return (
    <div>
      <div className="mb-1 flex items-baseline justify-between">
        <span className="text-[0.8125rem]" id={labelId}>
          Attention layers
        </span>
        <span className="num text-xs text-muted">
          {chosen.length} of {layers.length}
        </span>
      </div>
      <Drawing labelId={labelId} term={term} prefix={prefix} chosen={chosen} onPick={onPick} />
      <div className="mt-1 flex flex-wrap gap-1" role="group" aria-label={`${prefix}Choose layers`}>
        {shortcuts.map((shortcut) => (
          <button
            key={shortcut.label}
            type="button"
            aria-pressed={same(chosen, shortcut.layers)}
            className="rounded-[4px] px-1.5 py-0.5 text-xs text-muted hover:bg-sunken hover:text-ink aria-pressed:bg-sunken aria-pressed:text-ink"
            onClick={() => choose(shortcut.layers)}
          >
            {shortcut.label}
          </button>
        ))}
      </div>
      {chosen.length === 0 && (
        <p className="mt-1 text-xs text-muted">With no layer chosen the negative equals the positive.</p>
      )}
    </div>
  )
}

interface LayerChoiceProps {
  /** The term that reads the layer: 0 is the first. */
  readonly term: number
  readonly label: string
  readonly help: string
  readonly prefix: string
  readonly value: number
  readonly onChange: (layer: number) => void
}

/** One layer, such as the one whose attention makes a mask. */
export function LayerChoice({ term, label, help, prefix, value, onChange }: LayerChoiceProps) {
  const session = useSession()
  const labelId = useId()
  const name = usePage((state) => state.model.layers.find(({ index }) => index === value)?.name)
  const onPick = (index: number) => {
    onChange(index)
    session.set({ network: { inspected: { term, layer: index } } })
  }
  return (
    <div>
      <div className="mb-1 flex items-baseline justify-between gap-3">
        <span className="text-[0.8125rem]" id={labelId}>
          {label}
        </span>
        <span className="num text-xs text-muted">{name}</span>
      </div>
      <Drawing labelId={labelId} term={term} prefix={prefix} chosen={[value]} onPick={onPick} />
      <p className="text-xs text-muted">{help}</p>
    </div>
  )
}

/** Where the decoder meets the encoder again: the last encoder and the first decoder layer of each resolution. */
function skips(layers: readonly AttentionLayer[], places: readonly LayerPlace[]): [LayerPlace, LayerPlace][] {
  const widths = [...new Set(layers.map(({ width }) => width))]
  return widths.flatMap((width) => {
    const from = places.filter(({ layer }) => layer.stage === 'encoder' && layer.width === width).at(-1)
    const to = places.find(({ layer }) => layer.stage === 'decoder' && layer.width === width)
    return from && to ? [[from, to] as [LayerPlace, LayerPlace]] : []
  })
}
