/** Any settings that can run on the toy model, for property tests. */
import fc from 'fast-check'
import { methodById, methods, negativeMethodOf } from '../../../src/guidance'
import { solverById } from '../../../src/sampling/solver-registry'
import type { GuidanceMethod, Parameter } from '../../../src/guidance/types'
import { EMA_RANGE, OWN, settingsRefusal, TERM } from '../../../src/settings'
import { ownFrom } from '../../../src/settings/rows'
import { OWN_KEYS, OWN_RULES, type Own, type OwnKey } from '../../../src/settings/table'
import type { ParameterValue, Settings, Term } from '../../../src/settings/types'
import { toyModel as model } from '../../support/model'

const positive = fc.double({ min: 1e-6, max: 1e4, noNaN: true })

function anyValue(parameter: Parameter): fc.Arbitrary<ParameterValue> {
  switch (parameter.kind) {
    case 'number':
      return parameter.whole
        ? fc.integer({ min: parameter.min, max: parameter.max })
        : fc.oneof(
            fc.constant(parameter.max),
            fc.double({ min: parameter.min, max: Math.min(parameter.max, 1e6), noNaN: true }),
          )
    case 'choice':
      return fc.constantFrom(...parameter.choices.map(({ value }) => value))
    case 'flag':
      return fc.boolean()
    case 'network':
      return fc.constantFrom(...model.networks.filter((network) => parameter.among(network, model)).map(({ id }) => id))
    case 'layer':
      return fc.nat({ max: model.layers.length - 1 })
    case 'ema':
      return fc.oneof(fc.constant('stored'), fc.double({ min: EMA_RANGE.min, max: EMA_RANGE.max, noNaN: true }))
    default:
      return parameter satisfies never
  }
}

/** Any values of a method's parameters, those that it then borrows included. */
function anyParameters(method: GuidanceMethod): fc.Arbitrary<Record<string, ParameterValue>> {
  const own = fc.record(Object.fromEntries(method.parameters.map((parameter) => [parameter.key, anyValue(parameter)])))
  return own.chain((values) =>
    (method.borrows?.(values) ?? []).reduce<fc.Arbitrary<Record<string, ParameterValue>>>(
      (all, id) =>
        fc.tuple(all, anyParameters(methodById(id)!)).map(([before, borrowed]) => ({ ...borrowed, ...before })),
      fc.constant(values),
    ),
  )
}

function anyTerm(among: readonly GuidanceMethod[]): fc.Arbitrary<Term> {
  return fc.constantFrom(...among).chain((method) =>
    anyParameters(method).chain((parameters) =>
      fc.record({
        method: fc.constant(method.id),
        scale: fc.double({ min: 0, max: TERM.scale.max, noNaN: true }),
        layers: negativeMethodOf({ method: method.id, parameters })?.layers
          ? fc.constantFrom<Term['layers']>('all', [], [0], [1], [0, 2], [1, 2])
          : fc.constant('all' as const),
        window: fc
          .tuple(fc.oneof(fc.constant(0), positive), fc.oneof(fc.constant(Infinity), positive))
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
      return fc.constantFrom(...model.networks.map(({ id }) => id))
    case 'average':
      return fc.oneof(fc.constant(null), fc.double({ min: EMA_RANGE.min, max: EMA_RANGE.max, noNaN: true }))
    case 'class':
      return fc.oneof(fc.constant(null), fc.nat({ max: model.conditioning.classes.length - 1 }))
    default:
      return row satisfies never
  }
}

const anyOwn: fc.Arbitrary<Own> = fc
  .record(Object.fromEntries(OWN_KEYS.map((key) => [key, anyWritten(OWN[key])])))
  .map((said) => ownFrom(<K extends OwnKey>(key: K) => OWN_RULES[key].parse(said[key], model)))

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
      model: model.id,
      ...own,
      ...first,
      solverParameters,
      stack,
    })),
  )
  .filter((settings) => settingsRefusal(settings, model) === null)
