/**
 * Perturbed-Attention Guidance: the negative replaces self-attention maps by something that knows no structure. Ahn et
 * al., "Self-rectifying diffusion sampling with perturbed-attention guidance", ECCV 2024 (arXiv 2403.17377), eq. 14;
 * the soft mix, of one head or all, is SoftPAG (arXiv 2506.10978); the other perturbations are those of the paper's
 * ablation (KU-CVLAB/Perturbed-Attention-Guidance, `unet.py`) and of ERG.
 */
import { STREAM, randomWord, type Stream } from '../../core/random'
import type { AttentionControl, AttentionLayer } from '../../network/types'
import type { ParameterValue } from '../../settings/types'
import { chosenLayers, layersLack, needsLayers, perturbLayers } from '../layers'
import { layersOfNetwork } from '../networks'
import { choiceParameter, flagParameter, headChoice, numberParameter } from '../parameters'
import type { NegativeContext, NegativeMethod } from '../types'

const PERTURBATIONS = ['identity', 'uniform', 'mask', 'drop', 'noise', 'gaussian', 'average', 'temperature'] as const
type Perturbation = (typeof PERTURBATIONS)[number]

const LOGITS = String.raw`\tfrac{QK^{\top}}{\sqrt d}`
const MAP = String.raw`\mathrm{softmax}\!\left(${LOGITS}\right)`

/** KaTeX of what stands in for the map times V. */
function perturbed(perturbation: Perturbation, mix: ParameterValue | undefined): string {
  switch (perturbation) {
    case 'identity':
      return mix === 1 ? String.raw`I\,V` : String.raw`(1-u)\,\mathrm{softmax}(\cdot)V + u\,V`
    case 'uniform':
      return String.raw`\tfrac1N\,\mathbf 1\mathbf 1^{\top}V`
    case 'mask':
      return String.raw`\mathrm{softmax}\!\left(${LOGITS} + M\right)V`
    case 'drop':
      return String.raw`\left(K \odot \mathrm{softmax}(\cdot)\right)V`
    case 'noise':
      return String.raw`\left(\mathrm{softmax}(\cdot) + E\right)V`
    case 'gaussian':
      return String.raw`\left(G * \mathrm{softmax}(\cdot)\right)V`
    case 'average':
      return String.raw`\left(\mathrm{avg}_{3\times3}\,\mathrm{softmax}(\cdot)\right)V`
    case 'temperature':
      return String.raw`\mathrm{softmax}\!\left(\tau\,${LOGITS}\right)V`
    default:
      return perturbation satisfies never
  }
}

/** The control of one layer, or null where the parameters leave every map alone. */
function control({
  settings,
  sample,
  step,
}: NegativeContext): ((layer: AttentionLayer) => AttentionControl | null) | null {
  const perturbation = choiceParameter(settings, 'perturbation', PERTURBATIONS)
  const seedOf = (purpose: Stream, { index }: AttentionLayer) => randomWord(settings.seed, sample, purpose, step, index)
  switch (perturbation) {
    case 'identity': {
      const mix = numberParameter(settings, 'mix')
      const head = numberParameter(settings, 'head')
      if (mix === 0) return null
      if (head < 0) return () => ({ mix })
      // A layer with fewer heads has no such head to perturb.
      return ({ heads }) =>
        head < heads ? { mix: Array.from({ length: heads }, (_, i) => (i === head ? mix : 0)) } : null
    }
    case 'uniform':
      return () => ({ temperature: 0 })
    case 'mask': {
      const rate = numberParameter(settings, 'rate')
      const keepDiagonal = flagParameter(settings, 'keepDiagonal')
      return rate === 0 ? null : (layer) => ({ mask: { rate, keepDiagonal, seed: seedOf(STREAM.mask, layer) } })
    }
    case 'drop': {
      const rate = numberParameter(settings, 'rate')
      return rate === 0 ? null : (layer) => ({ drop: { rate, seed: seedOf(STREAM.drop, layer) } })
    }
    case 'noise': {
      const deviation = numberParameter(settings, 'deviation')
      return deviation === 0 ? null : (layer) => ({ noise: { deviation, seed: seedOf(STREAM.mapNoise, layer) } })
    }
    case 'gaussian':
    case 'average':
      return () => ({ smooth: perturbation })
    case 'temperature': {
      const temperature = numberParameter(settings, 'temperature')
      return temperature === 1 ? null : () => ({ temperature })
    }
    default:
      return perturbation satisfies never
  }
}

export const pag: NegativeMethod = {
  kind: 'negative',
  id: 'pag',
  name: 'PAG',
  title: 'Perturbed-attention guidance',
  family: 'article',
  order: 30,
  brief: 'attention maps replaced',
  sentence:
    'is the same network with the attention maps of the chosen layers replaced, so that tokens no longer look at each other as trained.',
  formula: ({ perturbation, mix }) =>
    `D^{-}:\\quad ${MAP}\\,V \\;\\to\\; ${perturbed(PERTURBATIONS.find((name) => name === perturbation) ?? 'identity', mix)}`,
  source: { text: 'Ahn et al. 2024, arXiv 2403.17377', url: 'https://arxiv.org/abs/2403.17377' },
  needs: 'Self-attention. No class, no second network.',
  breaks: 'A high scale oversaturates and simplifies; the wrong layers change the composition instead of repairing it.',
  cost: '+1',
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
        {
          value: 'mask',
          label: 'Random mask',
          help: 'Random entries of the map are dropped before the softmax, newly drawn at each step.',
        },
        {
          value: 'drop',
          label: 'Dropout',
          help: 'Random entries of the map are set to zero after the softmax, newly drawn at each step.',
        },
        { value: 'noise', label: 'Added noise', help: 'Normal noise is added to the map, newly drawn at each step.' },
        {
          value: 'gaussian',
          label: 'Map blurred',
          help: 'The map itself is blurred like an image (5 × 5, σ 9); SEG blurs over the tokens instead.',
        },
        {
          value: 'average',
          label: 'Map averaged',
          help: 'Each entry of the map becomes the mean of the 3 × 3 entries around it.',
        },
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
    headChoice({
      key: 'head',
      label: 'Head',
      help: 'Which heads of the chosen layers are perturbed: all of them, or one of each, counted from 0.',
      heads: { all: 'all heads' },
      when: { key: 'perturbation', in: ['identity'] },
    }),
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
      when: { key: 'perturbation', in: ['mask', 'drop'] },
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
      key: 'deviation',
      label: 'Noise deviation',
      help: 'Standard deviation of the noise added to each entry of the map; the entries of a row sum to 1.',
      // The ablation's 1 is for maps of large networks at scale; here it drowns the map.
      default: 0.05,
      min: 0,
      max: 1,
      step: 0.01,
      slider: 'linear',
      when: { key: 'perturbation', in: ['noise'] },
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
  pair: { dimension: 'perturbation', positive: () => null },
  layers: { default: () => 'all' },
  unavailable: needsLayers,
  refuses(settings, model) {
    const { perturbation, head } = settings.parameters
    const scaled = perturbation === 'uniform' || perturbation === 'temperature'
    const lacking = scaled ? layersLack('scores', settings, model) : null
    if (lacking !== null) return lacking
    const layers = layersOfNetwork(settings.network, model)
    const heads = chosenLayers(settings, model).map((index) => layers[index]?.heads ?? 0)
    if (
      perturbation !== 'identity' ||
      typeof head !== 'number' ||
      head < 0 ||
      heads.length === 0 ||
      heads.some((count) => head < count)
    )
      return null
    return `No chosen layer of ${settings.network} has a head ${head}. Set head to at most ${Math.max(...heads) - 1}, or to -1 for all heads.`
  },
  negative(context) {
    const ofLayer = control(context)
    return ofLayer && perturbLayers(context, ofLayer)
  },
}
