/** The self-attention layers that a term perturbs: all, or a list of indices or names. */
import type { JsonSchema } from '../json-schema'
import { Fault, shown } from '../faults'
import { asLayer, isIndex, layerSchema } from './layer'
import { listFrom } from '../text'
import type { Kind } from './types'

export const layers: Kind<'layers'> = {
  parse(value, _row, model) {
    if (value === 'all') return 'all'
    if (!Array.isArray(value)) throw new Fault(`must be "all" or a list of layers, not ${shown(value)}`)
    const chosen = value.map((entry: unknown) => asLayer(entry, model))
    const ascending = [...new Set(chosen)].sort((a, b) => a - b)
    return ascending.length === model.layers.length ? 'all' : ascending
  },
  standard: () => 'all',
  holds: (value): value is 'all' | readonly number[] =>
    value === 'all' || (Array.isArray(value) && value.every(isIndex)),
  schema: (_row, model): JsonSchema => ({ anyOf: [{ const: 'all' }, { type: 'array', items: layerSchema(model) }] }),
  fromText: (text) => (text === 'all' ? text : text === '' ? [] : listFrom(text)),
}
