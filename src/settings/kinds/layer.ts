/** A self-attention layer, by index or name. */
import type { ModelInfo } from '../../model/types'
import { Fault, shown } from '../faults'
import type { Kind } from './types'

/** Index of the layer that somebody wrote. Throws Fault. */
export function asLayer(value: unknown, { layers }: ModelInfo): number {
  const found = layers.find(({ index, name }) => (typeof value === 'string' ? name : index) === value)
  if (found) return found.index
  const known = typeof value === 'string' ? layers.map(({ name }) => name).join(', ') : `0 to ${layers.length - 1}`
  throw new Fault(`has no layer ${shown(value)}; the layers are ${known}`)
}

export const layerSchema = ({ layers }: ModelInfo) => ({ enum: layers.flatMap(({ index, name }) => [index, name]) })

export const isIndex = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0

export const layer: Kind<'layer'> = {
  parse: (value, _row, model) => asLayer(value, model),
  standard: (row, model) => row.default(model),
  holds: isIndex,
  schema: (_row, model) => layerSchema(model),
}
