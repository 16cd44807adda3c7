/** 3: SAG and its masks. */
import { sagSmallGain } from '../../measured/claims/sag-small-gain'
import { valley } from '../../measured/shapes/valley'
import { onDropout } from '../networks'
import type { Section } from '../section'

const MASKS = [
  ['attention', 'Where attention looks most'],
  ['global', 'Everywhere'],
  ['high-frequency', 'Where details are'],
  ['random', 'Anywhere, by chance'],
  ['square', 'A square'],
  ['dino', 'Where another network looks (DINO)'],
] as const

export const sag: Section = {
  id: 'sag',
  order: 3,
  title: 'SAG and its masks',
  says: [
    'Self-attention guidance (SAG) makes the input worse, not the network. From the denoised picture it blurs the patches that attention looks at most, adds the noise back, and asks the same network again. What that answer lacks is what the blur took away.',
    'Its authors tried other places to blur: everywhere, only fine detail, random patches, a square, and the places that a second network points to. They settled on where attention is high. The article notes a gain of less than a tenth, and that later work found strange pictures and a scale that is hard to choose.',
  ],
  methods: ['sag'],
  claims: [sagSmallGain],
  figures: [
    {
      kind: 'lines',
      id: 'sag-scale',
      title: 'SAG by the strength of the push',
      shape: valley,
      along: 'scale',
      lines: [
        { label: 'with a class', asked: () => ({ method: 'sag' }) },
        onDropout('without a class', () => ({ method: 'sag', class: 'none' })),
      ],
      paper:
        'The authors report FID 5.91 falling to 5.11 at w = 1.1 with classes (ImageNet, 128 pixels), and 26.21 to 20.08 at w = 1.8 without (256 pixels).',
      why: {
        missed:
          'Two things differ. The authors begin to blur late, at a noise level of about 0.95, and here it begins at 8; and with classes they push by 0.1, less than the least that was tried here. Neither was measured apart, so which of them it is remains open.',
      },
    },
    {
      kind: 'table',
      id: 'sag-masks',
      title: 'Where to blur',
      of: 'Blurred, at s = 0.25',
      paper:
        'The authors compare these places by FID and settle on attention. As the article reads their table, taking away fine detail does better than emptying random patches or a square. The numbers are only in a picture there, so none is repeated here.',
      rows: () => MASKS.map(([mask, label]) => ({ label, asked: () => ({ method: 'sag', mask, scale: 0.25 }) })),
    },
  ],
}
