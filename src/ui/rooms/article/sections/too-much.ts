/** 10: overshoot, and what holds it back. */
import { valley } from '../../measured/shapes/valley'
import { settledOn } from '../judge'
import type { Section } from '../section'

const WINDOWS = [
  ['Always', [0, 'inf']],
  ['At high noise only, σ above 5', [5, 'inf']],
  ['In the middle, σ 0.3 to 5', [0.3, 5]],
  ['At low noise only, σ below 0.3', [0, 0.3]],
] as const

export const tooMuch: Section = {
  id: 'too-much',
  order: 10,
  title: 'Too much of it',
  says: [
    'Most curves of this page turn upwards somewhere: past its best scale a push no longer mends, it adds. Strong contrast, hard edges and less variety are the signs. The article ends on this: no method of the list replaces CFG without a search.',
    'Remedies change the push rather than the negative. It may act within a window of noise levels only; the guided picture may be scaled back to the contrast of the positive; or the difference may be trimmed, as in APG, which takes out the part that only adds contrast.',
  ],
  methods: ['apg'],
  claims: [],
  figures: [
    {
      kind: 'lines',
      id: 'trimmed',
      title: 'The same negative, its difference added in three ways',
      shape: valley,
      along: 'scale',
      lines: [
        { label: 'plainly (PAG)', asked: () => ({ method: 'pag' }) },
        { label: 'trimmed (APG)', asked: () => ({ method: 'apg' }) },
        { label: 'detail more than shape (FDG)', asked: () => ({ method: 'fdg' }) },
      ],
      paper:
        'APG’s authors promise that a larger scale can be used before pictures become too hard; FDG’s, that detail bears a stronger push than shape.',
      why: {
        open: 'At s = 0.5 the plain push tends upwards where the trimmed ones stay near no guidance, but with 500 images their intervals overlap. Larger scales were not tried for the trimmed ones, so the promise is not checked.',
      },
    },
    {
      kind: 'table',
      id: 'windows',
      title: 'Only at some noise levels',
      of: 'PAG, all layers, s = 1, acting',
      paper:
        'Acting only in the middle brought CFG’s FID from 2.23 to 1.68 on ImageNet at 512 pixels. On top of autoguidance its authors found that it hurts.',
      why: {
        missed:
          'The paper’s push is CFG’s, and here it is PAG’s, at four times the scale that suits it. So each window is better than the whole way, since it leaves out part of a push that is too strong. At low noise the shapes are settled, and the push changes only detail: that part of it gains, and the others harm.',
      },
      judge: settledOn(2),
      rows: () =>
        WINDOWS.map(([label, window]) => ({ label, asked: () => ({ method: 'pag', scale: 1, window: [...window] }) })),
    },
    {
      kind: 'table',
      id: 'rescale',
      title: 'Scaled back to the positive’s contrast',
      of: 'PAG, all layers, s = 1',
      paper: 'Rescaling was proposed for CFG, whose large scales bleach or burn pictures.',
      why: {
        missed:
          'Rescaling gives the guided picture the spread of the positive’s values and changes nothing else. What is too much here is not contrast alone: lines harden and grain appears, which stays. Why it harms more was not looked into.',
      },
      // Its authors take 0.7, of which 0.5 is the nearest that was measured.
      judge: settledOn(1),
      rows: () =>
        [0, 0.5, 1].map((rescale) => ({
          label: rescale === 0 ? 'Not rescaled' : `Rescaled by ${rescale}`,
          asked: () => ({ method: 'pag', scale: 1, rescale }),
        })),
    },
    {
      kind: 'table',
      id: 'longer',
      own: true,
      title: 'Or no guidance, and more steps',
      of: 'No guidance',
      paper:
        'Not in the article: at 16 Euler steps part of what guidance mends is the solver’s own error. The same network with as many predictions spent on more or better steps:',
      rows: () => [
        { label: '16 Euler steps', asked: () => ({ method: 'none' }) },
        { label: '32 Euler steps', asked: () => ({ method: 'none', steps: 32 }) },
        { label: '16 Heun steps', asked: () => ({ method: 'none', solver: 'heun' }) },
      ],
    },
  ],
}
