/** What every registry of kinds shares: finding one, completing and judging its parameters. */
import type { Chosen, KindParameter, KindValues, KindWords } from './description'

const named = (kinds: readonly KindWords[]) =>
  [...kinds]
    .sort((a, b) => a.place - b.place)
    .map(({ id }) => id)
    .join(', ')

/** The kind of an id. Throws RangeError for one that does not exist. */
export function kindById<T extends KindWords>(kinds: readonly T[], id: string): T {
  const kind = kinds.find((one) => one.id === id)
  if (!kind) throw new RangeError(`there is no ${id}; there are ${named(kinds)}`)
  return kind
}

/** Why a value can't be the parameter's, or null. */
function refusal(parameter: KindParameter, value: number | boolean): string | null {
  const { key } = parameter
  switch (parameter.kind) {
    case 'flag':
      return typeof value === 'boolean' ? null : `${key}: must be true or false`
    case 'number': {
      const { min, max, whole } = parameter
      const sound = typeof value === 'number' && value >= min && value <= max && (!whole || Number.isInteger(value))
      return sound ? null : `${key}: must be a ${whole ? 'whole number' : 'number'} from ${min} to ${max}, not ${value}`
    }
    default:
      return parameter satisfies never
  }
}

/** A kind with its parameters complete: what is not given has its default. */
export function complete({ id, parameters }: KindWords, given: KindValues = {}): Chosen {
  return { kind: id, parameters: Object.fromEntries(parameters.map((one) => [one.key, given[one.key] ?? one.default])) }
}

/** What is wrong with a choice, after its place in the manifest; null where nothing is. */
export function choiceFault(kinds: readonly KindWords[], kind: string, given: KindValues): string | null {
  const known = kinds.find(({ id }) => id === kind)
  if (!known) return `kind: must be one of ${named(kinds)}, not ${kind}`
  const stranger = Object.keys(given).find((key) => !known.parameters.some((parameter) => parameter.key === key))
  if (stranger !== undefined) {
    const keys = known.parameters.map(({ key }) => key).join(', ')
    return `parameters.${stranger}: ${kind} has no such parameter; it has ${keys || 'none'}`
  }
  for (const parameter of known.parameters) {
    const why = refusal(parameter, given[parameter.key] ?? parameter.default)
    if (why !== null) return `parameters.${why}`
  }
  return null
}
