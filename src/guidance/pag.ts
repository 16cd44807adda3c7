/**
 * Perturbed-Attention Guidance: the negative replaces self-attention maps by something that knows no structure.
 * Ahn et al., "Self-rectifying diffusion sampling with perturbed-attention guidance", ECCV 2024 (arXiv 2403.17377), eq. 14;
 * the soft mix is SoftPAG (arXiv 2506.10978), the other perturbations are those of the paper's ablation and of ERG.
 */
import { PURPOSE, randomWord } from '../core/random'
import type { AttentionControl } from '../network/types'
import type { ParameterValue } from '../settings/types'
import { choiceParameter, flagParameter, numberParameter, perturbLayers } from './layers'
import type { GuidanceMethod, NegativeContext } from './types'

const PERTURBATIONS = ['identity', 'uniform', 'mask', 'temperature'] as const

const LOGITS = String.raw`\tfrac{QK^{\top}}{\sqrt d}`
const MAP = String.raw`\mathrm{softmax}\!\left(${LOGITS}\right)`

/** KaTeX of what stands in for the map times V. */
function perturbed(perturbation: ParameterValue | undefined, mix: ParameterValue | undefined): string {
  switch (perturbation) {
    case 'uniform':
      return String.raw`\tfrac1N\,\mathbf 1\mathbf 1^{\top}V`
    case 'mask':
      return String.raw`\mathrm{softmax}\!\left(${LOGITS} + M\right)V`
    case 'temperature':
      return String.raw`\mathrm{softmax}\!\left(\tau\,${LOGITS}\right)V`
    default:
      return mix === 1 ? String.raw`I\,V` : String.raw`(1-u)\,\mathrm{softmax}(\cdot)V + u\,V`
  }
}

/** The control of one layer, or null where the parameters leave the map alone. */
function control({ settings, sample, step }: NegativeContext): ((layer: number) => AttentionControl) | null {
  const perturbation = choiceParameter(settings, 'perturbation', PERTURBATIONS)
  switch (perturbation) {
    case 'identity': {
      const mix = numberParameter(settings, 'mix')
      return mix === 0 ? null : () => ({ mix })
    }
    case 'uniform':
      return () => ({ temperature: 0 })
    case 'mask': {
      const rate = numberParameter(settings, 'rate')
      const keepDiagonal = flagParameter(settings, 'keepDiagonal')
      if (rate === 0) return null
      return (layer) => ({ mask: { rate, keepDiagonal, seed: randomWord(settings.seed, sample, PURPOSE.mask, step, layer) } })
    }
    case 'temperature': {
      const temperature = numberParameter(settings, 'temperature')
      return temperature === 1 ? null : () => ({ temperature })
    }
    default:
      return perturbation satisfies never
  }
}

export const pag: GuidanceMethod = {
  id: 'pag',
  name: 'PAG',
  title: 'Perturbed-attention guidance',
  sentence: 'is the same network with the attention maps of the chosen layers replaced, so that tokens no longer look at each other as trained.',
  formula: ({ perturbation, mix }) => `D^{-}:\\quad ${MAP}\\,V \\;\\to\\; ${perturbed(perturbation, mix)}`,
  source: { text: 'Ahn et al. 2024, arXiv 2403.17377', url: 'https://arxiv.org/abs/2403.17377' },
  layers: { default: () => 'all' },
  scale: { default: 1, max: 6 },
  parameters: [
    {
      kind: 'choice',
      key: 'perturbation',
      label: 'Attention map becomes',
      help: 'What stands in for the attention map in the negative.',
      default: 'identity',
      choices: [
        { value: 'identity', label: 'Identity', help: 'Every token looks only at itself: the map of PAG.' },
        { value: 'uniform', label: 'Uniform', help: 'Every token looks at all tokens alike.' },
        { value: 'mask', label: 'Random mask', help: 'Random entries of the map are dropped, newly drawn at each step.' },
        { value: 'temperature', label: 'Temperature', help: 'The map is made flatter (below 1) or sharper (above 1).' },
      ],
    },
    {
      kind: 'number',
      key: 'mix',
      label: 'Mix',
      help: 'How much of the map is replaced by the identity: 0 leaves it, 1 is PAG.',
      default: 1,
      min: 0,
      max: 1,
      step: 0.05,
      slider: 'linear',
      when: { key: 'perturbation', in: ['identity'] },
    },
    {
      kind: 'number',
      key: 'rate',
      label: 'Dropped share',
      help: 'The chance that an entry of the map is dropped.',
      default: 0.9,
      min: 0,
      max: 1,
      step: 0.05,
      slider: 'linear',
      when: { key: 'perturbation', in: ['mask'] },
    },
    {
      kind: 'flag',
      key: 'keepDiagonal',
      label: 'Keep the diagonal',
      help: 'A token can always look at itself.',
      default: true,
      when: { key: 'perturbation', in: ['mask'] },
    },
    {
      kind: 'number',
      key: 'temperature',
      label: 'Factor on the logits',
      help: 'Multiplies the attention logits: 1 changes nothing, 0 makes the map uniform.',
      default: 0.25,
      min: 0,
      max: 4,
      step: 0.05,
      slider: 'linear',
      when: { key: 'perturbation', in: ['temperature'] },
    },
  ],
  unavailable: (model) => (model.layers.length > 0 ? null : 'This model has no self-attention layers to perturb. Choose another method.'),
  negative(context) {
    const ofLayer = control(context)
    return ofLayer && perturbLayers(context.settings, context.model, ofLayer)
  },
}
