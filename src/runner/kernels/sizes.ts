/** How the kernels cut their work, and what room that takes: the module is written with these numbers (src/cli/kernels). */

/** Columns of a panel of a packed matrix. */
export const WIDE = 8
/** Tiles of a block of Winograd's convolution. */
export const TILES = 32
/** Input channels that a panel of Winograd's weights is made for at a time. */
export const CHUNK = 192
/** Queries of a block of attention. */
export const QUERIES = 48

const upTo = (multiple: number, value: number) => multiple * Math.ceil(value / multiple)

/** Floats that a packed [k, n] takes. */
export const packedFloats = (k: number, n: number) => k * upTo(WIDE, n)

export const winogradPackedFloats = (cin: number, cout: number) => 9 * cin * upTo(WIDE, cout)

/** One image with zeros around, inputs of a block, what comes out of one panel, a tile half way, and the panel's weights. */
export function winogradScratchFloats(_rows: number, h: number, w: number, cin: number, _cout: number): number {
  const wide = upTo(4, cin)
  const image = (upTo(4, h) + 2) * (upTo(4, w) + 2) * wide
  return image + 36 * (TILES * (wide + WIDE) + 32) + 144 + 6 * (CHUNK * WIDE + 16) + 16
}

/** Keys and values of a head, scores of a block and their sums. */
export const attentionScratchFloats = (n: number, m: number, d: number) =>
  packedFloats(d, m) + packedFloats(m, d) + Math.min(QUERIES, n) * upTo(4, m) + QUERIES
