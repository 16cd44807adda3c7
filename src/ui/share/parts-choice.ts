/** Which parts an embed shows and holds: ticks of a list, and what an address says of them. Pure. */
import { EMBEDDED, type Part, parts } from '../../settings/parts'
import type { PartName } from '../../settings/view'
import type { Parts } from './texts'

/** What is ticked. */
export interface Ticks {
  readonly shown: ReadonlySet<PartName>
  readonly held: ReadonlySet<PartName>
}

export const FIRST_TICKS: Ticks = { shown: new Set([...EMBEDDED, 'marks']), held: new Set() }

/** The panel whose parts are ticked one by one. */
const CONTROLS = 'controls'

const own = parts.filter(({ room, stays, name }) => room === 'play' && !stays && name !== CONTROLS && name !== 'first')

/** The list, in the order of the page: what stands by itself, and the controls. */
export const PANELS: readonly Part[] = own.filter(({ within }) => within !== CONTROLS)
export const CONTROL_PARTS: readonly Part[] = own.filter(({ within }) => within === CONTROLS)

/** What a part is called in a list: `The scale`. */
export const partLabel = ({ words }: Part) => words.replace(/^the /, '').replace(/^./, (first) => first.toUpperCase())

/** Whether there is something to hold in it: pictures are only seen. */
export const canHold = ({ holds }: Part) => holds.length > 0

/** With a part ticked or not. One in a panel that is not shown takes the panel with it; a panel takes what stands in it. */
export function ticked(ticks: Ticks, part: Part, what: keyof Ticks, on: boolean): Ticks {
  const inside = PANELS.filter(({ within }) => within === part.name)
  const around = PANELS.filter(({ name }) => name === part.within)
  const names = [part, ...(what === 'shown' ? (on ? around : inside) : [])].map(({ name }) => name)
  const change = (set: ReadonlySet<PartName>, put: boolean) => {
    const rest = [...set].filter((name) => !names.includes(name))
    return new Set(put ? [...rest, ...names] : rest)
  }
  if (what === 'held') return { ...ticks, held: change(ticks.held, on) }
  // What is not seen is not held either.
  return { shown: change(ticks.shown, on), held: on ? ticks.held : change(ticks.held, false) }
}

/** All controls, or none of them. */
export function tickedAll(ticks: Ticks, on: boolean): Ticks {
  return CONTROL_PARTS.reduce((now, part) => ticked(now, part, 'shown', on), ticks)
}

/** Names of controls, or the one name of all. */
function controlNames(set: ReadonlySet<PartName>): readonly PartName[] {
  const names = CONTROL_PARTS.map(({ name }) => name).filter((name) => set.has(name))
  return names.length === CONTROL_PARTS.length ? [CONTROLS] : names
}

const same = (a: ReadonlySet<PartName>, b: ReadonlySet<PartName>) =>
  a.size === b.size && [...a].every((name) => b.has(name))

/** What an address says of them. */
export function partsOf({ shown, held }: Ticks): Parts {
  const panels = PANELS.filter(({ name, within }) => within === null && shown.has(name)).map(({ name }) => name)
  const hide = PANELS.filter(({ name, within }) => within !== null && panels.includes(within) && !shown.has(name))
  const lock = PANELS.filter(({ name }) => held.has(name)).map(({ name }) => name)
  const asFirst = same(shown, FIRST_TICKS.shown)
  return {
    show: asFirst ? null : [...panels, ...controlNames(shown)],
    hide: asFirst ? [] : hide.map(({ name }) => name),
    lock: [...lock, ...controlNames(held)],
  }
}
