/**
 * Sliding Window Guidance: the negative is the same network on overlapping crops, which see no more than a part of the
 * image. Kaiser, Adaloglou and Kollmann, "The unreasonable effectiveness of guidance for diffusion models" / "Sliding
 * window guidance", BMVC 2025 (arXiv 2411.10257); guiding only where crops overlap is its M-SWG.
 */
import type { ModelInfo } from '../../model/types'
import { needsCrops } from '../networks'
import { choiceParameter, flagParameter, numberParameter } from '../parameters'
import type { NegativeMethod } from '../types'

const SHARES = { '1/2': 1 / 2, '5/8': 5 / 8, '3/4': 3 / 4, '7/8': 7 / 8 } as const
type Share = keyof typeof SHARES
const NAMES = ['1/2', '5/8', '3/4', '7/8'] as const satisfies readonly Share[]

/** Size of the crop that a share of the image's side stands for; undefined where the model has no graph of it. */
export function cropOf(
  share: Share,
  { image, crops }: ModelInfo,
): { readonly height: number; readonly width: number } | undefined {
  return crops.find(
    ({ height, width }) =>
      height === Math.round(SHARES[share] * image.height) && width === Math.round(SHARES[share] * image.width),
  )
}

/**
 * The paper's share; on a model without a graph of it the next larger one. Half the side comes last, since such crops
 * only touch.
 */
function defaultShare(model: ModelInfo): Share {
  return (['5/8', '3/4', '7/8', '1/2'] as const).find((share) => cropOf(share, model)) ?? '5/8'
}

export const swg: NegativeMethod = {
  kind: 'negative',
  id: 'swg',
  name: 'SWG',
  title: 'Sliding window guidance',
  family: 'beyond',
  order: 150,
  brief: 'crops in place of the whole image',
  sentence:
    'is the same network on overlapping crops of the image, so that nothing tells it how distant parts belong together.',
  formula: ({ overlapOnly }) =>
    overlapOnly === true
      ? String.raw`D^{-} = \mathrm{mean}_i\, D(\mathrm{crop}_i\,x;\sigma),\quad \text{where crops overlap; elsewhere } D^{+}`
      : String.raw`D^{-} = \mathrm{mean}_i\, D(\mathrm{crop}_i\,x;\sigma)`,
  source: { text: 'Kaiser, Adaloglou and Kollmann 2025, arXiv 2411.10257', url: 'https://arxiv.org/abs/2411.10257' },
  needs: 'A network that takes images of other sizes. No class, no second network.',
  breaks: 'Small crops of a centred subject are unlike anything in training; seams show where few of them overlap.',
  cost: '+1.6 (2 × 2 crops of 5/8)',
  scale: { default: 0.3, max: 3 },
  parameters: [
    {
      kind: 'choice',
      key: 'crop',
      label: 'Crop',
      help: 'Side of a crop, as a share of the image’s.',
      default: defaultShare,
      choices: [
        { value: '1/2', label: '1/2', help: 'Half the side: with 2 per side crops only touch.' },
        { value: '5/8', label: '5/8', help: 'The paper’s choice.' },
        { value: '3/4', label: '3/4', help: 'Larger crops, which see more and differ less.' },
        { value: '7/8', label: '7/8', help: 'Nearly the whole image.' },
      ],
    },
    {
      kind: 'number',
      key: 'perSide',
      label: 'Crops per side',
      help: 'How many crops lie along each side: 2 makes 4 crops, 3 makes 9.',
      default: 2,
      min: 2,
      max: 3,
      step: 1,
      whole: true,
      slider: 'linear',
    },
    {
      kind: 'flag',
      key: 'overlapOnly',
      label: 'Only where crops overlap',
      help: 'Guides only where at least two crops see the same pixel (M-SWG).',
      default: true,
    },
  ],
  pair: { dimension: 'input', positive: () => null },
  crops: true,
  layers: null,
  unavailable: ({ crops, image }) =>
    crops.length > 0
      ? null
      : `This model’s network takes images of ${image.height}×${image.width} only, so it has no crops to look at. Use PAG, SEG or ICG.`,
  refuses(settings, model, networkKey = 'network') {
    const network = needsCrops(settings.network, model, networkKey)
    if (network !== null) return network
    const share = choiceParameter(settings, 'crop', NAMES)
    if (!cropOf(share, model)) {
      const able = NAMES.filter((name) => cropOf(name, model))
      return `This model has no graph for crops of ${share}. ${able.length > 0 ? `Set crop to ${able.join(' or ')}.` : 'Use PAG, SEG or ICG.'}`
    }
    if (flagParameter(settings, 'overlapOnly') && SHARES[share] * numberParameter(settings, 'perSide') <= 1) {
      return `Crops of ${share} touch but don’t overlap, so nothing would push. Set crop to 5/8, perSide to 3, or overlapOnly to false.`
    }
    return null
  },
  negative({ settings, model, positive }) {
    const crop = cropOf(choiceParameter(settings, 'crop', NAMES), model)
    if (!crop) throw new Error('the model has no graph for crops of this size')
    return {
      ...positive,
      input: {
        kind: 'windows',
        height: crop.height,
        width: crop.width,
        perSide: numberParameter(settings, 'perSide'),
        overlapOnly: flagParameter(settings, 'overlapOnly'),
      },
    }
  },
}
