/** How keys move a handle on the noise axis, as they move any slider. */

/** Steps of a key; a handle adds what the ends of the axis are to it. */
export const KEY_STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageUp: 4,
  PageDown: -4,
}
