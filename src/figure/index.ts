/** Still figures: what the page and the command line make them with. */
export {
  alongChoices,
  alongOf,
  givenValues,
  MOST_VALUES,
  rangeValues,
  settingsAt,
  startOf,
  USUAL_COUNT,
  type Along,
  type Range,
  type Value,
} from './along'
export { FigureError } from './error'
export { lonesLeft, withLones } from './lones'
export { CARD, cardHtml } from './card'
export { figureHtml, MOST_BYTES } from './figure'
export type { FigureTheme } from './style'
export type { Figure, Stop } from './types'
