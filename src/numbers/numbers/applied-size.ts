/** ‖D − D⁺‖ / ‖D⁺‖: what guidance changed, after scale, rule, rescale and stack. */
import { norm, subtract } from '../../core/vector'
import type { StepNumber } from '../number'

export const appliedSize: StepNumber = {
  id: 'applied',
  name: 'Size of what was applied',
  plain: 'change applied',
  short: '‖D − D⁺‖ / ‖D⁺‖',
  symbol: String.raw`\lVert D - D^{+}\rVert / \lVert D^{+}\rVert`,
  help: 'How far the guided image lies from the positive, with the scale and whatever the rule makes of the differences.',
  place: 5,
  about: 'guided',
  axis: null,
  beside: 'size',
  plot: 'size',
  unit: 'share',
  range: [0, Infinity],
  of: ({ sample: { predictionPositive, guided } }) =>
    norm(subtract(guided.denoised, predictionPositive)) / norm(predictionPositive),
}
