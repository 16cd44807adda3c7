/** A number on a scale. */
import type { AskFormat } from './ask'

export const number: AskFormat<'number'> = {
  key: 'number',
  keys: ['number', 'answer', 'tolerance'],
  read: (fields) => {
    const scale = fields.fields('number')
    fields.needs('answer', 'tolerance')
    if (scale === null) return null
    scale.needs('min', 'max')
    scale.only('min', 'max', 'unit')
    const [min, max] = [scale.number('min'), scale.number('max')]
    const unit = scale.text('unit')
    const tolerance = fields.number('tolerance', { min: 0 })
    if (min === null || max === null) return null
    if (min >= max) {
      scale.say('max', `“max” must be more than “min”, ${min}.`)
      return null
    }
    const right = fields.number('answer', { min, max })
    if (right === null || tolerance === null) return null
    return { kind: 'number', min, max, unit, right, tolerance }
  },
  write: ({ min, max, unit, right, tolerance }) => ({
    number: { min, max, ...(unit === null ? {} : { unit }) },
    answer: right,
    tolerance,
  }),
}
