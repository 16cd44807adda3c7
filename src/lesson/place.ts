/** The block `step`: where the page stands, and what is to be seen of it. */
import { tooLong, VALUE_CHARACTERS } from '../settings/limits'
import { partByName, parts } from '../settings/parts'
import type { Fields } from './fields'
import type { Place } from './types'

/** Names of parts of the page, those that can't be names reported. */
function partsOf(fields: Fields, key: string): readonly string[] | null {
  const names = fields.texts(key)
  const wrong = names?.find((name) => !partByName(name))
  if (wrong !== undefined)
    fields.say(key, `The page has no part “${wrong}”. There are: ${parts.map(({ name }) => name).join(', ')}.`)
  return names
}

function rangesOf(fields: Fields): Place['ranges'] {
  const ranges = fields.fields('ranges')
  if (ranges === null) return {}
  const entries = ranges.keys().flatMap((key): [string, readonly [number, number]][] => {
    const range = ranges.pair(key)
    if (range !== null && range[0] < range[1]) return [[key, range]]
    if (range !== null) ranges.say(key, `The range of “${key}” must be two numbers, the lower first, such as [0, 2].`)
    return []
  })
  return Object.fromEntries(entries)
}

function presetOf(fields: Fields): string | null {
  const text = fields.text('preset')
  if (text === null) return null
  const long = tooLong('the preset', text, VALUE_CHARACTERS)
  if (long !== null) fields.say('preset', long)
  if (/\s/.test(text))
    fields.say('preset', 'A preset is what an address says after its #, in one piece: there is a space in it.')
  return text.replace(/^.*#/, '')
}

export function readPlace(fields: Fields): Place {
  fields.only('preset', 'show', 'hide', 'lock', 'ranges')
  const show = partsOf(fields, 'show')
  const hide = partsOf(fields, 'hide') ?? []
  if (show !== null && fields.has('hide')) fields.say('hide', 'A step says “show:” or “hide:”, not both.')
  if (show?.length === 0) fields.say('show', '“show” lists nothing, so the page would be empty.')
  return { preset: presetOf(fields), show, hide, lock: partsOf(fields, 'lock') ?? [], ranges: rangesOf(fields) }
}

/** The settings that are in force in each step: its own, or those of the last before it that had some. */
export const presetsInForce = (steps: readonly { readonly place: Place }[]): readonly (string | null)[] =>
  steps.reduce<(string | null)[]>((all, { place }) => [...all, place.preset ?? all.at(-1) ?? null], [])

/** As `readPlace` reads it; null where there is nothing to say. */
export function writtenPlace({ preset, show, hide, lock, ranges }: Place): Readonly<Record<string, unknown>> | null {
  const fields = {
    ...(preset === null ? {} : { preset }),
    ...(show === null ? {} : { show }),
    ...(hide.length === 0 ? {} : { hide }),
    ...(lock.length === 0 ? {} : { lock }),
    ...(Object.keys(ranges).length === 0 ? {} : { ranges }),
  }
  return Object.keys(fields).length === 0 ? null : fields
}
