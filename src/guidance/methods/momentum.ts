/**
 * Momentum guidance: the negative is an average of the positive's own earlier predictions along the guided trajectory.
 * Arxiv 2602.20360; as in pamparamm/sd-perturbed-attention `mg_nodes.py`, the average is of D⁺, before guidance.
 */
import { numberParameter } from '../parameters'
import type { NegativeMethod } from '../types'

export const momentum: NegativeMethod = {
  kind: 'negative',
  id: 'momentum',
  name: 'Momentum',
  title: 'Momentum guidance',
  family: 'beyond',
  order: 160,
  brief: 'its own earlier predictions',
  sentence: 'is an average of the positive’s own earlier predictions, which were blurrier.',
  formula: ({ beta }) => {
    const text = beta === undefined ? String.raw`\beta` : String(beta)
    return String.raw`D^{-} = m,\quad m \leftarrow (1-${text})\,D^{+} + ${text}\,m`
  },
  source: { text: 'arXiv 2602.20360', url: 'https://arxiv.org/abs/2602.20360' },
  peers: { here: 'average of earlier predictions', diffusers: null, perturbedAttention: 'yes', comfy: null },
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
  ],
  pair: { dimension: null, why: 'Its negative is no evaluation, so there is nothing to choose about it.' },
  layers: null,
  unavailable: () => null,
  negative: ({ settings, positive }) => ({
    ...positive,
    input: { kind: 'history', beta: numberParameter(settings, 'beta'), of: 'image', below: Infinity },
  }),
}
