/** What can be done at a map, from where its queries and keys come from. */
import { isKnown, sameOrigin, type Origin, type Piece } from './origin'
import type { MapLayer, Verdict } from './types'

export interface Evidence {
  readonly queries: number
  readonly keys: number
  readonly query: Origin
  readonly key: Origin
  /** The input that is the noisy image. */
  readonly sample: string
}

export interface Judged {
  readonly verdict: Verdict
  readonly beside: MapLayer['beside']
  readonly image: MapLayer['image']
  /** How many maps the tokens of a row make. */
  readonly windows: number
}

/** Where something comes from, in words. */
function words(origin: Origin): string {
  switch (origin.kind) {
    case 'image':
      return `the image ${origin.input}`
    case 'input':
      return `the input ${origin.input}`
    case 'constant':
      return 'parameters (channels, or tokens that are learned)'
    case 'pieces':
      return [...new Set(origin.pieces.map((piece) => words(piece.origin)))].join(' and ')
    case 'unknown':
      return 'somewhere that can’t be followed'
    default:
      return origin satisfies never
  }
}

const without = (verdict: Verdict): Judged => ({ verdict, beside: 'nothing', image: null, windows: 1 })

/** A piece of the image's tokens, with their grid where they show places of it. */
function imagePiece({ start, count, origin }: Piece, sample: string): MapLayer['image'] {
  if (origin.kind === 'image' && origin.input === sample) {
    const [a, b] = origin.axes
    return a.length * b.length === count ? { start, count, grid: { height: a.length, width: b.length } } : null
  }
  return origin.kind === 'input' && origin.input === sample && origin.axis >= 1 ? { start, count, grid: null } : null
}

/** Of a picture, tokens along one axis are a row, a column, its channels or a clip's frames: no grid of them is the picture's. */
const alongOne = ({ origin }: Piece, sample: string) =>
  origin.kind === 'input' && origin.input === sample && origin.axis >= 1 && origin.rank > 3

/** Tokens that come with the network's other inputs are a text, or stand for one. */
const isText = ({ count, origin }: Piece) => count > 1 && origin.kind === 'input' && origin.axis >= 1

const windowsOf = (pieces: readonly Piece[]) =>
  pieces.reduce(
    (count, { origin }) =>
      origin.kind === 'image' ? origin.axes.reduce((product, { windows }) => product * windows, count) : count,
    1,
  )

function judgePieces(pieces: readonly Piece[], sample: string): Judged {
  const line = pieces.find((piece) => alongOne(piece, sample))
  if (line)
    return without({
      kind: 'not-understood',
      reason: `its ${line.count} tokens lie along one axis of ${sample} alone: they are a row, a column, channels or frames, and no picture`,
    })
  const images = pieces.flatMap((piece) => imagePiece(piece, sample) ?? [])
  const [image] = images
  const others = pieces.filter((piece) => imagePiece(piece, sample) === null)
  if (!image) {
    const from = [...new Set(pieces.map((piece) => words(piece.origin)))].join(' and ')
    return without({ kind: 'cross', reason: `its tokens come from ${from}, not from the image ${sample}` })
  }
  if (images.length > 1) return without({ kind: 'not-understood', reason: 'it has the image’s tokens more than once' })
  const strange = others.find(({ count, origin }) => count > 1 && origin.kind === 'unknown')
  if (strange)
    return without({
      kind: 'not-understood',
      reason: `where ${strange.count} of its tokens come from can’t be followed`,
    })
  const beside = others.some(isText) ? 'text' : others.length > 0 ? 'tokens' : 'nothing'
  if (image.grid === null)
    return {
      verdict: { kind: 'needs-grid', reason: `its ${image.count} tokens come in a row with the input ${sample}` },
      beside,
      image,
      windows: 1,
    }
  return { verdict: { kind: beside === 'text' ? 'joint' : 'ready' }, beside, image, windows: windowsOf(pieces) }
}

export function judge({ queries, keys, query, key, sample }: Evidence): Judged {
  if (queries !== keys)
    return without({ kind: 'cross', reason: `its ${queries} queries look at ${keys} keys, from ${words(key)}` })
  if (queries < 2) return without({ kind: 'cross', reason: 'it has one token' })
  const known = isKnown(query) && isKnown(key)
  if (known && !sameOrigin(query, key))
    return without({ kind: 'cross', reason: `its queries come from ${words(query)}, its keys from ${words(key)}` })
  if (!known)
    return without({ kind: 'not-understood', reason: `where its ${queries} tokens come from can’t be followed` })
  return judgePieces(query.kind === 'pieces' ? query.pieces : [{ start: 0, count: queries, origin: query }], sample)
}
