/**
 * The two sides of the guidance equation under given settings: what the positive is asked, what each negative is asked,
 * and which networks that takes. Every method is one choice of these. In words: `describe.ts`.
 */
import { networkKey, type DenoiserRow, type ModelInfo, type NetworkRef } from '../model/types'
import type { Settings, Term } from '../settings/types'
import { folds, methodById, negativeMethodOf } from './index'
import { positiveOf } from './positive'
import type { Condition, Prediction } from './prediction'
import type { NegativeContext, NegativeMethod, CombinerMethod } from './types'

/**
 * One negative of the run: its settings in the place of the first term's, its method, and the combiner that combines
 * it.
 */
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

/**
 * The negatives of the settings in order; empty without guidance. Throws RangeError for a method that does not exist.
 */
export function negativesOf(settings: Settings): readonly Negative[] {
  return [settings, ...settings.stack].flatMap((term) => {
    const view = term === settings ? settings : withTerm(settings, term)
    const named = methodById(view.method)
    if (!named) throw new RangeError(`there is no guidance method ${view.method}`)
    const method = negativeMethodOf(view)
    return method ? [{ settings: view, method, combiner: named.kind === 'combiner' ? named : null }] : []
  })
}

/** Whether the method of the first negative changes what the positive is asked. */
export function changesPositive(settings: Settings): boolean {
  return negativesOf(settings)[0]?.method.positive !== undefined
}

/** Where on the way a prediction is asked for. */
export type SamplingPoint = Pick<NegativeContext, 'sample' | 'step' | 'sigma' | 'sigmaNext'>

/** What the positive is asked at a point: the first term's method may have a say. */
export function positiveAt(settings: Settings, model: ModelInfo, point: SamplingPoint): Prediction {
  const positive = positiveOf(settings, model)
  const first = negativesOf(settings)[0]
  return first?.method.positive?.({ model, settings: first.settings, positive, ...point }) ?? positive
}

/** The beginning of the schedule, for questions that do not depend on the step. */
export function beginning(model: ModelInfo): SamplingPoint {
  return { sample: 0, step: 0, sigma: model.sigma.max, sigmaNext: model.sigma.max / 2 }
}

/** Points that stand for the whole way: a method may act at low noise only, or draw the wanted class by chance. */
function pointsOf(model: ModelInfo): readonly SamplingPoint[] {
  const { min, max } = model.sigma
  return [max, Math.sqrt(max * min), min].map((sigma, step) => ({ sample: 0, step, sigma, sigmaNext: sigma / 2 }))
}

/** What a negative is asked, at a noise level where it is asked anything; null where it is neutral everywhere. */
export function negativePrediction({ settings, method }: Negative, model: ModelInfo): Prediction | null {
  const positive = positiveOf(settings, model)
  for (const point of pointsOf(model)) {
    const prediction = method.negative({ model, settings, positive, ...point })
    if (prediction) return prediction
  }
  return null
}

/** What the one evaluation is asked that makes D, of a method that pushes inside the network; null where nothing is pushed. */
export function foldedPrediction({ settings, method }: Negative, model: ModelInfo): Prediction | null {
  if (settings.scale === 0) return null
  return method.folded?.({ model, settings, positive: positiveOf(settings, model), ...beginning(model) }) ?? null
}

/** Every prediction that a run may ask for, the positive first; what they rest on takes no other network. */
export function predictionsOf(settings: Settings, model: ModelInfo): readonly Prediction[] {
  const negatives = negativesOf(settings)
  return pointsOf(model).flatMap((point) => {
    const positive = positiveAt(settings, model, point)
    const asked = negatives.flatMap((term) => {
      const context = { model, settings: term.settings, positive, ...point }
      const folded = term.settings.scale === 0 ? null : (term.method.folded?.(context) ?? null)
      return [term.method.negative(context), folded]
    })
    return [positive, ...asked].filter((prediction) => prediction !== null)
  })
}

/** Whether a negative can sample by itself: one that is made of the positive's history can't, and a push inside the network has none. */
export function walksAlone(settings: Settings, model: ModelInfo): boolean {
  const first = negativesOf(settings)[0]
  if (!first || folds(settings)) return false
  return negativePrediction(first, model)?.input.kind !== 'history'
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
    // No network knows a level above the schedule's top.
    ...(noiseFactor !== 1 && { toldSigma: Math.max(sigma, Math.min(sigma * noiseFactor, model.sigma.max)) }),
    ...(embeddingOffset && { embeddingOffset }),
  }
}
