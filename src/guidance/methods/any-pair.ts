/**
 * Any pair: every dimension of both sides is a free choice, borrowed from the method that is named after it. All other
 * methods are presets of this one, and their parameters mean here what they mean there. (The positive's network and
 * class are settings of their own, whatever the method.)
 */
import type { ModelInfo } from '../../model/types'
import type { ParameterValue, Settings } from '../../settings/types'
import { asRun, needsClassless, needsNull } from '../networks'
import { textParameter } from '../parameters'
import { positiveOf } from '../positive'
import { texName } from '../tex'
import type { Prediction } from '../prediction'
import type { Dimension, NegativeContext, NegativeMethod, PairChoice, Parameter } from '../types'

interface Choice {
  readonly value: string
  readonly label: string
  readonly help: string
  /** Whom the choice borrows from, and how that offers itself; null leaves the dimension alone. */
  readonly lent: { readonly method: NegativeMethod; readonly offer: PairChoice } | null
}

interface Question {
  readonly key: string
  readonly label: string
  readonly help: string
  readonly default: string
  readonly choices: readonly Choice[]
}

type Neutral = Omit<Choice, 'lent'>
type Wording = Omit<Question, 'choices'> & { readonly dimension: Dimension; readonly neutral: Neutral }

const same = (label: string, help: string): Neutral => ({ value: 'same', label, help })
const asTrained: Neutral = { value: 'none', label: 'As trained', help: 'Nothing.' }

/** Of the negative, in the order in which they are applied; each acts on what the one before it made. */
const NEGATIVE: readonly Wording[] = [
  {
    dimension: 'network',
    key: 'negativeNetwork',
    label: 'Network',
    help: 'Whose weights make the negative.',
    default: 'same',
    neutral: same('The same', 'The positive’s own.'),
  },
  {
    dimension: 'condition',
    key: 'negativeCondition',
    label: 'Asked for',
    help: 'What the negative is asked for.',
    default: 'same',
    neutral: same('The same', 'The wanted class.'),
  },
  {
    dimension: 'perturbation',
    key: 'negativePerturbation',
    label: 'Attention',
    help: 'What happens to the negative’s attention layers.',
    default: 'pag',
    neutral: asTrained,
  },
  {
    dimension: 'time',
    key: 'negativeTime',
    label: 'Noise level',
    help: 'What the negative is told about the noise level.',
    default: 'same',
    neutral: same('The same', 'The truth.'),
  },
  {
    dimension: 'input',
    key: 'negativeInput',
    label: 'Looks at',
    help: 'What the negative sees of the noisy image.',
    default: 'same',
    neutral: same('The same', 'The noisy image as it is.'),
  },
]

/** Of the positive: what stands as trained unless the person makes it worse, too. */
const POSITIVE: readonly Wording[] = [
  {
    dimension: 'perturbation',
    key: 'positivePerturbation',
    label: 'Positive’s attention',
    help: 'What happens to the positive’s attention layers.',
    default: 'none',
    neutral: asTrained,
  },
  {
    dimension: 'time',
    key: 'positiveTime',
    label: 'Positive’s noise level',
    help: 'What the positive is told about the noise level.',
    default: 'same',
    neutral: same('As it is', 'The truth.'),
  },
  {
    dimension: 'input',
    key: 'positiveInput',
    label: 'Positive looks at',
    help: 'What the positive sees of the noisy image.',
    default: 'same',
    neutral: same('All of it', 'The noisy image as it is.'),
  },
]

type Values = Readonly<Record<string, ParameterValue>>

/** A dimension's question, with a choice for every method that offers itself there. */
function questionOf(
  { dimension, neutral, ...question }: Wording,
  lenders: readonly NegativeMethod[],
  allows: (offer: PairChoice) => boolean,
): Question {
  const offered = lenders.flatMap((method): Choice[] => {
    const offer = method.pair
    if (offer.dimension !== dimension || !allows(offer)) return []
    const named = offer.choice ?? { value: method.id, label: method.name, help: method.title }
    return [{ ...named, lent: { method, offer } }]
  })
  return { ...question, choices: [{ ...neutral, lent: null }, ...offered] }
}

/** What the choices borrow, in the order of the dimensions. */
function borrowed(values: Values, questions: readonly Question[]) {
  return questions.flatMap(({ key, default: standard, choices }) => {
    const value = values[key] ?? standard
    return choices.find((choice) => choice.value === value)?.lent ?? []
  })
}

type Lent = ReturnType<typeof borrowed>

/** What each method makes of what the one before it made. */
function compose(lent: Lent, context: NegativeContext): Prediction {
  return lent.reduce<Prediction>(
    (positive, { method }) => method.negative({ ...context, positive }) ?? positive,
    context.positive,
  )
}

/** Why the positive can't be made of these methods, or null. */
function positiveRefusal(positives: Lent, negatives: Lent, settings: Settings, model: ModelInfo): string | null {
  for (const { method, offer } of positives) {
    const why =
      method.unavailable(model) ?? method.refuses?.(settings, model) ?? offer.positive?.(settings.parameters) ?? null
    if (why !== null) return why
  }
  const reader = negatives.find(({ method }) => method.readsMap)
  return reader && positives.some(({ method }) => method.crops)
    ? `${reader.method.name} reads the attention of the whole positive, which is cut into crops here. Set positiveInput or negativeInput to same.`
    : null
}

/** Why the negative can't be made of these methods, or null. */
function negativeRefusal(negatives: Lent, settings: Settings, model: ModelInfo): string | null {
  const key = negatives.find(({ offer }) => offer.network !== undefined)?.offer.network
  const asked = key === undefined ? settings : { ...settings, network: textParameter(settings, key) }
  for (const { method, offer } of negatives) {
    // A map is the positive's, whose network is the settings' own.
    const seen = method.readsMap ? settings : asked
    const refuses = offer.refuses ?? method.refuses
    const why = method.unavailable(asRun(asked.network, model)) ?? refuses?.(seen, model, key ?? 'network') ?? null
    if (why !== null) return why
  }
  if (settings.class === null) return needsNull(asked.network, model, key ?? 'network')
  if (key === undefined) return null
  // Another network need not know classes where the pair asks it for none.
  const { max } = model.sigma
  const point = { sample: 0, step: 0, sigma: max, sigmaNext: max }
  const { condition } = compose(negatives, { settings, model, positive: positiveOf(settings, model), ...point })
  return condition.kind === 'class' ? needsClassless(asked.network, model, key) : null
}

/** The method, of all those that it can borrow from. */
export function anyPair(lenders: readonly NegativeMethod[]): NegativeMethod {
  const ofNegative = NEGATIVE.map((wording) => questionOf(wording, lenders, () => true))
  const ofPositive = POSITIVE.map((wording) => questionOf(wording, lenders, ({ positive }) => positive !== undefined))
  const questions = [...ofNegative, ...ofPositive]
  return {
    kind: 'negative',
    id: 'pair',
    name: 'Any pair',
    title: 'Any pair of predictions',
    family: 'own',
    order: 200,
    brief: 'whatever you choose',
    sentence:
      'is whatever you make of it: another network, condition, attention, noise level or input, or several of them at once.',
    formula(values) {
      const names = borrowed(values, ofNegative).map(({ method }) => texName(method.name))
      return names.length === 0 ? String.raw`D^{-} = D^{+}` : String.raw`D^{-}:\quad ${names.join(String.raw` \circ `)}`
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
    parameters: questions.map(({ choices, ...question }): Parameter => ({
      kind: 'choice',
      ...question,
      choices: choices.map(({ value, label, help }) => ({ value, label, help })),
    })),
    borrows: (values) => [...new Set(borrowed(values, questions).map(({ method }) => method.id))],
    pair: { dimension: null, why: 'It is the pair itself.' },
    layers: { default: () => 'all' },
    unavailable: () => null,
    refuses(settings, model) {
      const negatives = borrowed(settings.parameters, ofNegative)
      const positives = borrowed(settings.parameters, ofPositive)
      return positiveRefusal(positives, negatives, settings, model) ?? negativeRefusal(negatives, settings, model)
    },
    positive: (context) => compose(borrowed(context.settings.parameters, ofPositive), context),
    negative(context) {
      const { parameters } = context.settings
      const [own, others] = [borrowed(parameters, ofNegative), borrowed(parameters, ofPositive)]
      // What is done to the positive is not done to the negative too.
      const unperturbed = others.length === 0 ? context.positive : positiveOf(context.settings, context.model)
      const positive = compose(others, { ...context, positive: unperturbed })
      const negative = compose(own, { ...context, positive: unperturbed })
      // Both sides may have been given the same. A prediction is plain data, so that text compares it.
      return JSON.stringify(negative) === JSON.stringify(positive) ? null : negative
    },
  }
}
