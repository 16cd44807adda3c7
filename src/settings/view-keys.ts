/** Which parts of an address are its view, for what handles addresses without looking at how the page is shown. */
import { LINK_CHARACTERS } from './limits'
import { mendedHash } from './mend'
import type { View } from './view'

/** Those that stay in the address whatever else changes in it. */
const STICKY: readonly (keyof View)[] = ['embed', 'show', 'hide', 'lock', 'present', 'theme', 'lesson', 'page']
/** Those that say how a link opens. */
const OPENING: readonly (keyof View)[] = ['at', 'lens', 'inspect']

const among = (keys: readonly string[], part: string) => keys.includes(part.replace(/=.*$/s, ''))
const partsOf = (hash: string) => mendedHash(hash).split('&')
const isView = (part: string) => among(STICKY, part) || among(OPENING, part)

export const hasView = (hash: string): boolean => partsOf(hash).some(isView)

/** What stays of an address when the rest of it is written anew: '', or to be put behind it. Of one that is too long to be read, nothing. */
export function stickyView(hash: string): string {
  if (hash.length > LINK_CHARACTERS) return ''
  const kept = partsOf(hash).filter((part) => part.includes('=') && among(STICKY, part))
  return kept.map((part) => `&${part}`).join('')
}

/** An address with what stays of the one before; where it names a lesson itself, the one before has no say in that. */
export function carriedView(hash: string, before: string): string {
  const own = partsOf(hash)
  const named = (key: string) => own.some((part) => part.startsWith(`${key}=`))
  const kept = stickyView(before)
    .split('&')
    .filter((part) => part !== '')
    .filter((part) => !named(part.replace(/=.*$/s, '')) && !(part.startsWith('page=') && named('lesson')))
  return `#${[...own.filter((part) => part !== ''), ...kept].join('&')}`
}

/** An address with another view, or none. */
export function withView(hash: string, view: string): string {
  const own = partsOf(hash).filter((part) => part !== '' && !isView(part))
  return `#${[...own, ...(view === '' ? [] : [view])].join('&')}`
}

/** The parts of a link that are of its settings. */
export function withoutView(parts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(parts).filter(([key]) => !isView(key)))
}
