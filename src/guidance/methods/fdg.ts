/**
 * Frequency-Decoupled Guidance: coarse shapes and fine detail are guided by scales of their own. Sadat et al.,
 * "Guidance in the frequency domain enables high-fidelity sampling at low CFG scales", 2025 (arXiv 2506.19713). A
 * Laplacian pyramid is linear, so the levels of the difference are weighed instead of those of both predictions.
 */
import { laplacianPyramid, rebuild } from '../../core/pyramid'
import { numberParameter } from '../parameters'
import type { CombinerDefinition } from '../types'

export const fdg: CombinerDefinition = {
  kind: 'combiner',
  id: 'fdg',
  name: 'FDG',
  title: 'Frequency-decoupled guidance',
  family: 'combining',
  order: 240,
  brief: 'fine detail pushed harder than coarse',
  sentence: 'is split into frequencies, and fine detail is pushed harder than coarse shapes.',
  formula: ({ high = 1, low = 1 }) =>
    String.raw`D = D^{+} + \sum_l s_l\, L_l\!\left(D^{+} - D^{-}\right),\quad s_{\mathrm{fine}} = ${String(high)}\,s,\ s_{\mathrm{coarse}} = ${String(low)}\,s`,
  source: { text: 'Sadat et al. 2025, arXiv 2506.19713', url: 'https://arxiv.org/abs/2506.19713' },
  needs: 'A negative of any method.',
  breaks: 'Too strong at high frequencies it draws outlines; without low ones the class is hardly pushed.',
  cost: 'that of its negative',
  scale: { default: 1.5, max: 8 },
  negative: 'pag',
  parameters: [
    {
      kind: 'number',
      key: 'levels',
      label: 'Levels',
      help: 'How many bands of frequencies; each is half as fine as the one before.',
      default: 2,
      min: 2,
      max: 5,
      step: 1,
      whole: true,
      slider: 'linear',
    },
    {
      kind: 'number',
      key: 'high',
      label: 'Fine detail',
      help: 'The finest band’s share of the scale.',
      default: 1,
      min: 0,
      max: 2,
      step: 0.05,
      slider: 'linear',
    },
    {
      kind: 'number',
      key: 'low',
      label: 'Coarse shapes',
      help: 'The coarsest band’s share of the scale; bands between lie between.',
      default: 0.4,
      min: 0,
      max: 2,
      step: 0.05,
      slider: 'linear',
    },
  ],
  refuses: (_settings, { image }) =>
    image.height * image.width > 1
      ? null
      : 'A single point has no fine detail and no coarse shape to tell apart. Choose plain guidance, or another rule such as APG.',
  combine({ positive, negative, size, settings, acts }) {
    if (!acts) return { denoised: positive, memory: null }
    const high = numberParameter(settings, 'high')
    const low = numberParameter(settings, 'low')
    const pyramid = laplacianPyramid(
      positive.map((value, i) => value - negative[i]!),
      size,
      numberParameter(settings, 'levels'),
    )
    const coarsest = pyramid.length - 1
    const weighed = pyramid.map(({ field, ...of }, level) => {
      // An image too small to be split is one coarse band.
      const share = coarsest === 0 ? low : high + (level / coarsest) * (low - high)
      return { ...of, field: field.map((value) => settings.scale * share * value) }
    })
    const push = rebuild(weighed)
    return { denoised: positive.map((value, i) => value + push[i]!), memory: null }
  },
}
