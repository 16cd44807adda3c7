/** What the perturbation does to one attention map: where one token looks, in the positive and in the negative. */
import { useMemo } from 'react'
import type { AttentionLayer } from '../../network/types'
import { usePage, useSession } from '../app/store'
import { Close } from '../kit/Close'
import { fixed } from '../../core/format'
import { Hint } from '../kit/Hint'
import { useLeft } from '../run/ahead'
import { caption } from '../../settings/words'
import { FROM_BEFORE } from '../run/words'
import { useTheme } from '../app/theme'
import { heatPixels, type Theme } from '../stage/pixels'
import { entropyBits, mapRow, tokenAt } from './attention'
import { type Heat, HeatMap } from './HeatMap'
import { TokenPicker } from './TokenPicker'
import { type Answer, useMap } from './use-map'

/** The inspector of one term of the equation: 0 is the first. */
export function MapInspector({ term }: { readonly term: number }) {
  const inspected = usePage((state) => state.network.inspected)
  const model = usePage((state) => state.model)
  const layer = model.layers.find(({ index }) => inspected?.term === term && index === inspected.layer)
  if (!layer) return <Hint>Pick a layer to see what happens to its attention map.</Hint>
  return <Inspector key={layer.index} term={term} layer={layer} />
}

function heatOf(map: Float32Array | null, token: number, theme: Theme): Heat | null {
  if (!map) return null
  const row = mapRow(map, token)
  const top = Math.max(...row)
  return { pixels: heatPixels(row, top, theme), bits: entropyBits(row), top }
}

/** Why a side shows no map. */
function emptyWords(answer: Answer, side: 'positive' | 'negative'): string {
  switch (answer.kind) {
    case 'waiting':
      return 'waiting for the model'
    case 'absent':
      return 'not in these pictures'
    case 'failed':
      return 'no map'
    case 'map':
      return side === 'negative' ? 'left alone here' : 'no map'
    default:
      return answer satisfies never
  }
}

function Inspector({ term, layer }: { readonly term: number; readonly layer: AttentionLayer }) {
  const session = useSession()
  const theme = useTheme()
  const answer = useMap(term, layer.index)
  const asked = usePage((state) => state.network.token)
  const model = usePage((state) => state.model)
  const { height, width } = layer
  const token = Math.min(height * width - 1, asked ?? tokenAt(0.5, 0.5, layer))
  const map = answer.kind === 'map' ? answer.map : null
  const of = answer.kind === 'map' ? answer.settings : null
  const left = useLeft(of)
  const positive = useMemo(() => heatOf(map?.positive ?? null, token, theme), [map, token, theme])
  const negative = useMemo(() => heatOf(map?.negative ?? null, token, theme), [map, token, theme])
  const side = { size: layer, token: { x: token % width, y: Math.floor(token / width) } }
  return (
    <div data-part="map" className="rounded-md border border-line bg-surface p-2.5">
      <div className="mb-2 flex items-baseline justify-between gap-2">
        <h3 className="text-label">
          {layer.name} <span className="text-hint text-muted">{layer.heads} heads, mean</span>
        </h3>
        <Close onClick={() => session.set({ network: { inspected: null } })} />
      </div>
      <div className="flex gap-2">
        <TokenPicker layer={layer} token={token} />
        <HeatMap
          {...side}
          title="positive"
          tone="text-positive"
          heat={positive}
          empty={emptyWords(answer, 'positive')}
        />
        <HeatMap
          {...side}
          title="negative"
          tone="text-negative"
          heat={negative}
          empty={emptyWords(answer, 'negative')}
        />
      </div>
      <Hint className="mt-1.5">
        The darkest token gets the share that stands below. Entropy: 0 bits is a look at one token,{' '}
        {fixed(Math.log2(height * width), 0)} bits a look at all alike.
      </Hint>
      {of && left && (
        <Hint part="map-behind" figures className="mt-1.5">{`${FROM_BEFORE}: ${caption(of, model)}.`}</Hint>
      )}
      {answer.kind === 'failed' && (
        <p className="mt-2 text-hint text-alert">The map could not be computed: {answer.message}</p>
      )}
    </div>
  )
}
