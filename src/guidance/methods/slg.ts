/**
 * Skip-Layer Guidance: the negative leaves blocks out. Stability AI, sd3.5 (`sd3_impls.py`), 2024; the attention alone
 * is spatio-temporal guidance's choice (Hyung et al., arXiv 2411.18664).
 */
import { layersLack, layersOf, needsLayers, perturbLayers } from '../layers'
import { choiceParameter } from '../parameters'
import type { NegativeContext, NegativeMethod } from '../types'

const PARTS = ['attention', 'block'] as const

/** What the parameter `part` leaves out. */
export const skippedPart = ({ settings }: Pick<NegativeContext, 'settings'>) => choiceParameter(settings, 'part', PARTS)

export const slg: NegativeMethod = {
  kind: 'negative',
  id: 'slg',
  name: 'SLG',
  title: 'Skip-layer guidance',
  family: 'beyond',
  order: 120,
  brief: 'layers left out',
  sentence: 'is the same network with the chosen layers left out: what enters them passes by.',
  formula: ({ part }) =>
    part === 'block'
      ? String.raw`D^{-}:\quad h + f_l(h) \;\to\; h`
      : String.raw`D^{-}:\quad h + \mathrm{attn}_l(h) \;\to\; h`,
  source: {
    text: 'Stability AI 2024, sd3.5; Hyung et al. 2024, arXiv 2411.18664',
    url: 'https://github.com/Stability-AI/sd3.5',
  },
  needs: 'Residual branches that can be left out. No class, no second network.',
  breaks:
    'A network of few layers misses each one badly: keep the scale low and guide only in the middle of the noise levels.',
  cost: '+1',
  scale: { default: 2, max: 4 },
  parameters: [
    {
      kind: 'choice',
      key: 'part',
      label: 'Left out',
      help: 'How much of the chosen layers the negative leaves out.',
      default: 'attention',
      choices: [
        { value: 'attention', label: 'The attention', help: 'Only the attention’s residual branch.' },
        { value: 'block', label: 'The whole block', help: 'The residual block in front of the attention too.' },
      ],
    },
  ],
  // The reference skips early in sampling only, where composition is decided but noise no longer hides everything.
  defaults: () => ({ window: [0.5, 20] }),
  pair: { dimension: 'perturbation', positive: () => null },
  layers: { default: layersOf('middle') },
  unavailable: needsLayers,
  refuses: (settings, model) => layersLack(skippedPart({ settings }), settings, model),
  negative: (context) => {
    const skip = skippedPart(context)
    return perturbLayers(context, () => ({ skip }))
  },
}
