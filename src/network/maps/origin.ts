/** Where tokens come from, and whether two kinds of them are the same. */

export type Origin =
  /** Places of an input's image, counted along two of its axes (2 is the height), in this order. */
  | { readonly kind: 'image'; readonly input: string; readonly axes: readonly [ImageAxis, ImageAxis] }
  /** Entries along an axis of an input of the graph. */
  | { readonly kind: 'input'; readonly input: string; readonly axis: number; readonly rank: number }
  /** The same at every run. */
  | { readonly kind: 'constant'; readonly tensor: string }
  /** One after the other. */
  | { readonly kind: 'pieces'; readonly pieces: readonly Piece[] }
  | { readonly kind: 'unknown' }

export interface ImageAxis {
  readonly axis: number
  readonly length: number
  /** How many rows of so many tokens lie behind each other along it: windows, each of which is a map of its own. */
  readonly windows: number
}

export interface Piece {
  readonly start: number
  readonly count: number
  readonly origin: Origin
}

/** Is any of it of that input? */
export const shows = (origin: Origin, input: string): boolean =>
  origin.kind === 'pieces'
    ? origin.pieces.some((piece) => shows(piece.origin, input))
    : (origin.kind === 'image' || origin.kind === 'input') && origin.input === input

/** Do both count the same things in the same order? What is not known equals nothing. */
export function sameOrigin(a: Origin, b: Origin): boolean {
  switch (a.kind) {
    case 'image':
      return (
        b.kind === 'image' &&
        a.input === b.input &&
        a.axes.every(({ axis, length }, i) => axis === b.axes[i]!.axis && length === b.axes[i]!.length)
      )
    case 'input':
      return b.kind === 'input' && a.input === b.input && a.axis === b.axis
    case 'constant':
      return b.kind === 'constant' && a.tensor === b.tensor
    case 'pieces':
      return (
        b.kind === 'pieces' &&
        a.pieces.length === b.pieces.length &&
        a.pieces.every(({ start, count, origin }, i) => {
          const other = b.pieces[i]!
          return start === other.start && count === other.count && (count === 1 || sameOrigin(origin, other.origin))
        })
      )
    case 'unknown':
      return false
    default:
      return a satisfies never
  }
}

/** Is nothing of it unknown? A single token needs no origin. */
export const isKnown = (origin: Origin): boolean =>
  origin.kind === 'pieces'
    ? origin.pieces.every((piece) => piece.count === 1 || isKnown(piece.origin))
    : origin.kind !== 'unknown'
