/** Say why, in words of one's own. */
import type { BlockFormat } from './block'

export const explain: BlockFormat<'explain'> = {
  read: (fields) => {
    fields.needs('question')
    fields.only('question', 'points')
    const question = fields.text('question')
    const points = fields.texts('points') ?? []
    return question === null ? null : { kind: 'explain', question, points }
  },
  write: ({ question, points }) => ({ question, ...(points.length === 0 ? {} : { points }) }),
}
