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
const notUnderstood = (reason: string): Judged => without({ kind: 'not-understood', reason })
const inARow = (count: number, sample: string): Verdict => ({
  kind: 'needs-grid',
  reason: `its ${count} tokens come in a row with the input ${sample}`,
})

/** A piece of the image's tokens, with their grid where they show places of it. */
function imagePiece({ start, count, origin }: Piece, sample: string): MapLayer['image'] {
  const at = { start, keyStart: start, count }
  if (origin.kind === 'image' && origin.input === sample) {
    const [a, b] = origin.axes
    return a.length * b.length === count ? { ...at, grid: { height: a.length, width: b.length } } : null
  }
  return origin.kind === 'input' && origin.input === sample && origin.axis >= 1 ? { ...at, grid: null } : null
}

const piecesOf = (origin: Origin, count: number): readonly Piece[] =>
  origin.kind === 'pieces' ? origin.pieces : [{ start: 0, count, origin }]

/** Of a picture, tokens along one axis are a row, a column, its channels or a clip's frames: no grid of them is the picture's. */
const alongOne = ({ origin }: Piece, sample: string) =>
  origin.kind === 'input' && origin.input === sample && origin.axis >= 1 && origin.rank > 3

/** Tokens that come with the network's other inputs are a text, or stand for one, as those of an image to go by do. */
const isText = ({ count, origin }: Piece) =>
  count > 1 && (origin.kind === 'image' || (origin.kind === 'input' && origin.axis >= 1))

const windowsOf = (pieces: readonly Piece[]) =>
  pieces.reduce(
    (count, { origin }) =>
      origin.kind === 'image' ? origin.axes.reduce((product, { windows }) => product * windows, count) : count,
    1,
  )

function inALine(pieces: readonly Piece[], sample: string): Judged | null {
  const line = pieces.find((piece) => alongOne(piece, sample))
  if (!line) return null
  return notUnderstood(
    `its ${line.count} tokens lie along one axis of ${sample} alone: they are a row, a column, channels or frames, and no picture`,
  )
}

const TWICE = 'it has the image’s tokens more than once'

const isStrange = ({ count, origin }: Piece) => count > 1 && origin.kind === 'unknown'

function judgePieces(pieces: readonly Piece[], sample: string): Judged {
  const line = inALine(pieces, sample)
  if (line) return line
  const images = pieces.flatMap((piece) => imagePiece(piece, sample) ?? [])
  const [image] = images
  const others = pieces.filter((piece) => imagePiece(piece, sample) === null)
  if (!image) {
    const from = [...new Set(pieces.map((piece) => words(piece.origin)))].join(' and ')
    return without({ kind: 'cross', reason: `its tokens come from ${from}, not from the image ${sample}` })
  }
  if (images.length > 1) return notUnderstood(TWICE)
  const strange = others.find(isStrange)
  if (strange) return notUnderstood(`where ${strange.count} of its tokens come from can’t be followed`)
  const beside = others.some(isText) ? 'text' : others.length > 0 ? 'tokens' : 'nothing'
  if (image.grid === null) return { verdict: inARow(image.count, sample), beside, image, windows: 1 }
  return { verdict: { kind: beside === 'text' ? 'joint' : 'ready' }, beside, image, windows: windowsOf(pieces) }
}

/**
 * More keys than queries, or fewer: the image's tokens may be among the keys, beside others that nobody asks from. That they are the
 * tokens that ask is known only where both come from the same places of the image, in the same order.
 */
function judgeOver({ queries, keys, query, key, sample }: Evidence): Judged {
  const cross = without({ kind: 'cross', reason: `its ${queries} queries look at ${keys} keys, from ${words(key)}` })
  const [asking, seen] = [piecesOf(query, queries), piecesOf(key, keys)]
  const images = asking.flatMap((piece) => (imagePiece(piece, sample) ? [piece] : []))
  const [own] = images
  const others = seen.filter((piece) => imagePiece(piece, sample) === null)
  const among = seen.filter((piece) => !others.includes(piece))
  const strange = others.find(isStrange)
  if (strange && strange.count >= (own?.count ?? queries))
    return notUnderstood(
      `its ${queries} queries look at ${keys} keys, and where ${strange.count} of them come from can’t be followed: the image’s own may be among them`,
    )
  if (!own && among.length > 0 && asking.some(isStrange))
    return notUnderstood(
      `its ${queries} queries look at ${keys} keys of the image, and which of its places ask can’t be followed: if they are a part of its tokens (attention in slices), export it in one piece`,
    )
  if (!own || among.length === 0) return cross
  const line = inALine(asking, sample)
  if (line) return line
  if (images.length > 1 || among.length > 1) return notUnderstood(TWICE)
  const [there] = among as [Piece]
  if (there.count !== own.count || !sameOrigin(own.origin, there.origin))
    return without({
      kind: 'cross',
      reason: `its ${own.count} queries of the image look at ${there.count} keys of it, which are not the same places`,
    })
  const lost = [...asking, ...others].find(isStrange)
  if (lost) return notUnderstood(`where ${lost.count} of its tokens come from can’t be followed`)
  const image = { ...imagePiece(own, sample)!, keyStart: there.start }
  const beside = others.some(isText) ? 'text' : 'tokens'
  if (image.grid === null) return { verdict: inARow(image.count, sample), beside, image, windows: 1 }
  return { verdict: { kind: 'joint' }, beside, image, windows: windowsOf(asking) }
}

export function judge({ queries, keys, query, key, sample }: Evidence): Judged {
  if (queries !== keys) return judgeOver({ queries, keys, query, key, sample })
  if (queries < 2) return without({ kind: 'cross', reason: 'it has one token' })
  const known = isKnown(query) && isKnown(key)
  if (query.kind === 'constant' && key.kind === 'constant')
    return without({
      kind: 'cross',
      reason: 'channels look at channels, or learned tokens at learned ones: no token of the image is in its map',
    })
  if (known && !sameOrigin(query, key))
    return without({ kind: 'cross', reason: `its queries come from ${words(query)}, its keys from ${words(key)}` })
  if (!known) return notUnderstood(`where its ${queries} tokens come from can’t be followed`)
  return judgePieces(piecesOf(query, queries), sample)
}
