/**
 * Momentum guidance: the negative is an average of the positive's own earlier predictions along the guided trajectory,
 * before guidance. Arxiv 2602.20360 averages velocities, which along σ are the noise; pamparamm/sd-perturbed-attention
 * `mg_nodes.py` averages images.
 */
import { choiceParameter, numberParameter } from '../parameters'
import type { NegativeMethod } from '../types'

const AVERAGES = ['image', 'noise'] as const

export const momentum: NegativeMethod = {
  kind: 'negative',
  id: 'momentum',
  name: 'Momentum',
  title: 'Momentum guidance',
  family: 'beyond',
  order: 160,
  brief: 'its own earlier predictions',
  sentence: 'is an average of the positive’s own earlier predictions, which were blurrier.',
  formula: ({ beta, average }) => {
    const text = beta === undefined ? String.raw`\beta` : String(beta)
    return average === 'noise'
      ? String.raw`D^{-} = x - \sigma m,\quad m \leftarrow (1-${text})\,\tfrac{x - D^{+}}{\sigma} + ${text}\,m`
      : String.raw`D^{-} = m,\quad m \leftarrow (1-${text})\,D^{+} + ${text}\,m`
  },
  source: { text: 'arXiv 2602.20360', url: 'https://arxiv.org/abs/2602.20360' },
  needs: 'Nothing: no further evaluation at all.',
  breaks:
    'It pushes on along the way already taken, mistakes included; with few steps its average is far behind. It mends what few Euler steps miss: with Heun’s solver it overshoots.',
  cost: '+0',
  scale: { default: 0.5, max: 2 },
  parameters: [
    {
      kind: 'number',
      key: 'beta',
      label: 'Memory β',
      help: 'Share of the average that stays at each step: 0 remembers one step, 0.9 about ten.',
      default: 0.6,
      min: 0,
      max: 0.99,
      step: 0.01,
      slider: 'linear',
    },
    {
      kind: 'choice',
      key: 'average',
      label: 'Average of',
      help: 'What is remembered of the earlier predictions.',
      default: 'image',
      choices: [
        { value: 'image', label: 'Images', help: 'The denoised images, as public code for ComfyUI has it.' },
        { value: 'noise', label: 'Noise', help: 'The predicted noise, the direction of a step, as in the paper.' },
      ],
    },
  ],
  pair: { dimension: null, why: 'Its negative is no evaluation, so there is nothing to choose about it.' },
  layers: null,
  unavailable: () => null,
  negative: ({ settings, positive }) => ({
    ...positive,
    input: {
      kind: 'history',
      beta: numberParameter(settings, 'beta'),
      of: choiceParameter(settings, 'average', AVERAGES),
      below: Infinity,
    },
  }),
}
