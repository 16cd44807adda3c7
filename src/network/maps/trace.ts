/**
 * Follows an axis of tokens back through the graph to where it comes from: axes of an image that were put together, an input, a
 * parameter, or several of those behind each other. So a grid is never guessed from the number of its tokens.
 */
import type { GraphEditor } from '../editor'
import { Flow } from '../flow'
import { GraphError } from '../graph-error'
import type { MeasuredShapes } from '../measured-shapes'
import { Shapes } from '../shapes'
import { wholeAxis, type Digit } from './digit'
import { shows, type Origin, type Piece } from './origin'
import type { Step } from './step'
import { stepsBack } from './steps'

/** Steps of all searches in a graph, at most. */
const MAX_STEPS = 2 ** 20
/** Rows of tokens in rows of tokens: a block that puts a text before an image and takes it off again is two. */
const MAX_DEPTH = 1024

const keyOf = (tensor: string, { axis, length, inner }: Digit) => `${axis} ${length} ${inner} ${tensor}`

const UNKNOWN: Origin = { kind: 'unknown' }

export class Tracer {
  #steps = 0
  #depth = 0
  readonly #origins = new Map<string, Origin>()
  readonly #inferred: Shapes
  readonly #flow: Flow

  constructor(
    private readonly editor: GraphEditor,
    private readonly shapes: MeasuredShapes,
    /** The input that is the noisy image. */
    private readonly sample: string,
  ) {
    this.#inferred = new Shapes(editor, shapes.known)
    this.#flow = new Flow(editor)
  }

  /**
   * The origin of a digit. Of several ways back the nearest decides that leads to an image or an input; parameters are
   * taken for it only where no other way is left, since embeddings of places are added to tokens everywhere, and another
   * image only where none leads to the noisy one, since an image to go by is put beside it everywhere. What is counted backwards on a
   * way before that is in no order that is known: other ways may count it forwards.
   */
  origin(tensor: string, digit: Digit): Origin {
    const key = keyOf(tensor, digit)
    const known = this.#origins.get(key)
    if (known) return known
    // Through a cycle of searches nothing would be found twice.
    this.#origins.set(key, UNKNOWN)
    if (++this.#depth > MAX_DEPTH) throw new GraphError('its tokens are put together too often to be followed')
    const origin = this.#search(tensor, digit)
    this.#depth--
    this.#origins.set(key, origin)
    return origin
  }

  #search(tensor: string, digit: Digit): Origin {
    let constant: Origin | null = null
    let other: Origin | null = null
    let lost = false
    for (const place of this.#walk(tensor, digit, false)) {
      if (place.kind === 'turned') return UNKNOWN
      if (place.kind === 'lost') lost = true
      const origin = this.#judge(place)
      if (!origin || origin.kind === 'unknown') continue
      if (origin.kind === 'constant') constant ??= origin
      else if (shows(origin, this.sample)) return origin
      else other ??= origin
    }
    return other ?? (lost ? UNKNOWN : (constant ?? UNKNOWN))
  }

  #judge(place: Place): Origin | null {
    switch (place.kind) {
      case 'end': {
        const initializer = this.editor.initializer(place.tensor)
        if (initializer || this.editor.producer(place.tensor)) return { kind: 'constant', tensor: place.tensor }
        const rank = this.shapes.of(place.tensor)?.length
        return rank === undefined ? null : { kind: 'input', input: place.tensor, axis: place.digit.axis, rank }
      }
      case 'axes':
        return this.imageOf(place.tensor, place.digits)
      case 'pieces':
        return this.#pieces(place.tensors, place.digit.axis)
      case 'part':
        return this.#part(place.tensor, place.axis, place.start, place.count)
      case 'lost':
      case 'turned':
        return null
      default:
        return place satisfies never
    }
  }

  /** Axes that were put together, if they are height and width of an image that the graph is given, in either order. */
  imageOf(tensor: string, digits: readonly Digit[]): Origin | null {
    const long = digits.filter(({ length }) => length > 1)
    const [a, b] = long
    if (long.length !== 2 || !a || !b) return null
    const [first, second] = [this.#imageAxis(tensor, a), this.#imageAxis(tensor, b)]
    if (!first || !second || first.input !== second.input || first.axis === second.axis) return null
    return {
      kind: 'image',
      input: first.input,
      axes: [
        { axis: first.axis, length: a.length, windows: first.windows },
        { axis: second.axis, length: b.length, windows: second.windows },
      ],
    }
  }

  /** The axis of an image that an axis shows, through whatever makes images larger, smaller or coarser. */
  #imageAxis(tensor: string, digit: Digit): SeenAxis | null {
    let other: SeenAxis | null = null
    for (const place of this.#walk(tensor, digit, true)) {
      if (place.kind === 'turned') return null
      if (place.kind === 'pieces') {
        // Behind each other they show an image only where each is the next part of one.
        const whole = this.#assembled(place.tensors, place.digit.axis)
        const found = whole && this.#imageAxis(whole.tensor, { ...place.digit, axis: whole.axis })
        if (!found || found.input === this.sample) return found
        other ??= found
        continue
      }
      if (place.kind === 'axes') {
        // Of pixels that were cut into blocks the outermost digit is the block.
        const [outermost] = place.digits
        const found = outermost && this.#imageAxis(place.tensor, outermost)
        if (!found) continue
        const seen = { ...found, windows: Math.max(place.windows, found.windows) }
        if (found.input === this.sample) return seen
        other ??= seen
        continue
      }
      if (place.kind !== 'end' || this.editor.producer(place.tensor) || this.editor.initializer(place.tensor)) continue
      if (this.shapes.of(place.tensor)?.length !== 4 || place.digit.axis < 1) continue
      const seen = { input: place.tensor, axis: place.digit.axis, windows: place.windows * this.#times(place) }
      if (place.tensor === this.sample) return seen
      other ??= seen
    }
    return other
  }

  /** The tensor whose parts, one after the other, pieces were computed from row by row, as where an attention asks some queries at a time. */
  #assembled(tensors: readonly string[], axis: number): { readonly tensor: string; readonly axis: number } | null {
    let start = 0
    let whole: { readonly tensor: string; readonly axis: number } | null = null
    for (const tensor of tensors) {
      const digit = wholeAxis(this.shapes.of(tensor) ?? [], axis)
      whole = this.#nearestPart(tensor, digit, start, whole)
      if (!whole) return null
      start += digit.length
    }
    return whole && this.shapes.of(whole.tensor)?.[whole.axis] === start ? whole : null
  }

  /** The nearest tensor of which a piece is the part from `start` on; that which is given, if one is. */
  #nearestPart(
    piece: string,
    digit: Digit,
    start: number,
    given: { readonly tensor: string; readonly axis: number } | null,
  ) {
    for (const place of this.#walk(piece, digit, false)) {
      if (place.kind !== 'part' || place.start !== start || place.count !== digit.length) continue
      if (!given || (given.tensor === place.tensor && given.axis === place.axis)) return place
    }
    return null
  }

  #pieces(tensors: readonly string[], axis: number): Origin {
    const whole = this.#assembled(tensors, axis)
    if (whole) return this.origin(whole.tensor, wholeAxis(this.shapes.of(whole.tensor)!, whole.axis))
    let start = 0
    const pieces = tensors.map((tensor): Piece => {
      const dims = this.shapes.of(tensor) ?? []
      const count = dims[axis] ?? 0
      const piece = { start, count, origin: this.origin(tensor, wholeAxis(dims, axis)) }
      start += count
      return piece
    })
    // Pieces of pieces lie behind each other as well.
    return {
      kind: 'pieces',
      pieces: pieces.flatMap(({ start: from, count, origin }) =>
        origin.kind === 'pieces'
          ? origin.pieces.map((piece) => ({ ...piece, start: from + piece.start }))
          : [{ start: from, count, origin }],
      ),
    }
  }

  /** Of pieces behind each other those that a part has whole. */
  #part(tensor: string, axis: number, start: number, count: number): Origin | null {
    const whole = this.origin(tensor, wholeAxis(this.shapes.of(tensor) ?? [], axis))
    if (whole.kind !== 'pieces') return null
    const own = whole.pieces.filter((piece) => piece.start >= start && piece.start + piece.count <= start + count)
    if (own.reduce((sum, piece) => sum + piece.count, 0) !== count) return null
    const [only] = own
    if (own.length === 1 && only) return only.origin
    return { kind: 'pieces', pieces: own.map((piece) => ({ ...piece, start: piece.start - start })) }
  }

  /** All ends of the ways back, nearest first. */
  *#walk(tensor: string, digit: Digit, spatial: boolean): Generator<Place> {
    const seen = new Set([keyOf(tensor, digit)])
    let level: At[] = [{ tensor, digit, windows: 1 }]
    while (level.length > 0) {
      const next: typeof level = []
      for (const at of level) {
        if (++this.#steps > MAX_STEPS) throw new GraphError('its tokens come from too far away to be followed')
        const steps = this.#back(at, spatial)
        if (steps === null) yield { kind: 'end', ...at }
        if (steps?.length === 0 && !this.#flow.constant(at.tensor)) yield { kind: 'lost' }
        for (const step of steps ?? []) {
          if (step.kind === 'turned' && this.#flow.constant(at.tensor)) continue
          if (step.kind !== 'go') {
            yield { ...step, windows: at.windows }
            continue
          }
          const key = keyOf(step.tensor, step.digit)
          if (seen.has(key)) continue
          seen.add(key)
          // Where an axis is left for another, what was a part of it was one of several.
          const left = step.digit.length !== at.digit.length
          next.push({
            tensor: step.tensor,
            digit: step.digit,
            windows: left ? at.windows * this.#times(at) : at.windows,
          })
        }
      }
      level = next
    }
  }

  /** How many times the digit goes round along its axis. */
  #times({ tensor, digit: { axis, length, inner } }: At): number {
    return (this.shapes.of(tensor)?.[axis] ?? 0) / (length * inner)
  }

  /** Null where a way ends: an input or a parameter. */
  #back(
    { tensor, digit }: { readonly tensor: string; readonly digit: Digit },
    spatial: boolean,
  ): readonly Step[] | null {
    const node = this.editor.producer(tensor)
    const dims = this.shapes.of(tensor)
    if (!node || node.opType === 'Constant' || node.opType === 'ConstantOfShape') return null
    if (!dims || digit.length < 2) return []
    return stepsBack({
      node,
      output: node.output.indexOf(tensor),
      digit,
      dims,
      of: (name) => this.shapes.of(name),
      integers: (name) => this.#inferred.integers(name),
      constant: (name) => this.#flow.constant(name),
      producer: (name) => this.editor.producer(name),
      spatial,
    })
  }
}

/** The axis of an input's image. */
interface SeenAxis {
  readonly input: string
  readonly axis: number
  readonly windows: number
}

/** A place on the way back, and how many windows the way has shown. */
interface At {
  readonly tensor: string
  readonly digit: Digit
  readonly windows: number
}

type Place =
  | ({ readonly kind: 'end' } & At)
  /** The way can't be followed further. */
  | { readonly kind: 'lost' }
  | (Exclude<Step, { readonly kind: 'go' }> & { readonly windows: number })
