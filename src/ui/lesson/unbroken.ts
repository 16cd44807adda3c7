/** Where a line must not end: between a number and its unit, and within `8 × 8`, `0.5 ± 0.1`, `s = 2`. Pure. */
const UNIT = /(\d) +(?=(?:%|‰|°|px|ms|s|min|kB|MB|GB)(?![\p{L}\d]))/gu
const PAIR = /(\d) +([×±–]) +(?=\d)/g
const EQUALS = /(^|[^\p{L}\d])(\p{L}) +([=<>≈≤≥]) +(?=[+−-]?\d)/gu
const SIZE = /([=<>≈≤≥]) +(?=[+−-]?\d)/g

/** The text with the spaces that hold such things together. */
export function unbroken(text: string): string {
  return text
    .replace(UNIT, '$1\u00a0')
    .replace(PAIR, '$1\u00a0$2\u00a0')
    .replace(EQUALS, '$1$2\u00a0$3\u00a0')
    .replace(SIZE, '$1\u00a0')
}
