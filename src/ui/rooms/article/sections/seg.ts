/** 9: SEG by how much is blurred. */
import { moreBlur } from '../../measured/shapes/more-blur'
import { valley } from '../../measured/shapes/valley'
import type { Section } from '../section'

const strength = (sigma: number | 'inf') => ({
  label: `σ = ${sigma === 'inf' ? '∞' : sigma}`,
  asked: () => ({ method: 'seg', layers: [5, 6], sigma }),
})

export const seg: Section = {
  id: 'seg',
  order: 9,
  title: 'SEG and energy',
  says: [
    'Smoothed energy guidance (SEG) blurs what attention asks for: the queries of some layers are smoothed over the picture, so that neighbours ask for the same things. Attention can be read as a step downhill on an energy, as in a Hopfield network, and the blur smooths that landscape, so that the negative settles less sharply.',
    'One number remains, the width σ of the blur, from 0 (no change) to ∞ (every patch asks the same). The author holds the scale and turns only σ. The article adds that the layers still have to be chosen.',
  ],
  methods: ['seg'],
  claims: [],
  figures: [
    {
      kind: 'lines',
      id: 'seg-sigma',
      sweeps: ['seg-sigma'],
      title: 'By the width of the blur, at one scale',
      shape: moreBlur,
      along: 'sigma',
      lines: [
        { label: 'first layer, s = 0.5', asked: () => ({ method: 'seg', layers: [0], scale: 0.5 }) },
        { label: 'three 8×8 layers, s = 1', asked: () => ({ method: 'seg', layers: [2, 3, 4], scale: 1 }) },
        { label: 'last two layers, s = 0.5', asked: () => ({ method: 'seg', layers: [5, 6], scale: 0.5 }) },
      ],
      paper:
        'The wider, the better: SDXL from text, no CFG, FID 53.4 without, 48.3 at σ = 1, 41.8 at 2, 33.8 at 5, 29.3 at 10 and 26.2 at ∞, all at one scale.',
      why: {
        missed:
          'In a network with seven attention layers a blurred one is a large share of all, so wide blurs push too hard at a fixed scale. The next figure gives each width its own scale: then wide blurs of the last two layers gain as well, with a push a fifth as strong. Of the first layer alone the widest gains at none of three strengths that were tried, so its own strength is not all that it wants.',
      },
    },
    {
      kind: 'lines',
      id: 'seg-strength',
      sweeps: ['seg-strength'],
      own: true,
      title: 'By the strength of the push, for three widths',
      shape: valley,
      along: 'scale',
      lines: [strength(1), strength(2), strength('inf')],
      paper: 'Not in the paper, which keeps the scale: there a larger scale did not help, and a larger σ did.',
    },
  ],
}
