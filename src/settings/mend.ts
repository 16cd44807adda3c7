/**
 * Links as they come back from people: through a chat, a mail, a web page, a word processor. What such a way does to a link is undone
 * here, before anything is read. Ids, names and numbers of links end in a letter, a digit or a plus, and hold no `&`, `=`, `#` or `?`.
 */
import { methods } from '../guidance'
import { LINK_CHARACTERS } from './limits'

/** Characters that nobody sees: controls, joiners, marks of direction, fillers. Line separators, too, since a link is one line. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Variation_Selector}\u034f\u115f\u1160]/gu
const DASHES = /[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]/g

/** How what holds a link together comes back: percent-encoded any number of times, as entities, or escaped as in JSON. */
const STRUCTURE: readonly (readonly [RegExp, string])[] = [
  [/%3a/gi, ':'],
  [/%3b/gi, ';'],
  [/%26|\\u0026/gi, '&'],
  [/%3d|\\u003d/gi, '='],
  [/%23/gi, '#'],
  [/%3f/gi, '?'],
  [/&(?:amp;|#0*38;|#x0*26;)+/gi, '&'],
  [/&(?:equals|#0*61|#x0*3d);/gi, '='],
]

/** Keys that others append to addresses. */
const TRACKING =
  /^(?:(?:utm|mtm|pk|piwik|matomo|hsa|oly|vero|mc|ga|at|share)_\w+|_+hs\w+|\w*clid|[gw]braid|gad_\w+|igsh(?:id)?|mkt_tok|_g[al]|_ke|ref|ref_\w+|referrer|source|si|s_cid|cmpid|spm|trk\w*|mibextid|srsltid|smid|ncid|feature|amp|_openstat|__\w+__)$/i

const normal = (text: string) => text.normalize('NFKC').replace(UNSEEN, '').replace(DASHES, '-').replaceAll('∞', 'inf')

/** Percent-encoded bytes as text; what is no UTF-8 stays as it is. */
const utf8 = (bytes: string) => {
  try {
    return decodeURIComponent(bytes)
  } catch {
    return bytes
  }
}

/** Percent-encoding that was encoded again, as it was at first: link texts hold no `%` of their own. */
const encodedOnce = (text: string) => text.replace(/%(?:25)+/g, '%')

const decoded = (text: string) => encodedOnce(text).replace(/(?:%[0-9a-f]{2})+/gi, utf8)

/** Without what stands around it: blanks, quotes, brackets, stars, the sentence's own full stop. */
function trimmed(text: string): string {
  const characters = [...text]
  let [from, to] = [0, characters.length]
  while (to > from && !/[\p{L}\p{N}+]/u.test(characters[to - 1]!)) to--
  while (from < to && !/[\p{L}\p{N}+._-]/u.test(characters[from]!)) from++
  return characters.slice(from, to).join('')
}

const legible = (text: string) => normal(decoded(normal(text))).replaceAll('\\', '')

/** A method whose name ends in pluses is meant where blanks stand in their place, as in a form. */
function withPluses(text: string): string | null {
  const plus = text.replaceAll(' ', '+')
  return plus !== text && methods.some(({ id }) => id === plus) ? plus : null
}

function part(text: string): string {
  const plain = legible(text)
  return withPluses(plain) ?? trimmed(plain)
}

/** The hash of a link as text again, without `#`: its parts stand between `&`, their keys before `=`. One that is too long stays as it is. */
export function mendedHash(hash: string): string {
  if (hash.length > LINK_CHARACTERS) return hash.replace(/^#/, '')
  // Browsers encode what is not ASCII.
  const readable = normal(encodedOnce(normal(hash)).replace(/(?:%[89a-f][0-9a-f])+/gi, utf8))
  const text = STRUCTURE.reduce((all, [damaged, meant]) => all.replace(damaged, meant), readable)
  const [own = ''] = text.replace(/^[^\p{L}\p{N}]+/u, '').split(/#|:~:/)
  const parts = own.split(/[&?]/)
  // Quoted-printable mail writes each "=" as "=3D".
  const printable = parts.every((each) => !each.includes('=') || /^[^=]*=3d/i.test(each))
  return (printable ? parts.map((each) => each.replace(/=3d/gi, '=')) : parts).join('&')
}

/** What a link says, by key; what others appended is left out, and all of one that is too long to be one of ours. */
export function linkParts(hash: string): Record<string, string> {
  if (hash.length > LINK_CHARACTERS) return {}
  const entries = mendedHash(hash)
    .split('&')
    .flatMap((each): [string, string][] => {
      const at = each.indexOf('=')
      if (at >= 0) return [[part(each.slice(0, at)), part(each.slice(at + 1))]]
      const key = part(each)
      return key === '' ? [] : [[key, '']]
    })
  return Object.fromEntries(entries.filter(([key]) => !TRACKING.test(key)))
}

/** Whether a text that somebody gives is a link of this page, and not the name of a file. */
export function isLink(text: string): boolean {
  const plain = legible(text)
  return /^\W*\w+:\/\//.test(plain) || plain.includes('#') || /^\W*v=(?:3D)?\d/i.test(plain)
}

/** What a link says, behind its `#`; all of a text that has no address before it. */
export function hashOf(link: string): string {
  const [before = '', ...after] = link.split(/#|%(?:25)*23/)
  if (after.length > 0) return after.join('#')
  return before.includes('://') ? '' : before
}

/** The address without the name of its room: what the room itself reads. */
export function withoutRoom(hash: string): string {
  const parts = mendedHash(hash).split('&')
  return `#${parts.filter((part) => !/^room(=|$)/.test(part)).join('&')}`
}
