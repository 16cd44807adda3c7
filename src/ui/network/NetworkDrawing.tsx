/** The network drawn as the U it is, with its self-attention layers to pick: encoder down, middle, decoder up; size is resolution. */
import { type KeyboardEvent, type MouseEvent, useRef, useState } from 'react'
import type { AttentionLayer } from '../../network/types'
import { usePage } from '../app/store'
import { type LayerPlace, placeLayers } from './network-drawing'

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
      className={`absolute -translate-x-1/2 -translate-y-1/2 rounded-[3px] border-[1.5px] text-mark leading-none ${
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
      <span aria-hidden translate="no">
        {layer.width}
      </span>
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
export function NetworkDrawing({ labelId, term, prefix, chosen, onPick }: DrawingProps) {
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

/** Where the decoder meets the encoder again: the last encoder and the first decoder layer of each resolution. */
function skips(layers: readonly AttentionLayer[], places: readonly LayerPlace[]): [LayerPlace, LayerPlace][] {
  const widths = [...new Set(layers.map(({ width }) => width))]
  return widths.flatMap((width) => {
    const from = places.filter(({ layer }) => layer.stage === 'encoder' && layer.width === width).at(-1)
    const to = places.find(({ layer }) => layer.stage === 'decoder' && layer.width === width)
    return from && to ? [[from, to] as [LayerPlace, LayerPlace]] : []
  })
}
