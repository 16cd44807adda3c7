/** A weight for each class: one-hot for a class, zeros for none. */
import type { InputMeaning } from '../input'

export const classWeights: InputMeaning = {
  id: 'class-weights',
  name: 'the class, one-hot',
  help: 'A weight for each class, [rows, classes]; zeros for no class.',
  place: 30,
  dtypes: ['float32', 'float16'],
  condition: true,
  required: false,
  fault(_input, each, { conditioning: { kind, classes } }) {
    if (kind !== 'class') return 'meaning: conditioning has no classes to weigh'
    return each === classes.length ? null : `dims: a row has ${each} weights for ${classes.length} classes`
  },
  values: ({ classWeights: weights }) => weights,
}
