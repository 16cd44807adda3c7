/** What all combiners share: their negative is another method's, with its parameters and layers. */
import type { NegativeMethod, Parameter, CombinerMethod } from './types'
import { negatives } from './negatives'

type Shared = Pick<CombinerMethod, 'negative' | 'borrows' | 'unavailable' | 'refuses'> & { readonly choice: Parameter }

/** The shared part of a combiner whose negative is `standard` unless the person chooses another; `choice` is the parameter for that. */
export function combinerOver(standard: NegativeMethod): Shared {
  const chosen = (id: unknown) => negatives.find((method) => method.id === id) ?? standard
  return {
    negative: standard.id,
    choice: {
      kind: 'choice',
      key: 'negative',
      label: 'Negative',
      help: 'The method that makes the negative; the combiner only combines.',
      default: standard.id,
      choices: negatives.map(({ id, name, title }) => ({ value: id, label: name, help: title })),
    },
    borrows: ({ negative }) => [chosen(negative).id],
    unavailable: (model) =>
      negatives.some((method) => method.unavailable(model) === null)
        ? null
        : 'No method can make a negative on this model, so there is nothing to combine.',
    refuses(settings, model) {
      const method = chosen(settings.parameters.negative)
      if (method.id === 'sims' && settings.parameters.form === 'neon') {
        return 'Neon pushes weights, so there are no two predictions to combine. Set form to sims.'
      }
      return method.unavailable(model) ?? method.refuses?.(settings, model) ?? null
    },
  }
}
