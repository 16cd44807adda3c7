/** The class that an image is asked to show: an index, a name, or none. */
import { asWhole, Fault, shown } from '../faults'
import { isIndex } from './layer'
import type { Kind } from './types'

export const classLabel: Kind<'class'> = {
  parse(value, _row, { conditioning: { classes } }) {
    if (value === null || value === 'none') return null
    if (classes.length === 0) throw new Fault('must be none: this model draws without being asked for a class')
    if (typeof value !== 'string') return asWhole(value, { min: 0, max: classes.length - 1 })
    const index = classes.findIndex(({ name }) => name.toLowerCase() === value.toLowerCase())
    if (index >= 0) return index
    const names = classes.map(({ name }) => name).join(', ')
    throw new Fault(`must be one of ${names}, an index, or none, not ${shown(value)}`)
  },
  standard: (_row, _model, label) => label,
  holds: (value): value is number | null => value === null || isIndex(value),
  // Names in any case are read, too; an editor offers them as they are written.
  schema(_row, { conditioning: { classes } }) {
    const none = { enum: ['none', null] }
    if (classes.length === 0) return none
    const names = { enum: classes.map(({ name }) => name) }
    return { anyOf: [names, { type: 'integer', minimum: 0, maximum: classes.length - 1 }, none] }
  },
  write: (value) => value ?? 'none',
}
