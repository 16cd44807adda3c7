/** What a view means for the parts of the page and for wishes. Pure. */
import { isSettings, parsePreset, settingsRefusal, toPreset } from '../../settings'
import { EMBEDDED, partByName, parts } from '../../settings/parts'
import type { PartName, View } from '../../settings/view'
import type { ModelInfo } from '../../model/types'
import type { Settings } from '../../settings/types'
import type { Allowed, PartState, Rules } from './state'

/** What an open step of a lesson lays over the view of the address. */
export interface Overlay {
  readonly show: readonly PartName[] | null
  readonly hide: readonly PartName[]
  readonly lock: readonly PartName[]
  /** Bounds of settings that are numbers, by key. */
  readonly ranges?: Readonly<Record<string, readonly [number, number]>>
}

/** A part and those that it stands in. */
function around(name: PartName): readonly PartName[] {
  const within = partByName(name)?.within
  return within ? [name, ...around(within)] : [name]
}

const within = (name: PartName) => parts.filter((part) => part.name !== name && around(part.name).includes(name))

function isListed(name: PartName, show: readonly PartName[] | null): boolean {
  if (show === null || partByName(name)?.stays || around(name).some((one) => show.includes(one))) return true
  return within(name).some((part) => show.includes(part.name))
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

/** A number into its bounds; anything else as it is. */
function bounded(value: unknown, bounds: readonly [number, number] | undefined): unknown {
  return typeof value === 'number' && bounds ? Math.min(bounds[1], Math.max(bounds[0], value)) : value
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** Whether what is left of a wish can be run; of settings that could not even before it need not. */
function canRun(next: Settings, before: Settings, model: ModelInfo): boolean {
  if (next.model !== before.model) return parsePreset(toPreset(next), model).ok
  return isSettings(next) && (settingsRefusal(next, model) === null || settingsRefusal(before, model) !== null)
}

/** The rules of a view with a lesson's step over it, or null where there are none. A step that shows only some parts has the last word. */
export function rulesOf(view: View, overlay: Overlay | null): Rules | null {
  const small = view.embed && !view.show && !overlay
  const show = overlay?.show ?? view.show ?? (small ? EMBEDDED : null)
  const hide = [...view.hide, ...(small ? ['compare'] : []), ...(overlay?.hide ?? [])]
  const lock = [...view.lock, ...(overlay?.lock ?? [])]
  const ranges = overlay?.ranges ?? {}
  if (show === null && hide.length + lock.length + Object.keys(ranges).length === 0) return null
  const isLocked = (name: PartName) => around(name).some((one) => lock.includes(one))
  const holder = overlay ? 'the lesson' : 'this page'
  const held = parts.filter(({ name }) => isLocked(name))
  const of = (name: PartName): PartState => {
    if (around(name).some((one) => hide.includes(one)) || !isListed(name, show)) return 'hidden'
    return isLocked(name) ? 'held' : 'shown'
  }
  const refusalOf = (key: string) => {
    const part = held.find(({ holds }) => holds.some((one) => one === key))
    return `${capital(holder)} holds ${part?.words ?? key}.`
  }

  function allowed(asked: Partial<Settings>, before: Settings, model: ModelInfo): Allowed {
    const wanted = boundedAll(asked, ranges)
    const changed = Object.keys(wanted).filter((key) => !same(Reflect.get(wanted, key), Reflect.get(before, key)))
    const isHeld = (key: string) => held.some(({ holds }) => holds.some((one) => one === key))
    const stays = changed.filter(isHeld)
    const [first] = stays
    if (first === undefined) return { wanted, refusal: null }
    // Another method has other parameters and layers, which go with it.
    const follows = changed.includes('method') ? ['parameters', 'layers'] : []
    const dropped = stays.filter((key) => !follows.includes(key))
    const rest = Object.fromEntries(Object.entries(wanted).filter(([key]) => !dropped.includes(key)))
    const left = changed.some((key) => !dropped.includes(key) && !follows.includes(key))
    const next = { ...before, ...rest }
    return left && canRun(next, before, model) && !dropped.some((key) => key === 'method' || key === 'model')
      ? { wanted: rest, refusal: null }
      : { wanted: {}, refusal: refusalOf(dropped[0] ?? first) }
  }
  return { of, holder, topScale: ranges['scale']?.[1], allowed }
}

const boundedAll = (asked: Partial<Settings>, ranges: NonNullable<Overlay['ranges']>): Partial<Settings> => ({
  ...asked,
  ...Object.fromEntries(
    Object.entries(ranges).flatMap(([key, bounds]) =>
      Object.hasOwn(asked, key) ? [[key, bounded(Reflect.get(asked, key), bounds)]] : [],
    ),
  ),
})
