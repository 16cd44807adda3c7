/**
 * The two sides of the guidance equation under given settings: what the positive is asked, what each negative is asked,
 * which networks that takes, and how the two differ, in words. Every named method is one choice of these.
 */
import { networkKey, type DenoiserRow, type ModelInfo, type NetworkRef } from '../model/types'
import type { AttentionControl } from '../network/types'
import type { Settings, Term } from '../settings/types'
import { drawnEachStep, methodById, negativeMethodOf } from './index'
import { positiveOf } from './positive'
import { restsOn } from './rests'
import type { Condition, Input, NegativeContext, NegativeMethod, Prediction, CombinerMethod } from './types'

/** One negative of the run: its settings in the place of the first term's, its method, and the combiner that combines it. */
export interface Negative {
  readonly settings: Settings
  readonly method: NegativeMethod
  /** Null: D⁺ + s (D⁺ − D⁻). Only the first term can have one. */
  readonly combiner: CombinerMethod | null
}

/** The settings as a method sees them that is not the first. */
export function withTerm(settings: Settings, term: Term): Settings {
  return { ...settings, ...term, stack: [] }
}

/** The negatives of the settings in order; empty without guidance. Throws RangeError for a method that does not exist. */
export function negativesOf(settings: Settings): readonly Negative[] {
  return [settings, ...settings.stack].flatMap((term) => {
    const view = term === settings ? settings : withTerm(settings, term)
    const named = methodById(view.method)
    if (!named) throw new RangeError(`there is no guidance method ${view.method}`)
    const method = negativeMethodOf(view)
    return method ? [{ settings: view, method, combiner: named.kind === 'combiner' ? named : null }] : []
  })
}

/** Where on the way a prediction is asked for. */
export type SamplingPoint = Pick<NegativeContext, 'sample' | 'step' | 'sigma' | 'sigmaNext'>

/** What the positive is asked at a moment: the first term's method may have a say. */
export function positiveAt(settings: Settings, model: ModelInfo, moment: SamplingPoint): Prediction {
  const positive = positiveOf(settings, model)
  const first = negativesOf(settings)[0]
  return first?.method.positive?.({ model, settings: first.settings, positive, ...moment }) ?? positive
}

/** A moment at the beginning of the schedule, for questions that do not depend on the step. */
function beginning(model: ModelInfo): SamplingPoint {
  return { sample: 0, step: 0, sigma: model.sigma.max, sigmaNext: model.sigma.max / 2 }
}

/** Moments that stand for the whole way: a method may act at low noise only, or draw the wanted class by chance. */
function moments(model: ModelInfo): readonly SamplingPoint[] {
  const { min, max } = model.sigma
  return [max, Math.sqrt(max * min), min].map((sigma, step) => ({ sample: 0, step, sigma, sigmaNext: sigma / 2 }))
}

/** The choice that a negative makes, at a noise level where it makes one; null where it is neutral everywhere. */
export function choiceOf({ settings, method }: Negative, model: ModelInfo): Prediction | null {
  const positive = positiveOf(settings, model)
  for (const moment of moments(model)) {
    const prediction = method.negative({ model, settings, positive, ...moment })
    if (prediction) return prediction
  }
  return null
}

/** Every prediction that a run may ask for, and what it rests on; the positive first. */
export function predictionsOf(settings: Settings, model: ModelInfo): readonly Prediction[] {
  const negatives = negativesOf(settings)
  return moments(model).flatMap((moment) => {
    const positive = positiveAt(settings, model, moment)
    const asked = negatives.flatMap((term) => {
      const context = { model, settings: term.settings, positive, ...moment }
      const folded = term.settings.scale === 0 ? null : (term.method.folded?.(context) ?? null)
      return [term.method.negative(context), folded]
    })
    return [positive, ...asked].flatMap((prediction) =>
      prediction ? [prediction, restsOn(prediction, positive) ?? prediction] : [],
    )
  })
}

/** Whether the negative can sample by itself: one that is made of the positive's history can't. */
export function walksAlone(settings: Settings, model: ModelInfo): boolean {
  const first = negativesOf(settings)[0]
  return first !== undefined && choiceOf(first, model)?.input.kind !== 'history'
}

/** Weights that a run needs, the positive's first, each once. */
export function networksOf(settings: Settings, model: ModelInfo): readonly NetworkRef[] {
  const refs = predictionsOf(settings, model).map(({ network }) => network)
  return [...new Map(refs.map((ref) => [networkKey(ref), ref])).values()]
}

/** Whether a run needs a vision transformer. */
export function usesVision(settings: Settings, model: ModelInfo): boolean {
  return predictionsOf(settings, model).some(({ input }) => input.kind === 'degraded' && input.strategy === 'dino')
}

export function classWeightsOf(condition: Condition, model: ModelInfo): Float32Array {
  const weights = new Float32Array(model.conditioning.classes.length)
  if (condition.kind === 'class') weights[condition.index] = 1
  return weights
}

/** The row that asks for a prediction at x [channels × height × width] and σ; its input is taken as it is. */
export function rowOf(prediction: Prediction, x: Float32Array, sigma: number, model: ModelInfo): DenoiserRow {
  const { network, condition, attention, noiseFactor, embeddingOffset } = prediction
  return {
    x,
    sigma,
    classWeights: classWeightsOf(condition, model),
    attention,
    network,
    ...(noiseFactor !== 1 && { toldSigma: sigma * noiseFactor }),
    ...(embeddingOffset && { embeddingOffset }),
  }
}

// ---- in words ----

/** One aspect of the pair, as the page shows it. */
export interface PairRow {
  readonly aspect: string
  readonly positive: string
  readonly negative: string
  readonly differs: boolean
}

const plain = (value: number) => (value === Infinity ? '∞' : String(Number(value.toPrecision(3))))

function networkText({ id, sigmaRel, neon }: NetworkRef, model: ModelInfo): string {
  const name = (wanted: string) => model.networks.find((network) => network.id === wanted)?.name ?? wanted
  const average = sigmaRel === undefined ? '' : `, average of σ_rel ${plain(sigmaRel)}`
  return neon
    ? `${plain(1 + neon.w)} × ${name(id)} − ${plain(neon.w)} × ${name(neon.against)}`
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

function controlText(control: AttentionControl): string {
  const { mix, querySigma, temperature, mask, drop, noise, smooth, shuffle, skip } = control
  const parts = [
    mix !== undefined &&
      (typeof mix === 'number' ? (mix === 1 ? 'map := identity' : `${plain(mix)} identity`) : 'identity in one head'),
    querySigma !== undefined && `queries blurred, σ ${plain(querySigma)}`,
    temperature !== undefined && (temperature === 0 ? 'map := uniform' : `logits × ${plain(temperature)}`),
    mask && `${plain(100 * mask.rate)} % of the map masked${mask.keepDiagonal ? ', not the diagonal' : ''}`,
    drop && `${plain(100 * drop.rate)} % of the map set to zero`,
    noise && `map + noise of ${plain(noise.deviation)}`,
    smooth && (smooth === 'gaussian' ? 'map blurred' : 'map averaged 3 × 3'),
    shuffle && `${plain(100 * shuffle.share)} % of the tokens shuffled`,
    skip && (skip === 'attention' ? 'attention skipped' : 'block skipped'),
  ].filter((part) => typeof part === 'string')
  return parts.join(', ') || 'as trained'
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
      return input.beta === 0 ? 'its previous prediction, not asked anew' : 'its earlier predictions, averaged'
    default:
      return input satisfies never
  }
}

function noiseText({ condition, noiseFactor, embeddingOffset }: Prediction): string {
  if (noiseFactor !== 1) return `told ${plain(noiseFactor)} σ`
  return embeddingOffset && condition.kind === 'class' ? 'σ, its embedding perturbed' : 'σ'
}

/** Which choice each side of the first term makes; the negative repeats the positive where there is none. */
export function describePair(settings: Settings, model: ModelInfo): readonly PairRow[] {
  const first = negativesOf(settings)[0]
  const positive = positiveAt(settings, model, beginning(model))
  const negative = (first && choiceOf(first, model)) ?? positive
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
    const [plus, minus] = [text(positive), text(negative)]
    return { aspect, positive: plus, negative: minus, differs: plus !== minus }
  })
}
