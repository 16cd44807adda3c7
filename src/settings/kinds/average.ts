/** Length of the positive's weight average; null for the weights as shipped, which presets write as "stored". */
import { isWithin } from '../faults'
import { ema, EMA_RANGE } from './ema'
import type { Kind } from './types'

export const average: Kind<'average'> = {
  parse(value, _row, model) {
    const length = ema.parse(value, { kind: 'ema', default: 'stored' }, model)
    return length === 'stored' ? null : length
  },
  standard: () => null,
  holds: (value): value is number | null => value === null || isWithin(value, EMA_RANGE),
  schema: (_row, model) => ema.schema({ kind: 'ema', default: 'stored' }, model),
  write: (value) => value ?? 'stored',
}
