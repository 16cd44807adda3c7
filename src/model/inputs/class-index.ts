/** The class by its index. A network with label dropout has one more, for images of no class. */
import type { Conditioning } from '../description'
import type { InputMeaning } from '../input'

/** The index that stands for no class. */
const nullIndex = (conditioning: Conditioning): number =>
  (conditioning.kind === 'class' ? conditioning.nullIndex : undefined) ?? conditioning.classes.length

export const classIndex: InputMeaning = {
  id: 'class-index',
  name: 'the class, by its index',
  help: 'The index of the class as a whole number; no class is one more than the last, or what nullIndex says.',
  place: 20,
  dtypes: ['int64', 'float32'],
  condition: true,
  required: false,
  fault(_input, each, { conditioning: { kind } }) {
    if (kind !== 'class') return 'meaning: conditioning has no classes to count'
    return each === 1 ? null : 'dims: a row has one class'
  },
  values({ classWeights: weights }, _input, { model: { conditioning } }) {
    const chosen = weights.indexOf(1)
    const others = weights.reduce((count, weight) => count + (weight === 0 ? 0 : 1), 0)
    if (others === 0) return [nullIndex(conditioning)]
    if (chosen < 0 || others > 1)
      throw new RangeError('this network is told a class by its index, so it can’t be asked for a mix of classes')
    return [chosen]
  },
}
