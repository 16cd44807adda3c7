/** All guidance methods. Adding one: its file, its place in a list (here or in `negatives.ts`), a test. */
import type { ModelInfo } from '../model/types'
import type { ParameterValue, Settings, Term } from '../settings/types'
import { apg } from './methods/apg'
import { cfgPlusPlus } from './methods/cfg-plus-plus'
import { cfgZeroStar } from './methods/cfg-zero-star'
import { fdg } from './methods/fdg'
import { negatives } from './negatives'
import { none } from './methods/none'
import type { GuidanceMethod, NegativeMethod, Parameter } from './types'

export const methods: readonly GuidanceMethod[] = [none, ...negatives, apg, cfgZeroStar, cfgPlusPlus, fdg]

export function methodById(id: string): GuidanceMethod | undefined {
  return methods.find((method) => method.id === id)
}

/** For menus: every method once, in order. */
export const methodGroups: readonly { readonly label: string; readonly methods: readonly GuidanceMethod[] }[] = [
  { label: 'Of the article', methods: methods.filter(({ family }) => family === 'article') },
  {
    label: 'Beyond it',
    methods: methods.filter(({ family, kind, id }) => family === 'beyond' && kind === 'negative' && id !== 'pair'),
  },
  { label: 'Other ways to combine', methods: methods.filter(({ kind }) => kind === 'combiner') },
  { label: 'Your own', methods: methods.filter(({ id }) => id === 'pair') },
]

/** Every parameter of a method under these values, its own first, then those of the methods that it borrows from; each key once. */
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

/** Who makes the negative under these settings: the method itself, or the one that its combiner names; null without guidance. */
export function negativeMethodOf({
  method: id,
  parameters,
}: Pick<Term, 'method' | 'parameters'>): NegativeMethod | null {
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

/** Why the first term's method can't run under these settings, in a sentence that says what to do; null where it can. */
export function refusal(settings: Settings, model: ModelInfo): string | null {
  const method = methodById(settings.method)
  return method?.unavailable(model) ?? method?.refuses?.(settings, model) ?? null
}
