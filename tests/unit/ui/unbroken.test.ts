/** Spaces of a lesson's prose at which no line may end. */
import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, it } from 'vitest'
import { bodyOf } from '../../../src/lesson'
import { Line, Text } from '../../../src/ui/lesson/Markdown'
import { piecesOf, unbroken } from '../../../src/ui/lesson/unbroken'

/** `·` for a space that holds. */
const seen = (text: string) => unbroken(text).replaceAll('\u00a0', '·')

it.each([
  ['by more than 6 % of it', 'by more than 6·% of it'],
  ['3.1 %, and 12 ms, 4 MB, 5 s.', '3.1·%, and 12·ms, 4·MB, 5·s.'],
  ['8 × 8 × 3 tokens', '8·×·8·×·3 tokens'],
  ['0.58 ± 0.06 at s = 0.5 or σ ≥ −2', '0.58·±·0.06 at s·=·0.5 or σ·≥·−2'],
  // A line may end before a word, and between words.
  ['16 steps, 4 sides, in 3 minutes', '16 steps, 4 sides, in 3 minutes'],
  ['the scale = 2, so less', 'the scale =·2, so less'],
])('%s', (text, held) => expect(seen(text)).toBe(held))

it('is done to a paragraph, within emphasis, and to a line of its own', () => {
  const paragraph = renderToStaticMarkup(createElement(Text, { body: bodyOf('It is *only 6 %* of 8 × 8.\n\n- 5 %') }))
  expect(paragraph).toContain('only 6\u00a0%')
  expect(paragraph).toContain('8\u00a0×\u00a08')
  expect(paragraph).toContain('<li><p>5\u00a0%</p></li>')
  expect(renderToStaticMarkup(createElement(Line, null, 'more than 6 %'))).toBe('more than 6\u00a0%')
})

/** `[…]` around what stays on one line. */
const pieces = (markdown: string) => {
  const [paragraph] = bodyOf(markdown).nodes
  if (paragraph?.type !== 'paragraph') throw new Error('no paragraph')
  return piecesOf(paragraph.children)
    .map((piece) => {
      if (piece.kind === 'held') return `[${piece.before}$${piece.formula.value}$${piece.after}]`
      return 'value' in piece.node ? piece.node.value : '_'
    })
    .join('|')
}

it.each([
  ['about $x$ % of it', 'about |[$x$ %]| of it'],
  ['at $s$, then ($t$) and “$u$”.', 'at |[$s$,]| then |[($t$)]| and |[“$u$”.]'],
  ['$x$ %, or $y$ percent', '[$x$ %,]| or |y| percent'],
  ['a *b* $c$ *d*', 'a |_| |c| |_'],
  ['($a$) ($b$)', '[($a$)]| |[($b$)]'],
  [`so $${'a + '.repeat(12)}b$, then`, `so |${'a + '.repeat(12)}b|, then`],
])('a formula keeps on its line what belongs to it: %s', (markdown, held) => expect(pieces(markdown)).toBe(held))
