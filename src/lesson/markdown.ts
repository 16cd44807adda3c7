/** Markdown of a lesson, read by mdast: which of it a lesson may hold, and texts of their own without positions. */
import type { Nodes, Root, RootContent } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { frontmatterFromMarkdown } from 'mdast-util-frontmatter'
import { mathFromMarkdown } from 'mdast-util-math'
import { frontmatter } from 'micromark-extension-frontmatter'
import { math } from 'micromark-extension-math'
import type { Body, Say } from './types'

/** How deep quotes and lists stand in each other. */
const DEPTH = 12

/** The tree of a text, with positions. */
export function markdownOf(text: string, withFrontMatter: boolean): Root {
  return fromMarkdown(text, {
    extensions: [math(), ...(withFrontMatter ? [frontmatter(['yaml'])] : [])],
    mdastExtensions: [mathFromMarkdown(), ...(withFrontMatter ? [frontmatterFromMarkdown(['yaml'])] : [])],
  })
}

export const lineOf = (node: Nodes) => node.position?.start.line ?? 1

const LINK = /^(?:https?:\/\/|#)/i
const IMAGE = /^[\w-]+(?:\/[\w-]+)*\.(?:png|jpe?g|webp|svg)$/i

/** What is wrong with one node of a text, or null. */
function faultOf(node: Nodes): string | null {
  switch (node.type) {
    case 'html':
      return 'HTML is not read here: write Markdown. (A “<” that is meant: \\<.)'
    case 'definition':
    case 'linkReference':
    case 'imageReference':
    case 'footnoteDefinition':
    case 'footnoteReference':
      return 'Write the address beside the words, [words](https://…): references are not read.'
    case 'link':
      return LINK.test(node.url)
        ? null
        : 'A link leads to an address that begins with https://, or to one of this page, that begins with #.'
    case 'image':
      if (!IMAGE.test(node.url)) return 'An image is a file of public/lessons by name, such as masks.png.'
      return (node.alt ?? '').trim() === ''
        ? 'An image needs words for those who do not see it: ![words](name.png).'
        : null
    default:
      return null
  }
}

/** A fence that is open to the end of the text swallows what comes after it. */
export function isClosed(node: RootContent, source: string): boolean {
  if ((node.type !== 'code' && node.type !== 'math') || !node.position) return true
  const lines = source.slice(node.position.start.offset, node.position.end.offset).split(/\r\n?|\n/)
  const fence = /^\s*(~{3,}|`{3,}|\${2,})/.exec(lines[0] ?? '')?.[1]
  return fence === undefined || (lines.length > 1 && lines.at(-1)!.trim().startsWith(fence))
}

/** Says what of these nodes a lesson can't hold. */
export function inspect(node: Nodes, say: Say, depth = 0): void {
  const fault = faultOf(node)
  if (fault !== null) return say(lineOf(node), fault)
  if (depth > DEPTH) return say(lineOf(node), `Lists and quotes stand in each other at most ${DEPTH} deep.`)
  if ('children' in node) for (const child of node.children) inspect(child, say, depth + 1)
}

/** Whether it is nested deeper than anything that is read on may be. */
export function isTooDeep(node: Nodes, depth = 0): boolean {
  return depth > DEPTH || ('children' in node && node.children.some((child) => isTooDeep(child, depth + 1)))
}

/** The node without positions, here and in all that it holds; what math keeps for other tools goes as well. */
function bare<T extends object>(node: T): T {
  return JSON.parse(
    JSON.stringify(node, (key, value: unknown) => (key === 'position' || key === 'data' ? undefined : value)),
  )
}

/** A text that is read by itself. */
export function bodyOf(text: string): Body {
  const trimmed = text
    .replace(/\r\n?/g, '\n')
    .replace(/^(?:[ \t]*\n)+/, '')
    .trimEnd()
  return { text: trimmed, nodes: markdownOf(trimmed, false).children.map(bare) }
}

/** The lines of nodes that follow each other in a source, with an empty line between those that do not. */
export function bodyFrom(nodes: readonly RootContent[], source: string): Body {
  const parts = nodes.flatMap(({ position }) => {
    if (!position) return []
    const from = source.lastIndexOf('\n', (position.start.offset ?? 0) - 1) + 1
    return source.slice(from, position.end.offset)
  })
  return bodyOf(parts.join('\n\n'))
}
