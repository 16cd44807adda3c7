/** What a model, a method and a class start with, where nothing is said; and the same wish under another method. */
import { methodById, negativeMethodOf } from '../guidance'
import { networkById, networkOfClass } from '../guidance/networks'
import type { GuidanceMethod, Parameter } from '../guidance/types'
import type { ModelInfo, Start } from '../model/types'
import { DEFAULT_SOLVER, solverParameters } from '../sampling/solver-registry'
import { Fault, shown } from './faults'
import { rulesOf } from './kinds'
import { settingsRefusal } from './refusals'
import { ownFrom } from './rows'
import { OWN_RULES, TERM_RULES, type Own } from './table'
import type { ParameterValue, Settings, Term } from './types'

export const DEFAULT_METHOD = 'pag'

/** The method of the given id. Throws RangeError for an id that does not exist. */
export function requireMethod(id: string): GuidanceMethod {
  const method = methodById(id)
  if (!method) throw new RangeError(`there is no guidance method ${shown(id)}`)
  return method
}

/** The model as it was before anything was measured: methods start where their own metadata says. */
export function withoutStarts(model: ModelInfo): ModelInfo {
  return { ...model, starts: { class: {}, none: {} } }
}

/** What the model says about where a method starts; nothing of what was not measured. */
function measuredStart(method: string, model: ModelInfo, label: number | null): Start {
  return (label === null ? model.starts.none : model.starts.class)[method] ?? {}
}

/** A value that the model's manifest states, or what stands in where it states none. */
function stated<T>(value: unknown, parse: (value: unknown) => T, otherwise: T): T {
  if (value === undefined) return otherwise
  try {
    return parse(value)
  } catch (error) {
    throw error instanceof Fault ? new RangeError(`manifest.json: a start ${error.message}`) : error
  }
}

/** The value that a method's parameter has on this model, for images of this class, unless somebody chooses another. */
export function parameterDefault(
  parameter: Parameter,
  lender: string,
  model: ModelInfo,
  label: number | null,
): ParameterValue {
  const rules = rulesOf(parameter)
  const start = measuredStart(lender, model, label)[parameter.key]
  return stated(start, (value) => rules.parse(value, model), rules.standard(model, label))
}

/** A method's parameters, those that it borrows included, each by `read`: its own first, since they decide what it borrows. */
export function parametersBy(
  method: GuidanceMethod,
  read: (parameter: Parameter, lender: string) => ParameterValue,
): Record<string, ParameterValue> {
  const values: Record<string, ParameterValue> = {}
  const collect = (lender: GuidanceMethod) => {
    for (const parameter of lender.parameters) values[parameter.key] ??= read(parameter, lender.id)
    for (const id of lender.borrows?.(values) ?? []) collect(requireMethod(id))
  }
  collect(method)
  return values
}

export function defaultParameters(
  method: GuidanceMethod,
  model: ModelInfo,
  label: number | null,
): Readonly<Record<string, ParameterValue>> {
  return parametersBy(method, (parameter, lender) => parameterDefault(parameter, lender, model, label))
}

/** Network and window that a method starts with; a combiner takes what it has no word on from its negative. */
function usual(method: GuidanceMethod, parameters: Term['parameters'], model: ModelInfo) {
  const maker = negativeMethodOf({ method: method.id, parameters })
  return { ...maker?.defaults?.(model), ...method.defaults?.(model) }
}

/** A combiner's measured layers are those of the negative that it was measured with. */
function startingLayers(
  method: GuidanceMethod,
  parameters: Term['parameters'],
  model: ModelInfo,
  label: number | null,
) {
  const maker = negativeMethodOf({ method: method.id, parameters })
  const own = measuredStart(method.id, model, label)
  const measured = method.kind !== 'combiner' || maker?.id === (own.negative ?? method.negative)
  const from = measured && own.layers !== undefined ? own : measuredStart(maker?.id ?? method.id, model, label)
  return stated(
    from.layers,
    (value) => TERM_RULES.layers.parse(value, model),
    maker?.layers?.default(model) ?? ('all' as const),
  )
}

/** A term of a method under these parameters, where nothing else is said. */
export function termDefaults(
  method: GuidanceMethod,
  parameters: Term['parameters'],
  model: ModelInfo,
  label: number | null,
): Term {
  const start = measuredStart(method.id, model, label)
  const { window = TERM_RULES.window.standard(model, label) } = usual(method, parameters, model)
  return {
    method: method.id,
    scale: stated(start.scale, (value) => TERM_RULES.scale.parse(value, model), method.scale.default),
    layers: startingLayers(method, parameters, model, label),
    window: stated(start.window, (value) => TERM_RULES.window.parse(value, model), window),
    parameters,
  }
}

/** The settings beside the terms, where nothing is said about them; without a class the network is one that knows how. */
export function ownDefaults(
  method: GuidanceMethod,
  parameters: Term['parameters'],
  model: ModelInfo,
  label: number | null,
): Own {
  const standard = ownFrom((key) => OWN_RULES[key].standard(model, label))
  const network = networkById(usual(method, parameters, model).network ?? '', model)
  if (!network) return standard
  const able = label === null && !network.labelDropout ? (networkOfClass(label, model) ?? network) : network
  return { ...standard, network: able.id }
}

/** Everything where nothing is said but method, parameters and class. */
export function defaultsOf(
  model: ModelInfo,
  method: GuidanceMethod,
  parameters: Term['parameters'],
  label: number | null,
): Settings {
  return {
    model: model.id,
    ...ownDefaults(method, parameters, model, label),
    ...termDefaults(method, parameters, model, label),
    solverParameters: solverParameters(DEFAULT_SOLVER),
    stack: [],
  }
}

/** The class that is asked for where nobody says one: the first, or none of a model that has none. */
export const firstClass = ({ conditioning: { classes } }: ModelInfo): number | null => (classes.length === 0 ? null : 0)

/** Complete settings of a model and method, and of a class. Throws RangeError for a method that does not exist. */
export function defaultSettings(
  model: ModelInfo,
  method: string = DEFAULT_METHOD,
  label: number | null = firstClass(model),
): Settings {
  const named = requireMethod(method)
  return defaultsOf(model, named, defaultParameters(named, model, label), label)
}

const sameWindow = (a: Settings['window'], b: Settings['window']) => a[0] === b[0] && a[1] === b[1]

/**
 * The same wish under another method: what both understand is kept, the rest takes the new method's defaults. A network or
 * window that came with the old method goes with it, and so does a network under which the new one can't run.
 */
export function withMethod(settings: Settings, method: string, model: ModelInfo): Settings {
  const before = defaultsOf(model, requireMethod(settings.method), settings.parameters, settings.class)
  const after = defaultSettings(model, method, settings.class)
  const kept = ownFrom((key) => settings[key])
  const { network, ema, ...wish } = kept
  const next = {
    ...after,
    ...wish,
    solverParameters: settings.solverParameters,
    stack: settings.stack,
    window: sameWindow(settings.window, before.window) ? after.window : settings.window,
  }
  if (network === before.network && ema === null) return next
  const same = { ...next, network, ema }
  return settingsRefusal(same, model) === null ? same : next
}
