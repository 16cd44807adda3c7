/** 4: PAG and its perturbations. */
import { valley } from '../../measured/shapes/valley'
import { settledOn } from '../judge'
import type { Section } from '../section'

const MAPS = [
  ['Itself only: the identity', { perturbation: 'identity' }],
  ['Random links cut, itself kept', { perturbation: 'mask', keepDiagonal: true }],
  ['Random links cut', { perturbation: 'mask', keepDiagonal: false }],
  ['Random links lost, nothing in their place', { perturbation: 'drop' }],
  ['Noise added', { perturbation: 'noise' }],
  ['Blurred', { perturbation: 'gaussian' }],
  ['Averaged over neighbours', { perturbation: 'average' }],
  ['All alike', { perturbation: 'uniform' }],
] as const

export const pag: Section = {
  id: 'pag',
  order: 4,
  title: 'PAG and its perturbations',
  says: [
    'Perturbed-attention guidance (PAG) leaves the input alone and breaks attention instead. In a few layers each patch may see only itself: the map becomes the identity. The parts of the picture are still there, but nothing tells them how they belong together. Pushing away from that repairs the structure.',
    'The authors tried other ways to break the map: cutting random links, noise, blur, averages. They settled on the identity. The article’s complaint is the same as for SAG: somebody has to choose the layers.',
  ],
  methods: ['pag'],
  claims: [],
  figures: [
    {
      kind: 'lines',
      id: 'pag-scale',
      sweeps: ['pag-scale'],
      title: 'PAG by the strength of the push, on more layers and fewer',
      shape: valley,
      along: 'scale',
      lines: [
        { label: 'all layers', asked: () => ({ method: 'pag' }) },
        { label: 'the three 8×8 layers', asked: () => ({ method: 'pag', layers: [2, 3, 4] }) },
        { label: 'the middle layer', asked: () => ({ method: 'pag', layers: [3] }) },
      ],
      paper:
        'The authors push by s = 3 (w = 4), in a few layers of a network of about a hundred times the size. In another paper’s comparison PAG brings the FID of SDXL without a prompt from 129.5 to 105.3.',
      why: {
        met: 'The valley is there, at a far smaller w. Of seven attention layers each is a large part of all, so a broken one is a strong push by itself; the fewer are broken, the larger the w that still helps.',
      },
    },
    {
      kind: 'table',
      id: 'pag-maps',
      sweeps: ['pag-maps', 'pag-mask'],
      title: 'What stands in for the map',
      of: 'Map in all layers, at s = 0.25',
      paper:
        'The authors compare such changes at one scale and settle on the identity. The numbers are only in a picture, so none is repeated here.',
      judge: settledOn(0),
      why: {
        open: 'Compared on the same 500 seeds only the two that harm are told apart from the identity. In the lesson’s picture these also push farthest at one s (by 17 and 19 %, the others by 4 to 12 %), so a smaller s may suit them: that was not measured.',
      },
      rows: () => MAPS.map(([label, more]) => ({ label, asked: () => ({ method: 'pag', scale: 0.25, ...more }) })),
    },
  ],
}
