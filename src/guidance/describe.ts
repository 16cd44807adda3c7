/** The two sides of the guidance equation in words: what each is asked, aspect by aspect, and where they differ. */
import type { ModelInfo, NetworkRef } from '../model/types'
import type { AttentionControl } from '../network/types'
import type { Settings } from '../settings/types'
import { drawnEachStep, folds } from './index'
import { beginning, foldedPrediction, type Negative, negativePrediction, negativesOf, positiveAt } from './pair'
import type { Input, Prediction } from './prediction'

/** One aspect of the pair, as the page shows it. */
export interface PairRow {
  readonly aspect: string
  readonly positive: string
  /** Of the negative; of what makes the guided prediction, where a method pushes inside the network. */
  readonly other: string
  readonly differs: boolean
}

/** A number as short as three digits allow. */
const short = (value: number) => (value === Infinity ? '∞' : String(Number(value.toPrecision(3))))

function networkText({ id, sigmaRel, neon }: NetworkRef, model: ModelInfo): string {
  const name = (wanted: string) => model.networks.find((network) => network.id === wanted)?.name ?? wanted
  const average = sigmaRel === undefined ? '' : `, average of σ_rel ${short(sigmaRel)}`
  return neon
    ? `${short(1 + neon.w)} × ${name(id)} ${neon.w < 0 ? '+' : '−'} ${short(Math.abs(neon.w))} × ${name(neon.against)}`
    : `${name(id)}${average}`
}

function conditionText({ condition, embeddingOffset }: Prediction, model: ModelInfo): string {
  switch (condition.kind) {
    case 'class':
      return model.conditioning.classes[condition.index]?.name ?? `class ${condition.index}`
    case 'null':
      return embeddingOffset ? 'Gaussian noise for a class' : 'any image (no class)'
    default:
      return condition satisfies never
  }
}

type Fields = Required<AttentionControl>
type Words = { readonly [Key in keyof Fields]: (value: Fields[Key]) => string }

/** What each field of a control does, for every field that there is. */
const WORDS: Words = {
  mix: (mix) => {
    if (typeof mix !== 'number') return 'identity in one head'
    return mix === 1 ? 'map := identity' : `${short(mix)} identity`
  },
  querySigma: (sigma) => `queries blurred, σ ${short(sigma)}`,
  temperature: (factor) => (factor === 0 ? 'map := uniform' : `logits × ${short(factor)}`),
  mask: ({ rate, keepDiagonal }) =>
    `${short(100 * rate)} % of the map masked${keepDiagonal ? ', not the diagonal' : ''}`,
  drop: ({ rate }) => `${short(100 * rate)} % of the map set to zero`,
  noise: ({ deviation }) => `map + noise of ${short(deviation)}`,
  smooth: (kind) => (kind === 'gaussian' ? 'map blurred' : 'map averaged 3 × 3'),
  shuffle: ({ share }) => `${short(100 * share)} % of the tokens shuffled`,
  skip: (part) => (part === 'attention' ? 'attention skipped' : 'block skipped'),
  entmax: (share) => `${short(share)} of the way to 1.5-entmax’s map`,
  sparsemax: (share) => `${short(share)} of the way to sparsemax’s map`,
  extrapolate: ({ scale }) => `result pushed ${short(scale)} times away from the values`,
  dropout: ({ rate }) => `${short(100 * rate)} % of the block’s inner values dropped`,
}
const KEYS = Object.keys(WORDS) as readonly (keyof Fields)[]

function fieldText<Key extends keyof Fields>(control: Partial<Fields>, key: Key): string | null {
  const value: Fields[Key] | undefined = control[key]
  return value === undefined ? null : WORDS[key](value)
}

function controlText(control: AttentionControl): string {
  return KEYS.flatMap((key) => fieldText(control, key) ?? []).join(', ') || 'as trained'
}

function attentionText({ attention }: Prediction, model: ModelInfo): string {
  const touched = (attention ?? []).flatMap((control, index) =>
    control ? [{ control, name: model.layers[index]?.name ?? `layer ${index}` }] : [],
  )
  const first = touched[0]
  if (!first) return 'as trained'
  const where =
    touched.length === model.layers.length
      ? 'all layers'
      : touched.length === 1
        ? first.name
        : `${touched.length} layers`
  return `${controlText(first.control)} (${where})`
}

function inputText(input: Input): string {
  switch (input.kind) {
    case 'x':
      return 'x_t'
    case 'degraded':
      return `x_t, ${input.fill === 'zero' ? 'emptied' : 'blurred'} where ${
        {
          attention: 'attention looks',
          global: 'there is anything',
          'high-frequency': 'details are',
          random: 'chance falls',
          square: 'a random square is',
          dino: 'a vision transformer looks',
        }[input.strategy]
      }`
    case 'windows':
      return `${input.perSide} × ${input.perSide} crops of ${input.height} × ${input.width}`
    case 'history':
      return `its ${input.beta === 0 ? 'previous prediction' : 'earlier predictions'}${input.of === 'noise' ? ' of the noise' : ''}, ${input.beta === 0 ? 'not asked anew' : 'averaged'}`
    default:
      return input satisfies never
  }
}

function noiseText({ condition, noiseFactor, embeddingOffset }: Prediction): string {
  if (noiseFactor !== 1) return `told ${short(noiseFactor)} σ`
  return embeddingOffset && condition.kind === 'class' ? 'σ, its embedding perturbed' : 'σ'
}

/** What stands beside the positive. */
function otherOf(term: Negative, model: ModelInfo): Prediction | null {
  return folds(term.settings) ? foldedPrediction(term, model) : negativePrediction(term, model)
}

/** Which choice each side of the first term makes; the other repeats the positive where nothing is changed. */
export function describePair(settings: Settings, model: ModelInfo): readonly PairRow[] {
  const first = negativesOf(settings)[0]
  const positive = positiveAt(settings, model, beginning(model))
  const other = (first && otherOf(first, model)) ?? positive
  const drawn = first ? drawnEachStep(first.settings) : null
  const asked = (side: Prediction) => (side === positive ? null : drawn) ?? conditionText(side, model)
  const rows: readonly (readonly [string, (side: Prediction) => string])[] = [
    ['Network', ({ network }) => networkText(network, model)],
    ['Asked for', asked],
    ['Attention', (side) => attentionText(side, model)],
    ['Noise level', noiseText],
    ['Looks at', ({ input }) => inputText(input)],
  ]
  return rows.map(([aspect, text]) => {
    const sides = { positive: text(positive), other: text(other) }
    return { aspect, ...sides, differs: sides.positive !== sides.other }
  })
}
