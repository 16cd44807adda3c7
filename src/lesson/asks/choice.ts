/** One of several answers. */
import type { AskFormat } from './ask'

export const choice: AskFormat<'choice'> = {
  key: 'choices',
  keys: ['choices', 'answer'],
  read: (fields) => {
    const choices = fields.texts('choices')
    fields.needs('answer')
    const answer = fields.number('answer')
    if (choices === null) return null
    const count = fields.items('choices')?.length ?? 0
    if (count < 2 || count > 6) {
      fields.say('choices', 'There must be two to six choices.')
      return null
    }
    // Of an empty one it was said.
    if (choices.length < count) return null
    if (new Set(choices).size < choices.length) {
      fields.say('choices', 'Two choices are the same.')
      return null
    }
    if (answer === null) return null
    if (!Number.isInteger(answer) || answer < 1 || answer > choices.length) {
      fields.say('answer', `“answer” is the number of the right choice, 1 to ${choices.length}, not ${answer}.`)
      return null
    }
    return { kind: 'choice', choices, right: answer - 1 }
  },
  write: ({ choices, right }) => ({ choices, answer: right + 1 }),
}
