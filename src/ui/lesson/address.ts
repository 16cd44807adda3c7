/** Addresses of a lesson's steps: what the step shows, and beside it which lesson and step it is. */
import type { Lesson } from '../../lesson'
import { linkParts, mendedHash } from '../../settings'
import { NO_VIEW, readView, viewText, type View } from '../../settings/view'
import { createAddress } from '../app/address'

const isViewPart = (part: string) => Object.hasOwn(NO_VIEW, part.split('=')[0] ?? '')

/** What an address says beside how the page is shown. */
const withoutViewText = (hash: string) =>
  mendedHash(hash)
    .split('&')
    .filter((part) => part !== '' && !isViewPart(part))
    .join('&')

/** Whether an address names settings of its own, so that a step's must not take their place. */
export function namesSettings(hash: string): boolean {
  return Object.keys(linkParts(hash)).some((key) => key !== 'room' && key !== '' && !Object.hasOwn(NO_VIEW, key))
}

const joined = (...parts: readonly string[]) => `#${parts.filter((part) => part !== '').join('&')}`

/** How the page itself is shown, which lessons leave alone. */
const frameOf = ({ embed, present, theme, show, hide, lock }: View): Partial<View> => ({
  embed,
  present,
  theme,
  show,
  hide,
  lock,
})

/** The address of a step; one without a place of its own keeps what is in force. */
export function stepAddress(lesson: Lesson, key: string, page: number, now: string): string {
  const preset = lesson.steps[page]?.place.preset ?? null
  const { view } = readView(now)
  return joined(preset ?? withoutViewText(now), viewText({ ...frameOf(view), lesson: key, page }))
}

/** The address without its lesson. */
export function leftAddress(now: string): string {
  return joined(withoutViewText(now), viewText(frameOf(readView(now).view)))
}

/** The address of the list of lessons, with none open beside it. */
export function listAddress(now: string): string {
  return leftAddress(joined('room=learn', viewText(readView(now).view)))
}

export function go(hash: string, how: 'push' | 'replace' = 'push'): void {
  createAddress(window)[how](hash, null)
  // Browsers tell only of addresses that a link or a person asks for.
  window.dispatchEvent(new Event('popstate'))
}
