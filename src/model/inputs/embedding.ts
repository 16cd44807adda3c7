/** The embedding of a text, from the tensor of the embeddings file that has the input's name: of its tokens, or one for all of it. */
import type { InputMeaning } from '../input'

export const embedding: InputMeaning = {
  id: 'embedding',
  name: 'the text, embedded',
  help: 'The text’s embedding: [rows, tokens, width] of its tokens, or [rows, width] of all of it (pooled).',
  place: 40,
  dtypes: ['float32', 'float16'],
  condition: true,
  required: false,
  fault: (_input, _each, { conditioning: { kind } }) =>
    kind === 'text' ? null : 'meaning: conditioning has no texts to embed',
  values({ classWeights }, { name }, { model: { conditioning }, embeddings }) {
    if (conditioning.kind !== 'text' || !embeddings)
      throw new RangeError(`there are no embeddings for the input ${name}`)
    const total = classWeights.reduce((sum, weight) => sum + weight, 0)
    const weights = classWeights.some((weight) => weight !== 0)
      ? conditioning.classes.map(({ name: text }, i) => [text, classWeights[i]! / total] as const)
      : [['', 1] as const]
    const asked = weights.filter(([, weight]) => weight !== 0)
    const [first] = asked
    if (asked.length === 1 && first) return embeddings.of(name, first[0])
    const parts = asked.map(([text, weight]) => embeddings.of(name, text).map((value) => value * weight))
    return parts.reduce((sum, part) => sum.map((value, i) => value + part[i]!))
  },
}
