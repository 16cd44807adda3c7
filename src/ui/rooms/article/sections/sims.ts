/** 8: SIMS and its two rows of plots. */
import { valley } from '../../measured/shapes/valley'
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
      paper:
        'A valley in w for each of three training budgets; the longer the copy was trained, the smaller the best w.',
      why: {
        open: 'The curve falls as in the paper, but its lowest place lies at a larger w. The copy saw only some twenty thousand of its own pictures, so it is still near the original and the difference is small: by the paper’s own trend w must then be large. With one copy measured, that trend is not checked.',
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
      paper:
        'A valley again, at each of three scales: with too little training the copy is no worse than the original, with too much it is bad in other ways.',
    },
  ],
}
