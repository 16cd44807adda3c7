/** No guidance: the positive prediction alone. */
import type { GuidanceMethod } from './types'

export const none: GuidanceMethod = {
  id: 'none',
  name: 'None',
  title: 'No guidance',
  sentence: 'is not used: the model samples by itself.',
  formula: () => String.raw`D = D^{+}`,
  source: { text: 'Karras et al. 2022, arXiv 2206.00364', url: 'https://arxiv.org/abs/2206.00364' },
  layers: null,
  scale: { default: 0, max: 0 },
  parameters: [],
  unavailable: () => null,
  negative: () => null,
}
