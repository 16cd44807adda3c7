/** A number of a range; whole numbers only where the row says so. */
import { asNumber, asWhole, isWithin } from '../faults'
import { rangeSchema } from '../json-schema'
import type { Kind } from './types'

export const number: Kind<'number'> = {
  parse: (value, row) => (row.whole ? asWhole(value, row) : asNumber(value, row)),
  standard: (row) => row.default,
  holds: (value, row): value is number => isWithin(value, row) && (!row.whole || Number.isInteger(value)),
  schema: ({ min, max, whole }) => rangeSchema(min, max, whole),
}
