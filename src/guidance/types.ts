/** What a guidance method is: metadata that the page, the link, the docs and the tests read, and one function. */
import type { AttentionControl } from '../network/types'
import type { ModelInfo } from '../engine/types'
import type { ParameterValue, Settings } from '../settings/types'

interface ParameterBase {
  /** Key in links and preset files. */
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
    })
  | (ParameterBase & {
      readonly kind: 'choice'
      readonly default: string
      readonly choices: readonly { readonly value: string; readonly label: string; readonly help: string }[]
    })
  | (ParameterBase & { readonly kind: 'flag'; readonly default: boolean })

/** What differs between the negative's row and the positive's. */
export interface Negative {
  readonly classWeights?: Float32Array
  readonly attention?: readonly (AttentionControl | null)[]
}

export interface NegativeContext {
  readonly model: ModelInfo
  readonly settings: Settings
  /** Index of the image among the samples. */
  readonly sample: number
  /** Index of the outer step; the same for both evaluations of a Heun step. */
  readonly step: number
  readonly sigma: number
}

export interface GuidanceMethod {
  readonly id: string
  /** Short name, such as `PAG`. */
  readonly name: string
  readonly title: string
  /** What the negative is, completing "The negative …". */
  readonly sentence: string
  /** KaTeX of the negative under these parameters. */
  formula(parameters: Readonly<Record<string, ParameterValue>>): string
  readonly source: { readonly text: string; readonly url: string }
  /** Layers perturbed unless the person chooses others; null where the method does not act on attention layers. */
  readonly layers: { default(model: ModelInfo): 'all' | readonly number[] } | null
  /** Default and range of the scale s for this method. */
  readonly scale: { readonly default: number; readonly max: number }
  readonly parameters: readonly Parameter[]
  /** A sentence that says why the method can't run on this model, or null. */
  unavailable(model: ModelInfo): string | null
  /** The negative, or null where it equals the positive (nothing to evaluate, nothing to add). */
  negative(context: NegativeContext): Negative | null
}
