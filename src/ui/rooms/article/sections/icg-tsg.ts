/** 7: ICG and TSG. */
import { icgNearCfg } from '../../measured/claims/icg-near-cfg'
import { valley } from '../../measured/shapes/valley'
import { onDropout } from '../networks'
import type { Section } from '../section'

export const icgTsg: Section = {
  id: 'icg-tsg',
  order: 7,
  title: 'ICG and TSG',
  says: [
    'Independent condition guidance (ICG) needs no new training: the negative is the same network asked for a class that was drawn by chance. As that class has nothing to do with the picture, its answer stands, on average over steps, for no class at all.',
    'It needs classes, though. For models without any, the same authors offer time-step guidance (TSG): the network is told a disturbed noise level. The article calls that a hack; it works where there is nothing else to change.',
  ],
  methods: ['icg', 'tsg'],
  claims: [icgNearCfg],
  figures: [
    {
      kind: 'lines',
      id: 'icg-cfg',
      title: 'ICG beside CFG',
      shape: valley,
      along: 'scale',
      lines: [
        { label: 'ICG, main network', asked: () => ({ method: 'icg' }) },
        onDropout('CFG, network trained for it', () => ({ method: 'cfg' })),
      ],
      paper: 'In the authors’ tables ICG reaches about the numbers of CFG.',
    },
    {
      kind: 'lines',
      id: 'tsg',
      title: 'TSG with and without a class',
      shape: valley,
      along: 'scale',
      lines: [
        { label: 'with a class', asked: () => ({ method: 'tsg' }) },
        onDropout('without a class', () => ({ method: 'tsg', class: 'none' })),
      ],
      paper: 'The authors report gains with and without a class.',
      why: {
        missed:
          'With a class nothing is gained at the scales that were tried. The lowest of them may already be too strong: it was the best of its row. Without a class there is more to mend, and more is gained.',
      },
    },
  ],
}
