/**
 * Parameters that several methods have, and how a method reads its own: settings are checked before they get here, so a
 * value that is missing or of another type is a programming error.
 */
import type { Term } from '../settings/types'
import type { Parameter } from './types'

type Owner = Pick<Term, 'method' | 'parameters'>

export function numberParameter({ method, parameters }: Owner, key: string): number {
  const value = parameters[key]
  if (typeof value !== 'number') throw new TypeError(`parameter ${key} of ${method} must be a number`)
  return value
}

export function choiceParameter<T extends string>(
  { method, parameters }: Owner,
  key: string,
  choices: readonly T[],
): T {
  const value = choices.find((choice) => choice === parameters[key])
  if (value === undefined) throw new TypeError(`parameter ${key} of ${method} must be one of ${choices.join(', ')}`)
  return value
}

export function flagParameter({ method, parameters }: Owner, key: string): boolean {
  const value = parameters[key]
  if (typeof value !== 'boolean') throw new TypeError(`parameter ${key} of ${method} must be true or false`)
  return value
}

export function textParameter({ method, parameters }: Owner, key: string): string {
  const value = parameters[key]
  if (typeof value !== 'string') throw new TypeError(`parameter ${key} of ${method} must be a text`)
  return value
}

/** A weight average's length, or null for the weights as shipped. */
export function emaParameter(owner: Owner, key: string): number | null {
  return owner.parameters[key] === 'stored' ? null : numberParameter(owner, key)
}

type NumberParameter = Extract<Parameter, { kind: 'number' }>
type HeadWords = Pick<NumberParameter, 'key' | 'label' | 'help'> &
  Partial<Pick<NumberParameter, 'when'>> & { readonly heads: NonNullable<NumberParameter['heads']> }

/** A head of an attention layer, counted from 0; −1 stands for all of them. */
export function headChoice(words: HeadWords): NumberParameter {
  return { kind: 'number', default: -1, min: -1, max: 31, step: 1, whole: true, slider: 'linear', ...words }
}
