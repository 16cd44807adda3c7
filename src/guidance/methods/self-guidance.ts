/**
 * Self-Guidance: the negative is told a higher noise level than there is. Li et al., "Self-guidance: boosting flow and
 * diffusion generation on their own", 2024 (arXiv 2412.05827); in EDM's terms the network is told σ (1 + δ), at most
 * σ_max, and preconditioning keeps σ: D(x; (1 + δ) σ) as a whole would be another thing. "SG-prev" takes the noise that
 * the previous step predicted, below a level only (maple-research-lab/Self-Guidance: t < 500).
 */
import { choiceParameter, numberParameter } from '../parameters'
import type { NegativeMethod } from '../types'

const ORIGINS = ['level', 'previous'] as const

export const selfGuidance: NegativeMethod = {
  kind: 'negative',
  id: 'self-guidance',
  name: 'Self-Guidance',
  title: 'Self-guidance',
  family: 'beyond',
  order: 110,
  brief: 'what it says of more noise',
  sentence:
    'is what the same network says of more noise: told that the image is noisier than it is, so that it trusts less of it, or as it said a step before.',
  formula: ({ from, delta, below }) =>
    from === 'previous'
      ? String.raw`D^{-} = x - \sigma\,\epsilon^{+}_{\mathrm{before}},\quad \epsilon^{+} = \frac{x - D^{+}}{\sigma},\quad \sigma \le ${below === Infinity ? String.raw`\infty` : String(below ?? String.raw`\sigma_0`)}`
      : String.raw`D^{-} = D(x;\sigma\mid\text{told}\ \min(${delta === undefined ? String.raw`(1+\delta)` : Number((1 + Number(delta)).toFixed(4))}\,\sigma,\ \sigma_{\max}))`,
  source: { text: 'Li et al. 2024, arXiv 2412.05827', url: 'https://arxiv.org/abs/2412.05827' },
  needs: 'A network that is told the noise level. No class, no second network.',
  breaks: 'A large shift only changes how much the network smooths, and pushes contrast instead of detail.',
  cost: '+1 (from the step before: +0)',
  scale: { default: 1, max: 6 },
  parameters: [
    {
      kind: 'choice',
      key: 'from',
      label: 'Noisier prediction',
      help: 'Where the prediction for a higher noise level comes from.',
      default: 'level',
      choices: [
        {
          value: 'level',
          label: 'Told a higher level',
          help: 'The network is asked again, and told a higher noise level.',
        },
        {
          value: 'previous',
          label: 'The step before',
          help: 'The noise that the previous step predicted, where there was more of it. Costs nothing.',
        },
      ],
    },
    {
      kind: 'number',
      key: 'delta',
      label: 'Shift δ',
      help: 'The network is told (1 + δ) σ instead of σ, at most σ_max; everything else keeps σ.',
      default: 0.1,
      min: 0,
      max: 1,
      step: 0.01,
      slider: 'linear',
      when: { key: 'from', in: ['level'] },
    },
    {
      kind: 'number',
      key: 'below',
      label: 'Acts below σ',
      help: 'Pushes away from the step before at this noise level and below. The authors start at t = 500 of 1000, which is σ 1.6 in Stable Diffusion; ∞ acts from the second step on.',
      default: 1.6,
      min: 0,
      max: Infinity,
      step: 0.1,
      slider: { kind: 'log2', from: -6, to: 6 },
      when: { key: 'from', in: ['previous'] },
    },
  ],
  pair: {
    dimension: 'time',
    positive: ({ from }) =>
      from === 'previous'
        ? 'The positive can’t be its own previous prediction. Set from to level, or positiveTime to same.'
        : null,
  },
  layers: null,
  unavailable: () => null,
  negative({ settings, positive }) {
    const from = choiceParameter(settings, 'from', ORIGINS)
    switch (from) {
      case 'level': {
        const delta = numberParameter(settings, 'delta')
        return delta === 0 ? null : { ...positive, noiseFactor: positive.noiseFactor * (1 + delta) }
      }
      case 'previous':
        return {
          ...positive,
          input: { kind: 'history', beta: 0, of: 'noise', below: numberParameter(settings, 'below') },
        }
      default:
        return from satisfies never
    }
  },
}
