/** Length of a weight average, σ_rel, or "stored" for the weights as shipped. */
import { asNumber, isWithin } from '../faults'
import { rangeSchema, type JsonSchema } from '../json-schema'
import type { Kind } from './types'

/** A power function average has less than 12^(−1/2). */
export const EMA_RANGE = { min: 0.02, max: 0.25 } as const

export const emaSchema: JsonSchema = { anyOf: [rangeSchema(EMA_RANGE.min, EMA_RANGE.max), { const: 'stored' }] }

export const ema: Kind<'ema'> = {
  parse: (value) => (value === null || value === 'stored' ? 'stored' : asNumber(value, EMA_RANGE)),
  standard: (row) => row.default,
  holds: (value): value is number | 'stored' => value === 'stored' || isWithin(value, EMA_RANGE),
  schema: () => ({ anyOf: [emaSchema, { type: 'null' }] }),
}
