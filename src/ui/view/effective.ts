/** The view in force: the address's, with what a lesson's step lays over it. Loaded for an address that has a view, or a lesson. */
import { withView } from '../../settings'
import { shown } from '../../settings/faults'
import { fewOf } from '../../settings/limits'
import { partByName } from '../../settings/parts'
import { NO_VIEW, readView, viewText, type PartName, type View } from '../../settings/view'
import { createAddress, isFramed } from '../app/address'
import { writeTheme } from '../app/theme'
import { type Overlay, rulesOf } from './rules'
import { pageView } from './state'

export type { Overlay }

let view: View = NO_VIEW
let overlay: Overlay | null = null
let problems: readonly string[] = []

function put() {
  const { embed, present, theme } = view
  document.documentElement.classList.toggle('embed', embed)
  document.documentElement.classList.toggle('presenting', present && !embed)
  pageView.setState({ rules: rulesOf(view, overlay), embed, present, theme, problems })
}

/** The view of the address, which holds until it is read again. */
export const viewInForce = (): View => view

/** Takes the view of an address. */
export function followView(hash: string): void {
  const read = readView(hash)
  view = read.view
  const named: readonly PartName[] = [...(view.show ?? []), ...view.hide, ...view.lock]
  const unknown = [...new Set(named)].filter((name) => !partByName(name))
  problems = fewOf([...read.problems, ...unknown.map((name) => `The page has no part ${shown(name)}.`)])
  // The page around makes room for it.
  if (view.embed && isFramed(window)) void import('./height').then(({ tellHeight }) => tellHeight())
  if (view.theme !== null) writeTheme(view.theme)
  put()
}

/** What an open step of a lesson shows, hides and locks; null where none is open. */
export function setOverlay(next: Overlay | null): void {
  overlay = next
  put()
}

/** Writes other view keys into the address: as an entry of its own, to which Back returns, or into the present one. */
export function changeView(change: Partial<View>, how: 'push' | 'replace' = 'replace'): void {
  const next = { ...readView(window.location.hash).view, ...change }
  createAddress(window)[how](withView(window.location.hash, viewText(next)), window.history.state)
  view = next
  put()
}
