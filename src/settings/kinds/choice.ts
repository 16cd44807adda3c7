/** One of a list of words. */
import { Fault, shown } from '../faults'
import type { Kind } from './types'

export const choice: Kind<'choice'> = {
  parse(value, { choices }) {
    const found = choices.find((entry) => entry.value === value)
    if (!found) throw new Fault(`must be one of ${choices.map((entry) => entry.value).join(', ')}, not ${shown(value)}`)
    return found.value
  },
  standard: (row, model) => (typeof row.default === 'string' ? row.default : row.default(model)),
  holds: (value, { choices }): value is string => choices.some((entry) => entry.value === value),
  schema: ({ choices }) => ({ enum: choices.map((entry) => entry.value) }),
}
