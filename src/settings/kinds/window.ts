/** The noise levels at which a term acts: [low, high]. */
import { asNumber, Fault, isWithin, shown } from '../faults'
import { rangeSchema } from '../json-schema'
import { listFrom } from '../text'
import type { Kind } from './types'

const ANY = { min: 0, max: Infinity }
const bound = rangeSchema(0, Infinity)

export const window: Kind<'window'> = {
  parse(value) {
    if (!Array.isArray(value) || value.length !== 2)
      throw new Fault(`must be [low, high] in sigma, not ${shown(value)}`)
    const low = asNumber(value[0], ANY)
    const high = asNumber(value[1], ANY)
    if (low >= high) throw new Fault(`must rise from low to high, not ${shown(value)}`)
    return [low, high]
  },
  standard: () => [0, Infinity],
  holds(value): value is readonly [number, number] {
    if (!Array.isArray(value) || value.length !== 2) return false
    const [low, high]: unknown[] = value
    return isWithin(low, ANY) && isWithin(high, ANY) && low < high
  },
  schema: () => ({ type: 'array', prefixItems: [bound, bound], minItems: 2, items: false }),
  fromText: listFrom,
}
