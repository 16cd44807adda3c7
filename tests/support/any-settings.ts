/**
 * Settings drawn at random, for properties: everything that metadata allows, the edges more often. `anySettingsOf` one
 * method for sampling; `anySettings` of every kind that can run on the toy model, for writing and reading.
 */
import fc from 'fast-check'
import { methodById, methods, negativeMethodOf } from '../../src/guidance'
import type { GuidanceMethod, Parameter } from '../../src/guidance/types'
import type { ModelInfo } from '../../src/model/types'
import { solverById } from '../../src/sampling/solver-registry'
import { defaultSettings, EMA_RANGE, OWN, settingsRefusal, TERM } from '../../src/settings'
import { ownFrom } from '../../src/settings/rows'
import { OWN_KEYS, OWN_RULES, type Own, type OwnKey } from '../../src/settings/table'
import type { ParameterValue, Settings, Term } from '../../src/settings/types'
import { toyModel } from './model'

/** What the values are for: numbers in text can be of any size and averages of any length, a network's cannot. */
type Purpose = 'sampling' | 'writing'

const anyAverage = fc.double({ min: EMA_RANGE.min, max: EMA_RANGE.max, noNaN: true })

function anyValue(parameter: Parameter, model: ModelInfo, purpose: Purpose): fc.Arbitrary<ParameterValue> {
  switch (parameter.kind) {
    case 'number': {
      const { min, max, default: standard, whole } = parameter
      const edges = [min, max, standard, 0, 1].filter((value) => value >= min && value <= max)
      const within = whole
        ? fc.integer({ min, max })
        : fc
            .double({ min, max: Math.min(max, 1e6), noNaN: true })
            // So small that float32 knows no difference, a value is neutral in fact and not by intention.
            .filter((value) => purpose === 'writing' || Math.abs(value) > 1e-5)
      return fc.oneof(fc.constantFrom(...edges), within)
    }
    case 'choice':
      return fc.constantFrom(...parameter.choices.map(({ value }) => value))
    case 'flag':
      return fc.boolean()
    case 'network':
      return fc.constantFrom(...model.networks.filter((network) => parameter.among(network, model)).map(({ id }) => id))
    case 'layer':
      return fc.nat({ max: model.layers.length - 1 })
    case 'ema':
      return purpose === 'writing' ? fc.oneof(fc.constant('stored'), anyAverage) : fc.constantFrom('stored', 0.05, 0.1)
    default:
      return parameter satisfies never
  }
}

/** Any values of a method's parameters beside those that are given, with those that it then borrows. */
function anyParameters(
  method: GuidanceMethod,
  model: ModelInfo,
  purpose: Purpose,
  given: Record<string, ParameterValue> = {},
): fc.Arbitrary<Record<string, ParameterValue>> {
  const free = method.parameters.filter(({ key }) => !(key in given))
  const own = fc.record(
    Object.fromEntries(free.map((parameter) => [parameter.key, anyValue(parameter, model, purpose)])),
  )
  return own.chain((drawn) => {
    const values = { ...given, ...drawn }
    return (method.borrows?.(values) ?? []).reduce<fc.Arbitrary<Record<string, ParameterValue>>>(
      (all, id) => all.chain((before) => anyParameters(methodById(id)!, model, purpose, before)),
      fc.constant(values),
    )
  })
}

function anyLayers(method: GuidanceMethod, parameters: Term['parameters']): fc.Arbitrary<Term['layers']> {
  return negativeMethodOf({ method: method.id, parameters })?.layers
    ? fc.constantFrom<Term['layers']>('all', [], [0], [1], [0, 2], [1, 2])
    : fc.constant('all')
}

/** Settings of a method, which may be refused. */
export function anySettingsOf(method: GuidanceMethod, model: ModelInfo): fc.Arbitrary<Settings> {
  return anyParameters(method, model, 'sampling').chain((parameters) =>
    fc
      .record({
        layers: anyLayers(method, parameters),
        network: fc.constantFrom(...model.networks.map(({ id }) => id)),
        ema: fc.constantFrom(null, 0.1),
        class: fc.option(fc.nat({ max: model.conditioning.classes.length - 1 }), { freq: 4 }),
        seed: fc.nat(),
      })
      .map((drawn) => ({ ...defaultSettings(model, method.id), ...drawn, parameters })),
  )
}

const anySigma = fc.double({ min: 1e-6, max: 1e4, noNaN: true })

function anyTerm(among: readonly GuidanceMethod[]): fc.Arbitrary<Term> {
  return fc.constantFrom(...among).chain((method) =>
    anyParameters(method, toyModel, 'writing').chain((parameters) =>
      fc.record({
        method: fc.constant(method.id),
        scale: fc.double({ min: 0, max: TERM.scale.max, noNaN: true }),
        layers: anyLayers(method, parameters),
        window: fc
          .tuple(fc.oneof(fc.constant(0), anySigma), fc.oneof(fc.constant(Infinity), anySigma))
          .filter(([low, high]) => low < high),
        parameters: fc.constant(parameters),
      }),
    ),
  )
}

/** What a preset may say in a row of the table. */
function anyWritten(row: (typeof OWN)[OwnKey]): fc.Arbitrary<unknown> {
  switch (row.kind) {
    case 'number':
      return 'whole' in row
        ? fc.integer({ min: row.min, max: row.max })
        : fc.double({ min: row.min, max: row.max, noNaN: true })
    case 'choice':
      return fc.constantFrom(...row.choices.map(({ value }) => value))
    case 'network':
      return fc.constantFrom(...toyModel.networks.map(({ id }) => id))
    case 'average':
      return fc.oneof(fc.constant(null), anyAverage)
    case 'class':
      return fc.oneof(fc.constant(null), fc.nat({ max: toyModel.conditioning.classes.length - 1 }))
    default:
      return row satisfies never
  }
}

const anyOwn: fc.Arbitrary<Own> = fc
  .record(Object.fromEntries(OWN_KEYS.map((key) => [key, anyWritten(OWN[key])])))
  .map((said) => ownFrom(<K extends OwnKey>(key: K) => OWN_RULES[key].parse(said[key], toyModel)))

function anySolverParameters(solver: string): fc.Arbitrary<Settings['solverParameters']> {
  const { parameters } = solverById(solver)
  const any = parameters.map(({ key, min, max }): [string, fc.Arbitrary<number>] => [
    key,
    fc.oneof(fc.constant(max), fc.double({ min, max: Math.min(max, 1e6), noNaN: true })),
  ])
  return fc.record(Object.fromEntries(any))
}

/** Any settings that can run. */
export const anySettings: fc.Arbitrary<Settings> = fc
  .record({
    first: anyTerm(methods),
    own: anyOwn,
    stack: fc.array(anyTerm(methods.filter(({ kind }) => kind === 'negative')), { maxLength: 2 }),
  })
  .chain(({ first, own, stack }) =>
    anySolverParameters(own.solver).map((solverParameters) => ({
      model: toyModel.id,
      ...own,
      ...first,
      solverParameters,
      stack,
    })),
  )
  .filter((settings) => settingsRefusal(settings, toyModel) === null)
