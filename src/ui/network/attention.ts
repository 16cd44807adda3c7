/** Reading attention maps. Pure. */

/** Where token `token` looks: its row of a [tokens × tokens] map. */
export function mapRow(map: Float32Array, token: number): Float32Array {
  const tokens = Math.round(Math.sqrt(map.length))
  return map.slice(token * tokens, (token + 1) * tokens)
}

/** Entropy of a row that sums to 1, in bits: 0 looks at one token, log2(tokens) at all alike. */
export function entropyBits(row: Float32Array): number {
  let bits = 0
  for (const share of row) if (share > 0) bits -= share * Math.log2(share)
  return Math.max(0, bits)
}

interface Grid {
  readonly height: number
  readonly width: number
}

/** The token under a point, given as shares of the picture; points beyond it belong to its rim. */
export function tokenAt(x: number, y: number, { height, width }: Grid): number {
  const within = (share: number, count: number) => Math.min(count - 1, Math.max(0, Math.floor(share * count)))
  return within(y, height) * width + within(x, width)
}

/** The token that a key leads to; null for another key. At the first and the last it stays. */
export function movedToken(token: number, key: string, { height, width }: Grid): number | null {
  const by: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -width, ArrowDown: width }
  const move = by[key]
  if (move === undefined) return null
  const next = token + move
  return next >= 0 && next < height * width ? next : token
}
