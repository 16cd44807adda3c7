/** Settings of one method drawn at random, for properties: everything that its metadata allows, the edges more often. */
import fc from 'fast-check'
import { methodById, negativeMethodOf } from '../../src/guidance'
import type { GuidanceMethod, Parameter } from '../../src/guidance/types'
import type { ModelInfo } from '../../src/model/types'
import { defaultSettings } from '../../src/settings'
import type { ParameterValue, Settings, Term } from '../../src/settings/types'

function anyValue(parameter: Parameter, model: ModelInfo): fc.Arbitrary<ParameterValue> {
  switch (parameter.kind) {
    case 'number': {
      const { min, max, default: standard, whole } = parameter
      const edges = [min, max, standard, 0, 1].filter((value) => value >= min && value <= max)
      const within = whole
        ? fc.integer({ min, max })
        : // So small that float32 knows no difference, a value is neutral in fact and not by intention.
          fc.double({ min, max: Math.min(max, 1e6), noNaN: true }).filter((value) => Math.abs(value) > 1e-5)
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
      return fc.constantFrom('stored', 0.05, 0.1)
    default:
      return parameter satisfies never
  }
}

/** Any values of a method's parameters beside those that are given, with those that it then borrows. */
function anyParameters(
  method: GuidanceMethod,
  model: ModelInfo,
  given: Record<string, ParameterValue> = {},
): fc.Arbitrary<Record<string, ParameterValue>> {
  const free = method.parameters.filter(({ key }) => !(key in given))
  const own = fc.record(Object.fromEntries(free.map((parameter) => [parameter.key, anyValue(parameter, model)])))
  return own.chain((drawn) => {
    const values = { ...given, ...drawn }
    return (method.borrows?.(values) ?? []).reduce<fc.Arbitrary<Record<string, ParameterValue>>>(
      (all, id) => all.chain((before) => anyParameters(methodById(id)!, model, before)),
      fc.constant(values),
    )
  })
}

/** Settings of a method, which may be refused. */
export function anySettingsOf(method: GuidanceMethod, model: ModelInfo): fc.Arbitrary<Settings> {
  return anyParameters(method, model).chain((parameters) =>
    fc
      .record({
        layers: negativeMethodOf({ method: method.id, parameters })?.layers
          ? fc.constantFrom<Term['layers']>('all', [], [0], [1, 2])
          : fc.constant<Term['layers']>('all'),
        network: fc.constantFrom(...model.networks.map(({ id }) => id)),
        ema: fc.constantFrom(null, 0.1),
        class: fc.option(fc.nat({ max: model.conditioning.classes.length - 1 }), { freq: 4 }),
        seed: fc.nat(),
      })
      .map((drawn) => ({ ...defaultSettings(model, method.id), ...drawn, parameters })),
  )
}
