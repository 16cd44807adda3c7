/**
 * Independent Condition Guidance: the negative is the same network asked for something drawn without regard to the
 * image. Sadat et al., "No training, no problem: rethinking classifier-free guidance for diffusion models", ICLR 2025
 * (arXiv 2407.02687), section 4.
 */
import { normals, STREAM, randomInteger } from '../../core/random'
import { addOffsets } from '../networks'
import { choiceParameter, flagParameter } from '../parameters'
import type { NegativeMethod } from '../types'

const DRAWS = ['class', 'gaussian'] as const
const REDRAWS = ['step', 'once'] as const

export const icg: NegativeMethod = {
  kind: 'negative',
  id: 'icg',
  name: 'ICG',
  title: 'Independent condition guidance',
  family: 'article',
  order: 60,
  brief: 'a random class asked for',
  sentence: 'is the same network asked for a class drawn at random, independent of the image.',
  formula: ({ draw }) =>
    draw === 'gaussian'
      ? String.raw`D^{-} = D(x;\sigma,e),\quad e \sim \mathcal N(0, s_e^2 I)`
      : String.raw`D^{-} = D(x;\sigma,\hat y),\quad \hat y \sim p(y)`,
  source: { text: 'Sadat et al. 2025, arXiv 2407.02687', url: 'https://arxiv.org/abs/2407.02687' },
  needs: 'A wanted class, and others to draw from.',
  breaks:
    'With few classes a random one is often the wanted one, which pushes nothing, or one so different that it pushes too far.',
  cost: '+1',
  scale: { default: 0.5, max: 6 },
  parameters: [
    {
      kind: 'choice',
      key: 'draw',
      label: 'Draw',
      help: 'What the network is asked for instead of the wanted class.',
      default: 'class',
      choices: [
        { value: 'class', label: 'A random class', help: 'One of the model’s classes, all equally likely.' },
        {
          value: 'gaussian',
          label: 'Gaussian noise',
          help: 'No class, but noise as large as the classes’ embeddings.',
        },
      ],
    },
    {
      kind: 'choice',
      key: 'redraw',
      label: 'Draw anew',
      help: 'Whether the draw changes from step to step.',
      default: 'step',
      choices: [
        { value: 'step', label: 'At every step', help: 'A new draw at each step, as in the paper.' },
        { value: 'once', label: 'Once', help: 'One draw for the whole image.' },
      ],
    },
    {
      kind: 'flag',
      key: 'exclude',
      label: 'Never the wanted class',
      help: 'With few classes a random one is often the wanted one, and then nothing pushes.',
      default: false,
      when: { key: 'draw', in: ['class'] },
    },
  ],
  pair: {
    dimension: 'condition',
    choice: { value: 'random', label: 'At random', help: 'A drawn class or noise, as in ICG.' },
  },
  drawsEachStep({ draw, redraw }) {
    if (redraw !== 'step') return null
    return draw === 'gaussian' ? 'Gaussian noise for a class, new at each step' : 'a random class, new at each step'
  },
  layers: null,
  unavailable: (model) =>
    model.conditioning.classes.length > 1
      ? null
      : 'This model has no classes to draw from, so it has no independent condition. Use PAG or SEG, which need none.',
  refuses(settings, model) {
    if (settings.class === null)
      return 'ICG needs a wanted class to be independent of, and none is chosen. Choose a class, or use PAG, SEG, TSG or autoguidance.'
    if (settings.parameters.draw === 'gaussian' && !model.embedding)
      return 'This model’s graph takes no offset of its embedding, so no Gaussian one. Set draw to class.'
    if (settings.parameters.draw === 'gaussian' && model.embedding?.classDeviation === null)
      return 'How large this model’s embeddings of classes are is not known, so no Gaussian one can be drawn. Set draw to class.'
    return null
  },
  negative({ settings, model, positive, sample, step }) {
    if (positive.condition.kind === 'null') return null
    const index = choiceParameter(settings, 'redraw', REDRAWS) === 'step' ? step : 0
    const draw = choiceParameter(settings, 'draw', DRAWS)
    switch (draw) {
      case 'class': {
        const wanted = positive.condition.index
        const count = model.conditioning.classes.length
        const exclude = flagParameter(settings, 'exclude')
        const word = randomInteger(settings.seed, sample, STREAM.condition, index, exclude ? count - 1 : count)
        const drawn = exclude && word >= wanted ? word + 1 : word
        return drawn === wanted ? null : { ...positive, condition: { kind: 'class', index: drawn } }
      }
      case 'gaussian': {
        const { width = 0, classDeviation = null } = model.embedding ?? {}
        if (classDeviation === null)
          throw new Error('a Gaussian condition needs a graph that takes an offset of the embedding')
        const offset = normals(settings.seed, sample, width, STREAM.gaussianCondition, index).map(
          (value) => classDeviation * value,
        )
        return {
          ...positive,
          condition: { kind: 'null' },
          embeddingOffset: addOffsets(positive.embeddingOffset, offset),
        }
      }
      default:
        return draw satisfies never
    }
  },
}
