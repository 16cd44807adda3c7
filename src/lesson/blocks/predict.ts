/** Say it before you see it. */
import { askFormats, writtenAsk } from '../asks'
import type { BlockFormat } from './block'

export const predict: BlockFormat<'predict'> = {
  read: (fields) => {
    fields.needs('question')
    const question = fields.text('question')
    const because = fields.text('because')
    const asked = askFormats.filter(({ key }) => fields.has(key))
    const [format] = asked
    if (format === undefined || asked.length > 1) {
      fields.say('question', 'A prediction needs one of “choices:”, “number:” and “curve:”.')
      return null
    }
    fields.only('question', ...format.keys, 'because')
    const ask = format.read(fields)
    return question === null || ask === null ? null : { kind: 'predict', question, ask, because }
  },
  write: ({ question, ask, because }) => ({ question, ...writtenAsk(ask), ...(because === null ? {} : { because }) }),
}
