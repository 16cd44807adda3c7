/** ‖Δ‖ of Δ = D⁺ − D⁻, over all values of the tensor. */
import { norm, subtract } from '../../core/vector'
import type { StepNumber } from '../number'

export const differenceLength: StepNumber = {
  id: 'length',
  name: 'Length of the difference',
  plain: 'length of the difference',
  short: '‖Δ‖',
  symbol: String.raw`\lVert\Delta\rVert`,
  help: 'How far the negative lies from the positive, summed over all pixels.',
  place: 1,
  about: 'difference',
  axis: null,
  plot: 'size',
  unit: 'length',
  range: [0, Infinity],
  of: ({ sample: { predictionPositive }, term: { predictionNegative } }) =>
    predictionNegative && norm(subtract(predictionPositive, predictionNegative)),
}
