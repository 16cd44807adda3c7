/** What is copied from the dialog *Share*: links, and what HTML and Markdown make of them. Pure. */
import { viewText, type View } from '../../settings/view'
import type { Shared } from './way'

const joined = (...parts: readonly string[]) => parts.filter((part) => part !== '').join('&')

/** The link that opens what is shared. */
export function linkText({ page, hash, view }: Pick<Shared, 'page' | 'hash' | 'view'>): string {
  return `${page}#${joined(hash, viewText(view))}`
}

/** Which parts an embed shows and holds. */
export type Parts = Pick<View, 'show' | 'hide' | 'lock'>

/** How high an embed is before it has told its own height. */
export const EMBED_HEIGHT = 420

export function embedLink({ page, hash, view }: Pick<Shared, 'page' | 'hash' | 'view'>, parts: Parts): string {
  // A lesson and a presentation are of the whole page.
  return linkText({ page, hash, view: { ...view, present: false, lesson: null, page: 0, embed: true, ...parts } })
}

const ESCAPED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

export const escapeHtml = (text: string) => text.replace(/[&<>"]/g, (character) => ESCAPED[character] ?? character)

/** An element with its attributes, one a line; those that are null are left out. */
function element(name: string, attributes: Readonly<Record<string, string | null>>): string {
  const lines = Object.entries(attributes).flatMap(([key, value]) =>
    value === null ? [] : [`  ${key}="${escapeHtml(value)}"`],
  )
  return [`<${name}`, ...lines, `></${name}>`].join('\n')
}

export function iframeText(shared: Shared, parts: Parts, height: number): string {
  return element('iframe', {
    src: embedLink(shared, parts),
    title: `Guidance Playground: ${shared.words}`,
    width: '100%',
    height: String(height),
    style: 'border: 0',
    loading: 'lazy',
    allow: 'fullscreen; clipboard-write',
  })
}

const names = (list: readonly string[] | null) => (list && list.length > 0 ? list.join(' ') : null)

/** The same by the element that grows with what it shows, and can be asked and set. */
export function elementText({ page, hash, view, words }: Shared, parts: Parts): string {
  const { theme, at, lens, inspect } = view
  const script = `<script src="${escapeHtml(new URL('guidance-playground.js', page).href)}"></script>`
  const seen = viewText({ at: at ?? null, lens: lens ?? null, inspect: inspect ?? null })
  const own = element('guidance-playground', {
    title: words,
    link: joined(hash, seen),
    show: names(parts.show),
    hide: names(parts.hide),
    lock: names(parts.lock),
    theme: theme ?? null,
  })
  return `${script}\n${own}`
}

/** Text of a Markdown link, and its target: what would end them is escaped. */
const plain = (text: string) => text.replace(/[\\[\]`*_<>]/g, String.raw`\$&`)
const target = (link: string) => link.replaceAll('(', '%28').replaceAll(')', '%29').replaceAll(' ', '%20')

/** A link in Markdown; of a picture that lies beside the text, where there is one. */
export function markdownText(shared: Shared, picture: { readonly file: string; readonly alt: string } | null): string {
  const link = target(linkText(shared))
  if (!picture) return `[${plain(shared.words)}](${link})`
  return `[![${plain(picture.alt)}](${target(encodeURI(picture.file))})](${link})`
}
