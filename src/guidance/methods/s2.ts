/**
 * S²-guidance: the negative is a part of the same network, another one at each step. Chen et al., "S²-guidance:
 * stochastic self guidance for training-free enhancement of diffusion models", 2025 (arXiv 2508.12880), without its
 * CFG. Of the chosen layers a share is drawn at each step without putting back, and left out.
 */
import { randomWord, streamOf } from '../../core/random'
import { chosenLayers, layersLack, needsLayers, perturbLayers } from '../layers'
import { numberParameter } from '../parameters'
import type { NegativeContext, NegativeMethod } from '../types'
import { skippedPart } from './slg'

const STREAM = streamOf('s2')

/** Which of the chosen layers this step's draw leaves out: those with the smallest words. */
function drawn({ settings, model, sample, step }: NegativeContext): ReadonlySet<number> {
  const share = numberParameter(settings, 'blockShare')
  const chosen = chosenLayers(settings, model)
  const count = share === 0 ? 0 : Math.max(1, Math.round(share * chosen.length))
  const words = new Map(chosen.map((layer) => [layer, randomWord(settings.seed, sample, STREAM, step, layer)] as const))
  return new Set([...chosen].sort((a, b) => words.get(a)! - words.get(b)! || a - b).slice(0, count))
}

export const s2: NegativeMethod = {
  kind: 'negative',
  id: 's2',
  name: 'S²',
  title: 'Stochastic self-guidance',
  family: 'beyond',
  order: 125,
  brief: 'random layers left out',
  sentence: 'is a part of the same network: some of the chosen layers, drawn anew at each step, are left out.',
  formula: ({ part }) =>
    String.raw`D^{-}:\quad h + ${part === 'block' ? 'f_l' : String.raw`\mathrm{attn}_l`}(h) \;\to\; h\quad \text{for } l \in \mathcal L_t,\quad \mathcal L_t\ \text{drawn at each step}`,
  source: { text: 'Chen et al. 2025, arXiv 2508.12880', url: 'https://arxiv.org/abs/2508.12880' },
  needs: 'Residual branches that can be left out. No class, no second network. The paper adds it to CFG.',
  breaks:
    'In a network of few layers each one is much: a large share or scale pushes the whole image, in another way at each step, which is noise.',
  cost: '+1',
  scale: { default: 0.5, max: 6 },
  borrows: () => ['slg'],
  parameters: [
    {
      kind: 'number',
      key: 'blockShare',
      label: 'Share left out',
      help: 'How many of the chosen layers are left out at each step, at least one; 0 leaves out none.',
      default: 0.3,
      min: 0,
      max: 1,
      step: 0.05,
      slider: 'linear',
    },
  ],
  pair: { dimension: 'perturbation', positive: () => null },
  layers: { default: () => 'all' },
  unavailable: needsLayers,
  refuses: (settings, model) => layersLack(skippedPart({ settings }), settings, model),
  negative(context) {
    const left = drawn(context)
    const skip = skippedPart(context)
    return perturbLayers(context, ({ index }) => (left.has(index) ? { skip } : null))
  },
}
