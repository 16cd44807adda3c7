/** From raw values, as a preset or a link holds them, to settings: the first fault or all of them are for the caller to judge. */
import { methods, negativeMethodOf } from '../guidance'
import type { GuidanceMethod } from '../guidance/types'
import { absentModel, meansModel } from '../model/opened'
import type { ModelInfo } from '../model/types'
import { isSolverParameter, solverById } from '../sampling/solver-registry'
import {
  DEFAULT_METHOD,
  defaultsOf,
  parameterDefault,
  parametersBy,
  requireMethod,
  termDefaults,
  firstClass,
} from './defaults'
import { attempt, shown, type Report } from './faults'
import { rulesOf } from './kinds'
import { settingsRefusal } from './refusals'
import { ownFrom, termFrom } from './rows'
import { runnable } from './runnable'
import { OWN, OWN_RULES, STACK, TERM, TERM_RULES, type OwnKey, type TermKey } from './table'
import type { ParameterValue, Settings, Term } from './types'

export type Raw = Readonly<Record<string, unknown>>

/** Keys that some method has. */
const PARAMETER_KEYS = new Set(methods.flatMap(({ parameters }) => parameters.map(({ key }) => key)))

const idsOf = (among: readonly GuidanceMethod[]) => among.map(({ id }) => id).join(', ')

/** What is said where, and how to tell what is wrong with it. */
interface Reading {
  readonly raw: Raw
  readonly model: ModelInfo
  readonly label: number | null
  readonly report: Report
}

/** The method where nobody names one: on a model that can't have it, that of its first picture. */
function usualMethod(model: ModelInfo): GuidanceMethod {
  const usual = requireMethod(DEFAULT_METHOD)
  const { method: first } = model.first
  return usual.unavailable(model) === null || typeof first !== 'string' ? usual : requireMethod(first)
}

/** The method that is asked for, or the one that stands in for one that is not there; `asked`: it is the one. */
function readMethod({ raw, model, report }: Reading, among: readonly GuidanceMethod[]) {
  const named = raw.method === undefined ? undefined : among.find(({ id }) => id === raw.method)
  if (raw.method !== undefined && !named) report(`method must be one of ${idsOf(among)}, not ${shown(raw.method)}`)
  const method = named ?? usualMethod(model)
  const why = method.unavailable(model)
  if (why === null) return { method, asked: true }
  const other = among.find(
    ({ id, kind, unavailable }) => (id === DEFAULT_METHOD || kind === 'none') && unavailable(model) === null,
  )
  const absent = method.parameters.map(({ kind, key }) => (kind === 'network' ? absentModel(raw[key]) : null))
  report(`method ${method.id}: ${absent.find((one) => one !== null) ?? why}`, `with ${(other ?? method).id}`)
  return { method: other ?? method, asked: false }
}

function readParameters({ raw, model, label, report }: Reading, method: GuidanceMethod) {
  return parametersBy(method, (parameter, lender): ParameterValue => {
    const standard = parameterDefault(parameter, lender, model, label)
    const value = raw[parameter.key]
    const parse = () => rulesOf(parameter).parse(value, model)
    return value === undefined ? standard : attempt(parameter.key, report, parse, standard)
  })
}

/** Reads what is said about one term; keys that `elsewhere` knows are left to others. */
function readTerm(reading: Reading, among: readonly GuidanceMethod[], elsewhere: (key: string) => boolean): Term {
  const { raw, model, label, report } = reading
  const { method, asked } = readMethod(reading, among)
  const parameters = readParameters(reading, method)
  const defaults = termDefaults(method, parameters, model, label)
  const said = termFrom(<K extends TermKey>(key: K) =>
    raw[key] === undefined
      ? defaults[key]
      : attempt(key, report, () => TERM_RULES[key].parse(raw[key], model), defaults[key]),
  )
  for (const key of Object.keys(raw)) {
    if (key === 'method' || Object.hasOwn(parameters, key) || Object.hasOwn(TERM, key) || elsewhere(key)) continue
    if (!PARAMETER_KEYS.has(key)) report(`${shown(key)} is not a setting`)
    else if (asked) report(`${key} is not a setting of method ${method.id}`)
  }
  const read = { ...defaults, ...said }
  if (read.layers === 'all' || negativeMethodOf(read)?.layers) return read
  // Other layers than all mean nothing to a method that acts on none.
  if (asked) report(`layers is not a setting of method ${method.id}, which acts on none`)
  return { ...read, layers: 'all' }
}

function readStack({ raw, report, ...reading }: Reading): readonly Term[] {
  const value = raw.stack
  if (value === undefined) return []
  if (!Array.isArray(value)) {
    report(`stack must be a list such as [{"method": "seg", "scale": 0.5}], not ${shown(value)}`)
    return []
  }
  if (value.length > STACK.max) report(`stack must have at most ${STACK.max} negatives, not ${value.length}`)
  const among = methods.filter(({ kind }) => kind === 'negative')
  return value.slice(0, STACK.max).flatMap((entry: unknown, index) => {
    const inTerm: Report = (problem, change) => report(`stack, ${index + 1}: ${problem}`, change)
    const named = typeof entry === 'object' && entry !== null && 'method' in entry ? entry.method : entry
    if (typeof entry === 'object' && entry !== null && among.some(({ id }) => id === named))
      return [readTerm({ ...reading, raw: { ...entry }, report: inTerm }, among, () => false)]
    inTerm(`method must be one of ${idsOf(among)}, not ${shown(named)}`)
    return []
  })
}

const besideTerms = (key: string) =>
  key === 'model' || key === 'stack' || Object.hasOwn(OWN, key) || isSolverParameter(key)

/** The parameters of the chosen solver; what is said about another's is a fault. */
function readSolver({ raw, model, report }: Reading, id: string): Settings['solverParameters'] {
  const { parameters } = solverById(id)
  for (const key of Object.keys(raw))
    if (isSolverParameter(key) && !parameters.some((parameter) => parameter.key === key))
      report(`${key} is not a setting of solver ${id}`)
  const entries = parameters.map((parameter): [string, number] => {
    const { key, default: standard } = parameter
    const parse = () => rulesOf<'number'>(parameter).parse(raw[key], model)
    return [key, raw[key] === undefined ? standard : attempt(key, report, parse, standard)]
  })
  return Object.fromEntries(entries)
}

/** Reads a record of raw values; calls `report` for each key that can't be understood and goes on with its default, and with settings that can run. */
export function read(raw: Raw, model: ModelInfo, report: Report): Settings {
  if (raw.model !== undefined && !meansModel(raw.model, model.id))
    report(absentModel(raw.model) ?? `model must be "${model.id}", not ${shown(raw.model)}`)
  const usual = firstClass(model)
  const label =
    raw.class === undefined ? usual : attempt('class', report, () => OWN_RULES.class.parse(raw.class, model), usual)
  const reading: Reading = { raw, model, label, report }
  const first = readTerm(reading, methods, besideTerms)
  const defaults = defaultsOf(model, requireMethod(first.method), first.parameters, label)
  const own = ownFrom(<K extends OwnKey>(key: K) =>
    // The class was read first, since defaults depend on it.
    raw[key] === undefined || key === 'class'
      ? defaults[key]
      : attempt(key, report, () => OWN_RULES[key].parse(raw[key], model), defaults[key]),
  )
  const solverParameters = readSolver(reading, own.solver)
  const settings: Settings = { model: model.id, ...own, solverParameters, ...first, stack: readStack(reading) }
  const why = settingsRefusal(settings, model)
  if (why === null) return settings
  const nearest = runnable(settings, model)
  report(why, nearest.change)
  return nearest.settings
}
