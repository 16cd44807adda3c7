/** 8: SIMS and its two rows of plots. */
import { valley } from '../../measured/shapes/valley'
import { bestMovesDown, everyRowValley } from '../judge'
import { images, ofRole } from '../networks'
import type { Section } from '../section'

/** The copy that saw fewest of its own pictures first. */
const tuned = (index: number, label: string) => ({
  label,
  asked: (model: Parameters<typeof ofRole>[0]) => {
    const network = ofRole(model, 'sims')[index]
    return network ? { method: 'sims', budget: network.id, form: 'sims' } : null
  },
})

export const sims: Section = {
  id: 'sims',
  order: 8,
  title: 'SIMS: trained on its own pictures',
  says: [
    'A model that learns from its own pictures gets worse: its faults grow. Self-improvement with synthetic data (SIMS) makes that useful. A copy of the network is trained on pictures that the network drew, and becomes the negative, so that each step is pushed away from those grown faults.',
    'Two choices remain, and the article names both: how many pictures to draw, and how long to train the copy. The authors draw about as many as there were real ones.',
  ],
  methods: ['sims'],
  claims: [],
  figures: [
    {
      kind: 'lines',
      id: 'sims-scale',
      sweeps: ['sims-scale'],
      title: 'Top row: by the strength of the push',
      shape: valley,
      along: 'scale',
      lines: [tuned(0, 'copy tuned least'), tuned(1, 'copy tuned in between'), tuned(2, 'copy tuned most')],
      judge: bestMovesDown,
      paper:
        'A valley in w for each of three training budgets; the longer the copy was trained, the smaller the best w.',
      why: {
        open: 'The valleys lie at a larger w than the paper’s. A copy that saw only thousands of its own pictures is still near the original, so the difference is small, and by the paper’s own trend w must then be large. With 500 pictures a point it is not told apart where a flat curve begins to rise.',
      },
    },
    {
      kind: 'lines',
      id: 'neon',
      sweeps: ['neon'],
      own: true,
      title: 'Pushed in the weights instead',
      shape: valley,
      along: 'scale',
      lines: [
        tuned(1, 'SIMS'),
        {
          label: 'Neon, in the weights',
          asked: (model) => {
            const network = ofRole(model, 'sims')[1]
            return network ? { method: 'sims', budget: network.id, form: 'neon' } : null
          },
        },
      ],
      paper:
        'Not in the article: the same authors later pushed the weights instead of the pictures, which costs no second prediction.',
    },
    {
      kind: 'plane',
      id: 'sims-budget',
      sweeps: ['sims-budget'],
      title: 'Bottom row: by how long the copy was trained',
      across: 'Own pictures that the copy saw',
      down: 'Scale',
      columns: (model) =>
        ofRole(model, 'sims').map(({ id, samples }) => ({ label: images(samples), asks: { budget: id } })),
      rows: () => [2, 4, 6].map((scale) => ({ label: `s = ${scale}`, asks: { scale } })),
      asked: (model) => (ofRole(model, 'sims').length > 0 ? { method: 'sims', form: 'sims' } : null),
      judge: everyRowValley,
      why: {
        open: 'The larger the scale, the shorter the training that suits it. At s = 2 the copy trained longest is the best that was tried, and a longer training may be better still; at s = 6 the same copy harms.',
      },
      paper:
        'A valley again, at each of three scales: with too little training the copy is no worse than the original, with too much it is bad in other ways.',
    },
  ],
}
