/** ‖D − D⁺‖, over all values of the tensor. */
import { norm, subtract } from '../../core/vector'
import type { StepNumber } from '../number'

export const appliedLength: StepNumber = {
  id: 'applied-length',
  name: 'Length of what was applied',
  plain: 'length applied',
  short: '‖D − D⁺‖',
  symbol: String.raw`\lVert D - D^{+}\rVert`,
  help: 'How far the guided image lies from the positive, summed over all pixels.',
  place: 6,
  about: 'guided',
  axis: null,
  beside: 'length',
  plot: 'size',
  unit: 'length',
  range: [0, Infinity],
  of: ({ sample: { predictionPositive, guided } }) => norm(subtract(guided.denoised, predictionPositive)),
}
