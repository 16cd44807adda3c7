/** The registry of guidance methods: what the files of `methods/` describe, completed and in the order of menus. */
import type { ModelInfo } from '../model/types'
import type { ParameterValue, Settings, Term } from '../settings/types'
import { completeCombiner } from './combiner'
import { definitions } from './methods/index.generated'
import { actsAlone, lowestScale } from './scale'
import type { GuidanceMethod, NegativeMethod, Parameter } from './types'

const inOrder = <T extends GuidanceMethod>(among: readonly T[]): readonly T[] =>
  [...among].sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1))

/** Every method under its id. Throws RangeError where two files claim one. */
function collect(): { readonly methods: readonly GuidanceMethod[]; readonly negatives: readonly NegativeMethod[] } {
  const described = definitions.filter((entry) => typeof entry !== 'function')
  const lenders = inOrder(described.filter((entry) => entry.kind === 'negative'))
  const composed = definitions.flatMap((entry) => (typeof entry === 'function' ? entry(lenders) : []))
  const negatives = [...lenders, ...inOrder(composed)]
  const others = described.flatMap((entry): GuidanceMethod[] => {
    switch (entry.kind) {
      case 'none':
        return [entry]
      case 'combiner':
        return [completeCombiner(entry, negatives)]
      case 'negative':
        return []
      default:
        return entry satisfies never
    }
  })
  const methods = inOrder([...negatives, ...others])
  const twice = methods.find(({ id }, i) => methods.findIndex((other) => other.id === id) !== i)
  if (twice) throw new RangeError(`two files of src/guidance/methods have the id ${twice.id}`)
  return { methods, negatives }
}

export const { methods, negatives } = collect()

export function methodById(id: string): GuidanceMethod | undefined {
  return methods.find((method) => method.id === id)
}

const FAMILIES = [
  ['article', 'Of the article'],
  ['beyond', 'Beyond it'],
  ['combining', 'Other ways to combine'],
  ['own', 'Your own'],
] as const satisfies readonly (readonly [GuidanceMethod['family'], string])[]

/** For menus: every method once, in order. */
export const methodGroups: readonly { readonly label: string; readonly methods: readonly GuidanceMethod[] }[] =
  FAMILIES.map(([family, label]) => ({ label, methods: methods.filter((method) => method.family === family) }))

/**
 * Every parameter of a method under these values, its own first, then those of the methods that it borrows from; each
 * key once.
 */
export function parametersOf(
  method: GuidanceMethod,
  values: Readonly<Record<string, ParameterValue>>,
): readonly Parameter[] {
  const found = new Map(method.parameters.map((parameter) => [parameter.key, parameter]))
  for (const id of method.borrows?.(values) ?? []) {
    const lender = methodById(id)
    for (const parameter of lender ? parametersOf(lender, values) : [])
      if (!found.has(parameter.key)) found.set(parameter.key, parameter)
  }
  return [...found.values()]
}

type Chosen = Pick<Term, 'method' | 'parameters'>

/**
 * Who makes the negative under these settings: the method itself, or the one that its combiner names; null without
 * guidance.
 */
export function negativeMethodOf({ method: id, parameters }: Chosen): NegativeMethod | null {
  const method = methodById(id)
  switch (method?.kind) {
    case 'negative':
      return method
    case 'combiner':
      return negatives.find((negative) => negative.id === (parameters.negative ?? method.negative)) ?? null
    case 'none':
    case undefined:
      return null
    default:
      return method satisfies never
  }
}

/** Every method that has a part in the negative under these settings: its maker, and those that it borrows from. */
export function makersOf({ method, parameters }: Chosen): readonly NegativeMethod[] {
  const maker = negativeMethodOf({ method, parameters })
  if (!maker) return []
  const borrowed = maker.borrows?.(parameters) ?? []
  return [maker, ...negatives.filter(({ id }) => borrowed.includes(id))]
}

/** Whether the settings guide at all. */
export function isGuided({ method }: Pick<Term, 'method'>): boolean {
  return methodById(method)?.kind !== 'none'
}

/** Whether D is D⁺ + s Δ and nothing else: no rule, rescale or further term makes what is applied another thing. */
export function addsPlainly(settings: Pick<Settings, 'method' | 'rescale' | 'stack'>): boolean {
  return methodById(settings.method)?.kind !== 'combiner' && actsAlone(settings)
}

/** Whether an attention map of the positive is read. */
export function readsMap(chosen: Chosen): boolean {
  return makersOf(chosen).some((method) => method.readsMap)
}

/** Whether a vision transformer is asked for. */
export function needsVision(chosen: Chosen): boolean {
  return makersOf(chosen).some((method) => method.needsVision?.(chosen.parameters))
}

/** Whether one evaluation makes D, so that no negative is evaluated. */
export function folds(chosen: Chosen): boolean {
  return makersOf(chosen).some((method) => (method.folds?.(chosen.parameters) ?? null) !== null)
}

/** What the negative is asked for where that is drawn anew at each step, in words; null where nothing is drawn. */
export function drawnEachStep(chosen: Chosen): string | null {
  for (const method of makersOf(chosen)) {
    const drawn = method.drawsEachStep?.(chosen.parameters)
    if (drawn) return drawn
  }
  return null
}

function scaleRefusal(method: GuidanceMethod | undefined, { scale }: Settings): string | null {
  if (!method || scale >= lowestScale(method)) return null
  return `${method.name} ${method.oneWay ?? 'does not go there'}. Set scale to 0 or more.`
}

/**
 * Why the first term's method can't run under these settings, in a sentence that says what to do; null where it can.
 */
export function refusal(settings: Settings, model: ModelInfo): string | null {
  const method = methodById(settings.method)
  return method?.unavailable(model) ?? scaleRefusal(method, settings) ?? method?.refuses?.(settings, model) ?? null
}
