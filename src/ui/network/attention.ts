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
