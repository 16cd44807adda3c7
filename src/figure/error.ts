/** Why there is no figure, in a sentence for the person who asked for it. */
export class FigureError extends Error {
  override readonly name = 'FigureError'
}
