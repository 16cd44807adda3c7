/** 3: SAG and its masks. */
import { sagSmallGain } from '../../measured/claims/sag-small-gain'
import { sagMap } from '../../measured/shapes/sag-map'
import { sagThreshold } from '../../measured/shapes/sag-threshold'
import { valley } from '../../measured/shapes/valley'
import { settledOn } from '../judge'
import { onDropout } from '../networks'
import type { Named, Section } from '../section'

/** Where the authors begin: t = 250 of 1000. */
const LATE = 0.95

const STARTS: readonly Named[] = [
  { label: 'from σ 8, s = 0.75', asked: () => ({ method: 'sag', scale: 0.75 }) },
  { label: 'from σ 0.95, s = 0.75', asked: () => ({ method: 'sag', scale: 0.75, startSigma: LATE }) },
]

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
      sweeps: ['sag-scale'],
      title: 'SAG by the strength of the push',
      shape: valley,
      along: 'scale',
      lines: [
        { label: 'with a class', asked: () => ({ method: 'sag' }) },
        { label: 'with a class, from σ 0.95', asked: () => ({ method: 'sag', startSigma: LATE }) },
        onDropout('without a class', () => ({ method: 'sag', class: 'none' })),
      ],
      paper:
        'The authors report FID 5.91 falling to 5.11 at w = 1.1 with classes (ImageNet, 128 pixels), and 26.21 to 20.08 at w = 1.8 without (256 pixels).',
      why: {
        missed:
          'The authors begin to blur late, at a noise level of about 0.95, and here it begins at 8. With classes they push by 0.1. From 0.95 and at 0.1 it harms less, and still harms. It is the direction that is wrong here: what this network makes of the blurred picture has harder lines than the positive, so that pushing away from it washes lines out, and pushing towards it, at s below 0, gains.',
      },
    },
    {
      kind: 'lines',
      id: 'sag-thresholds',
      sweeps: ['sag-thresholds'],
      title: 'How much is blurred',
      shape: sagThreshold,
      along: 'threshold',
      lines: STARTS,
      paper: 'The authors blur what receives more attention than the average, which is the threshold 1.',
      why: {
        missed:
          'A higher threshold blurs less of the picture, and so harms less. That is all that it was found to do; nothing above 1.3 was tried.',
      },
    },
    {
      kind: 'lines',
      id: 'sag-maps',
      sweeps: ['sag-maps'],
      title: 'Whose attention is read',
      shape: sagMap,
      along: 'mapLayer',
      lines: STARTS,
      paper: 'The authors read the map in the middle of the network.',
    },
    {
      kind: 'table',
      id: 'sag-masks',
      sweeps: ['sag-masks'],
      title: 'Where to blur',
      of: 'Blurred, at s = 0.25',
      paper:
        'The authors compare these places by FID and settle on attention. As the article reads their table, taking away fine detail does better than emptying random patches or a square. The numbers are only in a picture there, so none is repeated here.',
      why: {
        met: 'All of them harm here, so the best is what harms least. All but the first two blur as much of the picture as attention has chosen, so it is the place that tells. Fine detail, which the article’s table favours over random patches, is the worst of these places: here that is where the lines are.',
      },
      judge: settledOn(0),
      rows: () => MASKS.map(([mask, label]) => ({ label, asked: () => ({ method: 'sag', mask, scale: 0.25 }) })),
    },
  ],
}
