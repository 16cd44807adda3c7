/** What a term does inside the network: its blur's kernel, the layers that it perturbs, and what becomes of one map. */
import { negativeMethodOf, readsMap } from '../../guidance/index'
import type { Term } from '../../settings/types'
import { Kernel } from '../network/Kernel'
import { LayerPicker } from '../network/LayerPicker'
import { MapInspector } from '../network/MapInspector'

interface TermNetworkProps {
  readonly at: number
  readonly term: Term
  readonly prefix: string
  readonly onLayers: (layers: Term['layers']) => void
}

export function TermNetwork({ at, term, prefix, onLayers }: TermNetworkProps) {
  const negative = negativeMethodOf(term)
  const perturbs = negative !== null && negative.layers !== null
  return (
    <>
      <Kernel term={at} />
      {perturbs && <LayerPicker term={at} value={term.layers} prefix={prefix} onChange={onLayers} />}
      {(perturbs || readsMap(term)) && <MapInspector term={at} />}
    </>
  )
}
