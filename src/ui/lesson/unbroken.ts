/** Where a line must not end: between a number and its unit, within `8 × 8`, `0.5 ± 0.1`, `s = 2`, and at a formula's comma. Pure. */
import type { Body } from '../../lesson'

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

type Content = Body['nodes'][number]
type Formula = Extract<Content, { readonly type: 'inlineMath' }>

/** A node of a line, or a formula with what has to stay on its line: a bracket before it, a comma or a unit behind it. */
export type Piece =
  | { readonly kind: 'node'; readonly node: Content }
  | { readonly kind: 'held'; readonly before: string; readonly formula: Formula; readonly after: string }

const OPENS = /[([{“‘]+$/u
const CLOSES = /^(?:[ \u00a0]+(?:%|‰|°|px|ms|kB|MB|GB)(?![\p{L}\d]))?[,.;:!?)\]}”’…]*/u
/** One that is longer may be broken within itself, at its signs. */
const LONGEST = 40

const text = (value: string): readonly Piece[] =>
  value === '' ? [] : [{ kind: 'node', node: { type: 'text', value } }]

/** The nodes of a line by pieces: a browser breaks beside a formula even where a space says not to, or none is there. */
export function piecesOf(nodes: readonly Content[]): readonly Piece[] {
  const pieces: Piece[] = []
  /** Of the node that comes next, what was taken from its beginning. */
  let taken = 0
  for (const [i, node] of nodes.entries()) {
    const next = nodes[i + 1]
    if (node.type === 'inlineMath' && node.value.length <= LONGEST) {
      const last = pieces.at(-1)
      const written = last?.kind === 'node' && last.node.type === 'text' ? last.node.value : ''
      const before = OPENS.exec(written)?.[0] ?? ''
      if (before !== '') pieces.splice(-1, 1, ...text(written.slice(0, -before.length)))
      const after = next?.type === 'text' ? (CLOSES.exec(next.value)?.[0] ?? '') : ''
      taken = after.length
      pieces.push(before + after === '' ? { kind: 'node', node } : { kind: 'held', before, formula: node, after })
    } else {
      pieces.push(...(node.type === 'text' ? text(node.value.slice(taken)) : [{ kind: 'node' as const, node }]))
      taken = 0
    }
  }
  return pieces
}
