/** The same numbers for every row: time ids, a guidance scale, a mask of tokens. */
import { type InputMeaning, valuesEach } from '../input'

export const constant: InputMeaning = {
  id: 'constant',
  name: 'fixed numbers',
  help: 'What the network was always given, such as sizes (time_ids), a distilled guidance scale, or a mask of ones.',
  place: 50,
  dtypes: ['float32', 'float16', 'int64'],
  condition: false,
  required: false,
  fault({ values, dtype }, each) {
    if (values === undefined) return 'values: must be given for a constant'
    if (values.length !== each && values.length !== 1)
      return `values: must be ${each} numbers, or one for all, not ${values.length}`
    const odd = dtype === 'int64' && values.find((value) => !Number.isSafeInteger(value))
    return odd === undefined || odd === false ? null : `values: must be whole numbers in an int64 input, not ${odd}`
  },
  values(_row, { values = [], dims }) {
    const each = valuesEach({ dims })
    return values.length === each ? values : Array<number>(each).fill(values[0] ?? 0)
  },
}
