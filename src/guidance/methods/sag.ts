/**
 * Self-Attention Guidance: the negative sees x_t with the parts that attention looks at most blurred. Hong et al.,
 * "Improving sample quality of diffusion models using self-attention guidance", ICCV 2023 (arXiv 2210.00939), algorithm
 * 1; the other masking strategies are those of its ablation. What is done to x_t: `src/guidance/mask.ts`.
 */
import { layerLacks, layersOf, needsLayers } from '../layers'
import { layersOfNetwork } from '../networks'
import { choiceParameter, headChoice, numberParameter } from '../parameters'
import type { MaskStrategy } from '../prediction'
import type { NegativeMethod } from '../types'

const STRATEGIES = [
  'attention',
  'global',
  'high-frequency',
  'random',
  'square',
  'dino',
] as const satisfies readonly MaskStrategy[]
const FILLS = ['blur', 'zero'] as const

export const sag: NegativeMethod = {
  kind: 'negative',
  id: 'sag',
  name: 'SAG',
  title: 'Self-attention guidance',
  family: 'article',
  order: 20,
  brief: 'the input blurred where attention looks',
  sentence:
    'is the same network on x_t made worse: where attention looks most, its denoised image is blurred before the predicted noise is added back.',
  formula: ({ fill }) =>
    fill === 'zero'
      ? String.raw`D^{-} = D^{+} - \left(\tilde x_0 - D(\hat x)\right),\quad \tilde x_0 = (1-M)\,D^{+},\quad \hat x = x + \tilde x_0 - D^{+}`
      : String.raw`D^{-} = D^{+} - \left(\tilde x_0 - D(\hat x)\right),\quad \tilde x_0 = M\,(G * D^{+}) + (1-M)\,D^{+},\quad \hat x = x + \tilde x_0 - D^{+}`,
  source: { text: 'Hong et al. 2023, arXiv 2210.00939', url: 'https://arxiv.org/abs/2210.00939' },
  needs: 'Self-attention to read. No class, no second network.',
  breaks:
    'A high scale sharpens noise into texture: the blurred input is none that the network was trained on. Its second evaluation has to wait for the first.',
  cost: '+1, after the positive',
  scale: { default: 0.75, max: 2 },
  parameters: [
    {
      kind: 'choice',
      key: 'mask',
      label: 'Mask',
      help: 'Which pixels of the denoised image are made worse. All but the global mask have the area of the attention mask.',
      default: 'attention',
      choices: [
        {
          value: 'attention',
          label: 'Attention',
          help: 'Where tokens receive more attention than the threshold: the mask of SAG.',
        },
        { value: 'global', label: 'Everything', help: 'The whole image.' },
        {
          value: 'high-frequency',
          label: 'High frequencies',
          help: 'Where the image has most detail, by Fourier transform.',
        },
        { value: 'random', label: 'Random pixels', help: 'Pixels drawn at random at each step.' },
        { value: 'square', label: 'A square', help: 'A square drawn at random at each step.' },
        {
          value: 'dino',
          label: 'Vision transformer',
          help: 'Where a self-supervised vision transformer looks (DINO).',
        },
      ],
    },
    {
      kind: 'layer',
      key: 'mapLayer',
      label: 'Map of layer',
      help: 'The attention layer whose map makes the mask, or gives it its area.',
      default: (model) => {
        const able = model.layers.filter((layer) => layerLacks('map', layer) === null)
        const middle = layersOf('middle')({ ...model, layers: able })
        return middle === 'all' ? (able[0]?.index ?? 0) : (middle[0] ?? 0)
      },
    },
    headChoice({
      key: 'mapHead',
      label: 'Map of head',
      help: 'Whose map is used: the mean over heads, or that of one, counted from 0.',
      heads: { all: 'mean over heads', layer: 'mapLayer' },
    }),
    {
      kind: 'number',
      key: 'threshold',
      label: 'Threshold',
      help: 'A token is masked where it receives more attention than this; the mean over tokens is 1.',
      default: 1,
      min: 0,
      max: 4,
      step: 0.05,
      slider: 'linear',
    },
    {
      kind: 'choice',
      key: 'fill',
      label: 'Masked pixels become',
      help: 'What the masked pixels are replaced by.',
      default: 'blur',
      choices: [
        { value: 'blur', label: 'Blurred', help: 'The same image through a Gaussian blur.' },
        { value: 'zero', label: 'Grey', help: 'Nothing: the middle of the range.' },
      ],
    },
    {
      kind: 'number',
      key: 'blurSigma',
      label: 'Blur σ',
      help: 'Width of the blur in pixels. The kernel has 31 taps at most, so a wider one is nearly a box.',
      default: 3,
      min: 0.125,
      max: 32,
      step: 0.25,
      slider: { kind: 'log2', from: -3, to: 5 },
      unit: 'pixels',
      when: { key: 'fill', in: ['blur'] },
    },
    {
      kind: 'number',
      key: 'startSigma',
      label: 'Starts at σ',
      help: 'Acts from this noise level downwards; ∞ from the beginning.',
      // Above, the denoised image is a blur already, and nothing is left to take away.
      default: 8,
      min: 0,
      max: Infinity,
      step: 0.5,
      slider: { kind: 'log2', from: -6, to: 6 },
    },
  ],
  pair: { dimension: 'input' },
  readsMap: true,
  needsVision: ({ mask }) => mask === 'dino',
  layers: null,
  unavailable: needsLayers,
  refuses({ network, parameters: { mask, mapLayer, mapHead } }, model) {
    const layer = layersOfNetwork(network, model)[Number(mapLayer)]
    if (mask === 'dino' && !model.vision)
      return 'This model has no vision transformer to make a mask. Set mask to attention or another strategy.'
    const lacking = layerLacks('map', layer)
    if (lacking !== null) return lacking
    if (layer && Number(mapHead) >= layer.heads)
      return `Layer ${layer.name} of ${network} has no head ${mapHead}. Set mapHead to at most ${layer.heads - 1}, or to -1 for the mean.`
    return null
  },
  negative({ settings, positive, sigma }) {
    if (sigma > numberParameter(settings, 'startSigma')) return null
    const head = numberParameter(settings, 'mapHead')
    return {
      ...positive,
      input: {
        kind: 'degraded',
        strategy: choiceParameter(settings, 'mask', STRATEGIES),
        layer: numberParameter(settings, 'mapLayer'),
        head: head < 0 ? null : head,
        threshold: numberParameter(settings, 'threshold'),
        blurSigma: numberParameter(settings, 'blurSigma'),
        fill: choiceParameter(settings, 'fill', FILLS),
        seed: settings.seed,
      },
    }
  },
}
