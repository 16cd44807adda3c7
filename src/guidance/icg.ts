/**
 * Independent Condition Guidance: the negative is the same network asked for a random class.
 * Sadat et al., "No training, no problem: rethinking classifier-free guidance for diffusion models", ICLR 2025
 * (arXiv 2407.02687), section 4.
 */
import { PURPOSE, randomInteger } from '../core/random'
import { choiceParameter, flagParameter } from './layers'
import type { GuidanceMethod } from './types'

export const icg: GuidanceMethod = {
  id: 'icg',
  name: 'ICG',
  title: 'Independent condition guidance',
  sentence: 'is the same network asked for a class drawn at random, independent of the image.',
  formula: () => String.raw`D^{-} = D(x;\sigma,\hat y),\quad \hat y \sim p(y)`,
  source: { text: 'Sadat et al. 2025, arXiv 2407.02687', url: 'https://arxiv.org/abs/2407.02687' },
  layers: null,
  scale: { default: 0.5, max: 6 },
  parameters: [
    {
      kind: 'choice',
      key: 'redraw',
      label: 'Draw a class',
      help: 'Whether the random class changes from step to step.',
      default: 'step',
      choices: [
        { value: 'step', label: 'At every step', help: 'A new class at each step, as in the paper.' },
        { value: 'once', label: 'Once', help: 'One random class for the whole image.' },
      ],
    },
    {
      kind: 'flag',
      key: 'exclude',
      label: 'Never the wanted class',
      help: 'With few classes a random one is often the wanted one, and then nothing pushes.',
      default: false,
    },
  ],
  unavailable: (model) =>
    model.conditioning.classes.length > 1
      ? null
      : 'This model has no classes to draw from, so it has no independent condition. Use PAG or SEG, which need none.',
  negative({ settings, model, sample, step }) {
    const count = model.conditioning.classes.length
    const exclude = flagParameter(settings, 'exclude')
    const index = choiceParameter(settings, 'redraw', ['step', 'once']) === 'step' ? step : 0
    const draw = randomInteger(settings.seed, sample, PURPOSE.condition, index, exclude ? count - 1 : count)
    const drawn = exclude && draw >= settings.class ? draw + 1 : draw
    if (drawn === settings.class) return null
    const classWeights = new Float32Array(count)
    classWeights[drawn] = 1
    return { classWeights }
  },
}
