/** From a link's or a flag's text to what a preset would say. */

/** A number where the text is one, yes or no, or else the text. */
export function scalarFrom(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true'
  return numberFrom(text)
}

const numberFrom = (text: string): unknown => (/^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : text)

/** The parts of `0_2_4`. */
export const listFrom = (text: string): unknown => text.split('_').map(numberFrom)
