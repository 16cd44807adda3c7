/** Settings that came from another thread, checked against the table: every row there, of its kind and in its range. */
import { methodById, parametersOf } from '../guidance'
import { solvers } from '../sampling/solver-registry'
import { rulesOf } from './kinds'
import { OWN_KEYS, OWN_RULES, STACK, TERM_KEYS, TERM_RULES } from './table'
import type { Settings, Term } from './types'

type Fields = Readonly<Record<string, unknown>>

const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function areParameters(value: unknown): value is Term['parameters'] {
  return (
    isRecord(value) && Object.values(value).every((entry) => ['number', 'string', 'boolean'].includes(typeof entry))
  )
}

/** The first key of a term that is missing or out of its range, or null. */
function wrongInTerm(fields: Fields): string | null {
  const method = typeof fields.method === 'string' ? methodById(fields.method) : undefined
  if (!method) return 'method'
  const { parameters } = fields
  if (!areParameters(parameters)) return 'parameters'
  const known = parametersOf(method, parameters)
  const wrong = known.find((parameter) => !rulesOf(parameter).holds(parameters[parameter.key]))
  return (
    TERM_KEYS.find((key) => !TERM_RULES[key].holds(fields[key])) ??
    wrong?.key ??
    Object.keys(parameters).find((key) => !known.some((parameter) => parameter.key === key)) ??
    null
  )
}

/** The first of the solver's parameters that is missing, out of its range or another's, or null. */
function wrongInSolver({ solver, solverParameters: given }: Fields): string | null {
  const parameters = solvers.find(({ id }) => id === solver)?.parameters
  if (!parameters || !isRecord(given)) return 'solverParameters'
  const wrong = parameters.find((parameter) => !rulesOf(parameter).holds(given[parameter.key]))
  return wrong?.key ?? Object.keys(given).find((key) => !parameters.some((parameter) => parameter.key === key)) ?? null
}

/** The first key that is missing or out of its range, or null where all are settings. */
function wrongKey(value: unknown): string | null {
  if (!isRecord(value)) return 'all'
  const { model, stack } = value
  if (typeof model !== 'string') return 'model'
  const wrong = OWN_KEYS.find((key) => !OWN_RULES[key].holds(value[key])) ?? wrongInSolver(value)
  const own = wrong ?? wrongInTerm(value)
  if (own !== null) return own
  const fits = Array.isArray(stack) && stack.length <= STACK.max
  return fits && stack.every((term: unknown) => isRecord(term) && wrongInTerm(term) === null) ? null : 'stack'
}

/** Whether the model can run them is another question, see `refusals.ts`. */
export const isSettings = (value: unknown): value is Settings => wrongKey(value) === null

export const settingsProblem = (value: unknown): string => `Invalid settings: ${wrongKey(value)}`
