/** 2: what CFG needs, and who cannot have it. */
import { valley } from '../../measured/shapes/valley'
import { ofRole, onDropout } from '../networks'
import type { Section } from '../section'

const scales = { sag: 0.25, pag: 0.25, seg: 1, tsg: 1 }
const NAMES = { sag: 'SAG', pag: 'PAG', seg: 'SEG, σ = 1', tsg: 'TSG' }

export const noCfg: Section = {
  id: 'no-cfg',
  order: 2,
  title: 'Why there is no CFG here',
  says: [
    'CFG wants a network that can also be asked without a class. It learns that only if the class is left out of one training picture in five to ten. A network that was trained without this has no such answer, and a model that never knew classes has nothing to leave out.',
    'Our main network is of the first kind. A second one was trained with classes left out, so that CFG can be seen beside what stands in for it, and so that the other methods can be tried where no class is asked for at all.',
  ],
  methods: ['cfg'],
  claims: [],
  figures: [
    {
      kind: 'lines',
      id: 'cfg',
      title: 'CFG, on the network that was trained for it',
      shape: valley,
      along: 'scale',
      lines: [onDropout('CFG', () => ({ method: 'cfg' }))],
      paper:
        'A stronger push first improves pictures, then overshoots: the price of one number for both quality and class.',
    },
    {
      kind: 'table',
      id: 'no-class',
      title: 'Without any class',
      of: 'Method, no class asked for',
      paper:
        'Methods that make the negative from the model itself need no class. The article counts this as their main merit.',
      rows: () => [
        onDropout('No guidance', () => ({ method: 'none', class: 'none' })),
        ...(['sag', 'pag', 'seg', 'tsg'] as const).map((method) =>
          onDropout(`${NAMES[method]}, s = ${scales[method]}`, () => ({
            method,
            class: 'none',
            scale: scales[method],
          })),
        ),
        onDropout('Autoguidance by its early version, s = 0.5', (model) => {
          const [weak] = ofRole(model, 'dropout')
          return weak ? { method: 'autoguidance', class: 'none', scale: 0.5, weak: weak.id } : null
        }),
      ],
    },
  ],
}
