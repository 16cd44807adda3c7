/** From a link's or a flag's text to what a preset would say. */

/** A number where the text is one, yes or no, or else the text. */
export function scalarFrom(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true'
  return numberFrom(text)
}

/** Each character is matched in one way only, so that a long text that is no number takes linear time. */
const NUMBER = /^-?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i

const numberFrom = (text: string): unknown => (NUMBER.test(text) ? Number(text) : text)

/** The parts of `0_2_4`. */
export const listFrom = (text: string): unknown => text.split('_').map(numberFrom)
