/** 1: the two predictions, and what may be the worse one. */
import type { Section } from '../section'

export const positiveNegative: Section = {
  id: 'positive-negative',
  order: 1,
  title: 'Positive and negative',
  says: [
    'Guidance asks for two predictions of the same noisy picture, and steps from the worse one past the better one. In classifier-free guidance (CFG) the better one knows the class and the worse one does not. Nothing in the equation needs that.',
    'So the article speaks of a positive and a negative. The positive is the model as it is. The negative may be any version of it that makes the same mistakes, only more of them. Every section below names another way to get one.',
  ],
  methods: [],
  claims: [],
  figures: [
    {
      kind: 'table',
      id: 'networks',
      title: 'Worse by itself: the networks that can be a negative',
      of: 'Network, no guidance',
      paper:
        'The article asks only that the negative be an inferior version of the positive. These are the versions that were trained here, each sampled alone.',
      rows: ({ networks }) =>
        networks.map(({ id, name }) => ({ label: name, asked: () => ({ method: 'none', network: id }) })),
    },
  ],
}
