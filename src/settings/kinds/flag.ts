/** Yes or no. */
import { Fault, shown } from '../faults'
import type { Kind } from './types'

export const flag: Kind<'flag'> = {
  parse(value) {
    if (typeof value !== 'boolean') throw new Fault(`must be true or false, not ${shown(value)}`)
    return value
  },
  standard: (row) => row.default,
  holds: (value): value is boolean => typeof value === 'boolean',
  schema: () => ({ type: 'boolean' }),
}
