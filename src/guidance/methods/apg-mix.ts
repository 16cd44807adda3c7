/**
 * Adaptive projected mix guidance: plain guidance in the first steps, adaptive projected guidance after them.
 * HunyuanImage 2.1 (Tencent, 2025); diffusers' `AdaptiveProjectedMixGuidance`. The average runs on through the plain
 * steps.
 */
import { numberParameter } from '../parameters'
import type { CombinerDefinition } from '../types'
import { apg } from './apg'

export const apgMix: CombinerDefinition = {
  kind: 'combiner',
  id: 'apg-mix',
  name: 'APG mix',
  title: 'Adaptive projected mix guidance',
  family: 'combining',
  order: 215,
  brief: 'plain at first, then as APG',
  sentence: 'is pushed plainly in the first steps, and as in adaptive projected guidance after them.',
  formula: (parameters) => {
    const { plainSteps, plainShare } = parameters
    const [steps, share] = [plainSteps ?? 'n', plainShare ?? 'c']
    return String.raw`i < ${String(steps)}{:}\ D = D^{+} + ${String(share)}\,s\left(D^{+} - D^{-}\right),\quad i \ge ${String(steps)}{:}\ ${apg.formula(parameters)}`
  },
  source: {
    text: 'Tencent 2025, HunyuanImage 2.1',
    url: 'https://github.com/Tencent-Hunyuan/HunyuanImage-2.1',
  },
  needs: 'A negative of any method, and more steps than are plain.',
  breaks: 'Plain steps at a high scale oversaturate before the projection can prevent it; lower their share.',
  cost: 'that of its negative',
  scale: { default: 2, max: 10 },
  negative: 'pag',
  borrows: () => [apg.id],
  parameters: [
    {
      kind: 'number',
      key: 'plainSteps',
      label: 'Plain steps',
      help: 'How many of the first steps are guided plainly.',
      default: 6,
      min: 0,
      max: 32,
      step: 1,
      whole: true,
      slider: 'linear',
    },
    {
      kind: 'number',
      key: 'plainShare',
      label: 'Their share of s',
      help: 'The scale of the plain steps, as a share of the scale of the others.',
      default: 0.35,
      min: 0,
      max: 2,
      step: 0.05,
      slider: 'linear',
    },
  ],
  combine(context) {
    const { positive, negative, settings, acts, step } = context
    const later = apg.combine(context)
    if (!acts || step >= numberParameter(settings, 'plainSteps')) return later
    const scale = numberParameter(settings, 'plainShare') * settings.scale
    return { denoised: positive.map((value, i) => value + scale * (value - negative[i]!)), memory: later.memory }
  },
}
