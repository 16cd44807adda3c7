/**
 * Any pair: every dimension of both sides is a free choice, borrowed from the method that is named after it. All other methods
 * are presets of this one, and their parameters mean here what they mean there. (The positive's network and class are settings
 * of their own, whatever the method.)
 */
import type { ParameterValue } from '../../settings/types'
import { autoguidance } from './autoguidance'
import { cfg } from './cfg'
import { erg } from './erg'
import { icg } from './icg'
import { needsAverages, needsCrops, needsNull, networkById } from '../networks'
import { pag } from './pag'
import { emaParameter } from '../parameters'
import { sag } from './sag'
import { seg } from './seg'
import { selfGuidance } from './self-guidance'
import { slg } from './slg'
import { swg } from './swg'
import { tpg } from './tpg'
import { tsg } from './tsg'
import { positiveOf } from '../positive'
import type { NegativeContext, NegativeMethod, Parameter, Prediction } from '../types'

interface Dimension {
  readonly key: string
  readonly label: string
  readonly help: string
  readonly default: string
  readonly choices: readonly {
    readonly value: string
    readonly label: string
    readonly help: string
    readonly method: NegativeMethod | null
  }[]
}

const named = (method: NegativeMethod) => ({ value: method.id, label: method.name, help: method.title, method })

/** Of the negative, in the order in which they are applied; each acts on what the one before it made. */
const NEGATIVE: readonly Dimension[] = [
  {
    key: 'negativeNetwork',
    label: 'Network',
    help: 'Whose weights make the negative.',
    default: 'same',
    choices: [
      { value: 'same', label: 'The same', help: 'The positive’s own.', method: null },
      {
        value: 'other',
        label: 'Another',
        help: 'Any network of the family, as in autoguidance.',
        method: autoguidance,
      },
    ],
  },
  {
    key: 'negativeCondition',
    label: 'Asked for',
    help: 'What the negative is asked for.',
    default: 'same',
    choices: [
      { value: 'same', label: 'The same', help: 'The wanted class.', method: null },
      { value: 'null', label: 'Any image', help: 'No class, as in CFG.', method: cfg },
      { value: 'random', label: 'At random', help: 'A drawn class or noise, as in ICG.', method: icg },
    ],
  },
  {
    key: 'negativePerturbation',
    label: 'Attention',
    help: 'What happens to the negative’s attention layers.',
    default: 'pag',
    choices: [
      { value: 'none', label: 'As trained', help: 'Nothing.', method: null },
      ...[pag, seg, erg, slg, tpg].map(named),
    ],
  },
  {
    key: 'negativeTime',
    label: 'Noise level',
    help: 'What the negative is told about the noise level.',
    default: 'same',
    choices: [
      { value: 'same', label: 'The same', help: 'The truth.', method: null },
      ...[tsg, selfGuidance].map(named),
    ],
  },
  {
    key: 'negativeInput',
    label: 'Looks at',
    help: 'What the negative sees of the noisy image.',
    default: 'same',
    choices: [
      { value: 'same', label: 'The same', help: 'The noisy image as it is.', method: null },
      ...[sag, swg].map(named),
    ],
  },
]

/** Of the positive: what stands as trained unless the person makes it worse, too. */
const POSITIVE: readonly Dimension[] = [
  {
    key: 'positivePerturbation',
    label: 'Positive’s attention',
    help: 'What happens to the positive’s attention layers.',
    default: 'none',
    choices: [
      { value: 'none', label: 'As trained', help: 'Nothing.', method: null },
      ...[pag, seg, erg, slg, tpg].map(named),
    ],
  },
  {
    key: 'positiveTime',
    label: 'Positive’s noise level',
    help: 'What the positive is told about the noise level.',
    default: 'same',
    choices: [
      { value: 'same', label: 'As it is', help: 'The truth.', method: null },
      ...[tsg, selfGuidance].map(named),
    ],
  },
  {
    key: 'positiveInput',
    label: 'Positive looks at',
    help: 'What the positive sees of the noisy image.',
    default: 'same',
    choices: [{ value: 'same', label: 'All of it', help: 'The noisy image as it is.', method: null }, named(swg)],
  },
]

type Values = Readonly<Record<string, ParameterValue>>

/** The methods that the choices borrow, in the order of the dimensions. */
function borrowed(values: Values, dimensions: readonly Dimension[] = NEGATIVE): readonly NegativeMethod[] {
  return dimensions.flatMap((dimension) => {
    const value = values[dimension.key] ?? dimension.default
    return dimension.choices.find((choice) => choice.value === value)?.method ?? []
  })
}

/** What each method makes of what the one before it made. */
function compose(methods: readonly NegativeMethod[], context: NegativeContext): Prediction {
  return methods.reduce<Prediction>(
    (positive, method) => method.negative({ ...context, positive }) ?? positive,
    context.positive,
  )
}

export const anyPair: NegativeMethod = {
  kind: 'negative',
  id: 'pair',
  name: 'Any pair',
  title: 'Any pair of predictions',
  family: 'beyond',
  sentence:
    'is whatever you make of it: another network, condition, attention, noise level or input, or several of them at once.',
  formula(values) {
    const methods = borrowed(values)
    return methods.length === 0
      ? String.raw`D^{-} = D^{+}`
      : String.raw`D^{-}:\quad ${methods.map(({ name }) => String.raw`\text{${name}}`).join(String.raw` \circ `)}`
  },
  source: {
    text: 'Karras et al. 2024, arXiv 2406.02507 (guidance by any worse version)',
    url: 'https://arxiv.org/abs/2406.02507',
  },
  needs: 'What its choices need.',
  breaks:
    'Two degradations at once can take the negative so far away that its difference no longer points to anything.',
  cost: '+1 (with crops +1.6)',
  scale: { default: 0.75, max: 6 },
  parameters: [...NEGATIVE, ...POSITIVE].map(({ choices, ...dimension }): Parameter => ({
    kind: 'choice',
    ...dimension,
    choices: choices.map(({ value, label, help }) => ({ value, label, help })),
  })),
  borrows: (values) => [...new Set(borrowed(values, [...NEGATIVE, ...POSITIVE]).map(({ id }) => id))],
  layers: { default: () => 'all' },
  unavailable: () => null,
  refuses(settings, model) {
    const methods = borrowed(settings.parameters)
    const { parameters } = settings
    const positives = borrowed(parameters, POSITIVE)
    for (const method of positives) {
      const why = method.unavailable(model) ?? method.refuses?.(settings, model) ?? null
      if (why !== null) return why
    }
    if (positives.some(({ id }) => id === 'self-guidance') && parameters.from === 'previous')
      return 'The positive can’t be its own previous prediction. Set from to level, or positiveTime to same.'
    if (positives.includes(swg) && methods.includes(sag))
      return 'SAG reads the attention of the whole positive, which is cut into crops here. Set positiveInput or negativeInput to same.'
    const other = methods.includes(autoguidance)
    const network = other ? String(parameters.weak) : settings.network
    const key = other ? 'weak' : 'network'
    if (!networkById(network, model))
      return 'There is no other network. Set weak to one of the model’s networks, or negativeNetwork to same.'
    const averages = other ? needsAverages(network, emaParameter(settings, 'weakEma'), model, 'weakEma') : null
    if (averages !== null) return averages
    if (methods.includes(cfg)) {
      if (settings.class === null)
        return 'Without a class the positive is asked for any image already. Choose a class, or set negativeCondition to same.'
      const why = needsNull(network, model, key, 'set negativeCondition to same or random')
      if (why !== null) return why
    } else if (settings.class === null) {
      const why = needsNull(network, model, key)
      if (why !== null) return why
    }
    if (methods.includes(swg)) {
      const why =
        swg.unavailable(model) ??
        needsCrops(network, model, key) ??
        swg.refuses?.({ ...settings, network }, model) ??
        null
      if (why !== null) return why
    }
    for (const method of methods) {
      if (method === autoguidance || method === cfg || method === swg) continue
      // SAG reads the attention of the positive.
      const why =
        method.unavailable(model) ??
        method.refuses?.(method === sag ? settings : { ...settings, network }, model) ??
        null
      if (why !== null) return why
    }
    return null
  },
  positive: (context) => compose(borrowed(context.settings.parameters, POSITIVE), context),
  negative(context) {
    const { parameters } = context.settings
    const [own, others] = [borrowed(parameters), borrowed(parameters, POSITIVE)]
    // What is done to the positive is not done to the negative too.
    const plain = others.length === 0 ? context.positive : positiveOf(context.settings, context.model)
    const negative = compose(own, { ...context, positive: plain })
    return negative === plain && others.length === 0 ? null : negative
  },
}
