/** What all combiners share: their negative is another method's, with its parameters and layers. */
import type { ModelInfo } from '../model/types'
import type { CombinerDefinition, CombinerMethod, NegativeMethod } from './types'

/** A combiner with the parameter `negative`, which chooses among the methods that make one. */
export function completeCombiner(definition: CombinerDefinition, negatives: readonly NegativeMethod[]): CombinerMethod {
  const byId = (id: unknown) => negatives.find((method) => method.id === id)
  const standard = byId(definition.negative)
  if (!standard)
    throw new RangeError(`${definition.name} combines with ${definition.negative}, which makes no negative`)
  // Of a model that can't make it, such as one without attention, the first that it can.
  const standardOf = (model: ModelInfo) =>
    [standard, ...negatives].find((method) => method.unavailable(model) === null) ?? standard
  return {
    ...definition,
    oneWay: 'combines two predictions in a way of its own, of which a scale below 0 does not lead to the negative',
    parameters: [
      {
        kind: 'choice',
        key: 'negative',
        label: 'Negative',
        help: 'The method that makes the negative; the combiner only combines.',
        default: (model) => standardOf(model).id,
        choices: negatives.map(({ id, name, title }) => ({ value: id, label: name, help: title })),
      },
      ...definition.parameters,
    ],
    borrows: (values) => [...(definition.borrows?.(values) ?? []), (byId(values.negative) ?? standard).id],
    unavailable: (model) =>
      negatives.some((method) => method.unavailable(model) === null)
        ? null
        : 'No method can make a negative on this model, so there is nothing to combine. Choose no guidance.',
    refuses(settings, model) {
      const method = byId(settings.parameters.negative) ?? standard
      return (
        definition.refuses?.(settings, model) ??
        method.folds?.(settings.parameters) ??
        method.unavailable(model) ??
        method.refuses?.(settings, model) ??
        null
      )
    },
  }
}
