/**
 * What a guidance method is: metadata that the page, the link, the docs and the tests read, and functions of plain
 * data.
 */
import type { Field } from '../core/field'
import type { ModelInfo, NetworkInfo } from '../model/types'
import type { ParameterValue, Settings } from '../settings/types'
import type { Prediction } from './prediction'

interface ParameterBase {
  /** Key in links and preset files: one key, one meaning, across all methods. */
  readonly key: string
  readonly label: string
  /** One sentence for a person who meets the control for the first time. */
  readonly help: string
  /** The parameter is meaningful only while another has one of these values. */
  readonly when?: { readonly key: string; readonly in: readonly string[] }
}

export type Parameter =
  | (ParameterBase & {
      readonly kind: 'number'
      readonly default: number
      readonly min: number
      readonly max: number
      readonly step: number
      /** `log2`: the slider is logarithmic, with stops at 0 ("off") and Infinity where `min` and `max` reach them. */
      readonly slider: 'linear' | { readonly kind: 'log2'; readonly from: number; readonly to: number }
      readonly unit?: string
      /** Whole numbers only. */
      readonly whole?: boolean
      /**
       * The number is a head, chosen by name: −1 is `all`. Of the layer that the parameter `layer` names; absent: of
       * the chosen layers.
       */
      readonly heads?: { readonly all: string; readonly layer?: string }
    })
  | (ParameterBase & {
      readonly kind: 'choice'
      /** A function where it depends on what the model has. */
      readonly default: string | ((model: ModelInfo) => string)
      readonly choices: readonly { readonly value: string; readonly label: string; readonly help: string }[]
    })
  | (ParameterBase & { readonly kind: 'flag'; readonly default: boolean })
  /** A network of the model's family, by id. */
  | (ParameterBase & {
      readonly kind: 'network'
      /** The id where the model has such a network; '' where it has none. `label`: the wanted class, null for none. */
      readonly default: (model: ModelInfo, label?: number | null) => string
      readonly among: (network: NetworkInfo, model: ModelInfo) => boolean
    })
  /** A self-attention layer, by index. */
  | (ParameterBase & { readonly kind: 'layer'; readonly default: (model: ModelInfo) => number })
  /**
   * A weight average's length σ_rel, or "stored" for the weights as shipped. `of`: key of the network parameter it
   * belongs to.
   */
  | (ParameterBase & { readonly kind: 'ema'; readonly of: string; readonly default: 'stored' })

export interface NegativeContext {
  readonly model: ModelInfo
  /** The settings with this term's method, scale, layers, window and parameters in place of the first term's. */
  readonly settings: Settings
  /** What the positive is asked; a negative changes some of it. */
  readonly positive: Prediction
  /** Index of the image among the samples. */
  readonly sample: number
  /** Index of the outer step; the same for both evaluations of a Heun step. */
  readonly step: number
  /** Noise level of the outer step's beginning, and of its end. */
  readonly sigma: number
  readonly sigmaNext: number
}

type Values = Readonly<Record<string, ParameterValue>>

interface MethodBase {
  /** In links and presets; never changed. */
  readonly id: string
  /** Short name, such as `PAG`. */
  readonly name: string
  readonly title: string
  /** Part of the menu: of the article, beyond it, other ways to combine, or the reader's own. */
  readonly family: 'article' | 'beyond' | 'combining' | 'own'
  /** Place in the menu, ascending. */
  readonly order: number
  /** What makes the negative worse, in a few words for a table; of a combiner, what becomes of the difference. */
  readonly brief: string
  /** What the negative is, completing "The negative …"; of a combiner, completing "The difference …". */
  readonly sentence: string
  /** KaTeX of the negative (of a combiner: of D) under these parameters. */
  formula(parameters: Values): string
  readonly source: { readonly text: string; readonly url: string }
  /** For the method's card, one sentence or two each: what it needs, and when it breaks. */
  readonly needs: string
  readonly breaks: string
  /** Evaluations of the network that a guided step costs beside the positive's, such as `+1`. */
  readonly cost: string
  /** Default of the scale s for this method, and the highest that its slider offers. */
  readonly scale: { readonly default: number; readonly max: number }
  /** Why s can't be below 0, after the method's name. Absent where s = −1, alone and without rescale, is the negative itself. */
  readonly oneWay?: string
  readonly parameters: readonly Parameter[]
  /** Methods whose parameters this one has beside its own (a combiner has those of its negative). */
  borrows?(parameters: Values): readonly string[]
  /** Network and window that this method starts with, where they are not the usual ones. */
  defaults?(model: ModelInfo): Partial<Pick<Settings, 'network' | 'window'>>
  /** A sentence that says why the method can't run on this model at all, or null. */
  unavailable(model: ModelInfo): string | null
  /**
   * A sentence that says why it can't run under these settings (network, class, solver …) and what to do, or null.
   * `networkKey`: the setting that names `settings.network`, where it is not `network` itself.
   */
  refuses?(settings: Settings, model: ModelInfo, networkKey?: string): string | null
}

/** The aspects of a prediction that *pair* lets a person choose, in the order in which they are applied. */
export const DIMENSIONS = ['network', 'condition', 'perturbation', 'time', 'input'] as const
export type Dimension = (typeof DIMENSIONS)[number]

/** How *pair* offers a method. */
export interface PairChoice {
  readonly dimension: Dimension
  /** The choice in links and in the menu, where it is not the method's id, name and title. */
  readonly choice?: { readonly value: string; readonly label: string; readonly help: string }
  /** Present where the positive may borrow the method too; a sentence where these parameters forbid it. */
  positive?(parameters: Values): string | null
  /** Key of the parameter that names the negative's network, of a method that changes it. */
  readonly network?: string
  /** In the place of the method's own `refuses`, where a pair asks less or more of it. */
  refuses?(settings: Settings, model: ModelInfo, networkKey: string): string | null
}

/** What others ask of a method in the place of its id. */
interface Capabilities {
  /** Reads an attention map of the positive, which therefore has to be whole and evaluated first. */
  readonly readsMap?: true
  /** Shows the network crops of the image, so that no attention map of the whole exists. */
  readonly crops?: true
  /** Needs a vision transformer under these parameters. */
  needsVision?(parameters: Values): boolean
  /**
   * Pushes weights or features instead of predictions: one evaluation makes D. A combiner shows the sentence: what to
   * do.
   */
  folds?(parameters: Values): string | null
  /** What the negative is asked for, in words, where that is drawn anew at each step. */
  drawsEachStep?(parameters: Values): string | null
}

/** Makes a negative. */
export interface NegativeMethod extends MethodBase, Capabilities {
  readonly kind: 'negative'
  /** How *pair* offers it, or why it does not. */
  readonly pair: PairChoice | { readonly dimension: null; readonly why: string }
  /** Layers perturbed unless the person chooses others; null where the method does not act on attention layers. */
  readonly layers: { default(model: ModelInfo): 'all' | readonly number[] } | null
  /** The negative, or null where it equals the positive (nothing to evaluate, nothing to add). */
  negative(context: NegativeContext): Prediction | null
  /**
   * What the positive is asked, of a method that changes that too; `context.positive` is what it would be asked
   * otherwise.
   */
  positive?(context: NegativeContext): Prediction
  /**
   * The guided prediction as one evaluation (Neon, NAG, PLADIS); null where the method pushes as usual. `folds` says
   * when.
   */
  folded?(context: NegativeContext): Prediction | null
}

/**
 * What a combiner remembers of one sample's guided trajectory; null at its first step. Committed once a step, by the
 * first evaluation.
 */
export type CombinerMemory = Float32Array | null

/** What a combiner is given: at every step, whether or not there is a difference. */
export interface CombinerContext {
  /**
   * D⁺, D⁻ and x_t of one sample, [channels × height × width]. Where the negative was not evaluated it is the positive,
   * the same array: it was drawn equal (ICG), is neutral at this noise level, has no history yet, s is 0, or guidance
   * does not act.
   */
  readonly positive: Field
  readonly negative: Field
  readonly x: Field
  readonly size: { readonly channels: number; readonly height: number; readonly width: number }
  readonly settings: Settings
  /** Whether the guidance window contains the step: outside, the difference is 0 and nothing is to be pushed. */
  readonly acts: boolean
  readonly step: number
  /** Noise level of x: in a solver's later evaluations not that of the step's beginning. */
  readonly level: number
  /** σ where the outer step's first prediction is made, and σ at its end. */
  readonly sigma: number
  readonly sigmaNext: number
  readonly memory: CombinerMemory
}

/** Combines a positive and a negative that another method makes, in another way than D⁺ + s (D⁺ − D⁻). */
export interface CombinerMethod extends MethodBase {
  readonly kind: 'combiner'
  /** Method id of the negative unless the parameter `negative` names another. */
  readonly negative: string
  /**
   * Written for a step x' = D + σ'/σ (x − D), so that solvers that take another one refuse it: why, as a part of a
   * sentence.
   */
  readonly linearStep?: string
  /** The guided D, and what the next step is given as `memory`. D = x_t, the same array, stands still. */
  combine(context: CombinerContext): { readonly denoised: Float32Array; readonly memory: CombinerMemory }
}

/** A combiner as its file describes it: what all combiners share is added by the registry. */
export type CombinerDefinition = Omit<CombinerMethod, 'unavailable' | 'oneWay'>

export interface NoMethod extends MethodBase {
  readonly kind: 'none'
}

export type GuidanceMethod = NoMethod | NegativeMethod | CombinerMethod

/**
 * What a file of `methods/` exports: a method, or a function that makes one of the negatives that it can borrow from.
 */
export type MethodDefinition =
  | NoMethod
  | NegativeMethod
  | CombinerDefinition
  | ((negatives: readonly NegativeMethod[]) => NegativeMethod)
