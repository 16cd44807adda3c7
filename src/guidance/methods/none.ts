/** No guidance: the positive prediction alone. */
import type { NoMethod } from '../types'

export const none: NoMethod = {
  kind: 'none',
  id: 'none',
  name: 'None',
  title: 'No guidance',
  family: 'article',
  order: 0,
  brief: 'nothing',
  sentence: 'is not used: the model samples by itself.',
  formula: () => String.raw`D = D^{+}`,
  source: { text: 'Karras et al. 2022, arXiv 2206.00364', url: 'https://arxiv.org/abs/2206.00364' },
  needs: 'Nothing.',
  breaks: 'It shows every mistake of the network.',
  cost: '+0',
  scale: { default: 0, max: 0 },
  parameters: [],
  unavailable: () => null,
}
