/** x, scaled as the network knows it. */
import type { InputMeaning } from '../input'

export const sample: InputMeaning = {
  id: 'sample',
  name: 'the noisy image',
  help: 'x, scaled as the schedule says: [rows, channels, height, width].',
  place: 0,
  dtypes: ['float32', 'float16'],
  condition: false,
  required: true,
  fault({ dims }, _each, { image: { channels, height, width } }) {
    const wanted = ['rows', channels, height, width]
    return dims.length === wanted.length && dims.every((dim, i) => dim === wanted[i])
      ? null
      : `dims: must be ${wanted.join(', ')}, as image says`
  },
  values: ({ x }, _input, { level }) => x.map((value) => value * level.in + level.inOffset),
}
