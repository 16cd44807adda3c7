/** ‖Δ‖ / ‖D⁺‖: the difference's length beside the positive's. */
import { norm, subtract } from '../../core/vector'
import type { StepNumber } from '../number'

export const differenceSize: StepNumber = {
  id: 'size',
  name: 'Size of the difference',
  plain: 'difference',
  short: '‖Δ‖ / ‖D⁺‖',
  symbol: String.raw`\lVert\Delta\rVert / \lVert D^{+}\rVert`,
  help: 'How large the difference is beside the image. Guidance adds s times this.',
  place: 0,
  about: 'difference',
  axis: 'line',
  plot: 'size',
  unit: 'share',
  range: [0, Infinity],
  of: ({ sample: { predictionPositive }, term: { predictionNegative } }) =>
    predictionNegative && norm(subtract(predictionPositive, predictionNegative)) / norm(predictionPositive),
}
