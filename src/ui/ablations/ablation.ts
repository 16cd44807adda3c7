/** What an ablation of the article is: variants of one thing, each a click. Data, one file each in `article/`. */
import type { ModelInfo } from '../../model/types'
import type { ParameterValue, Settings } from '../../settings/types'

/** A variant of an ablation: what it asks for, or why this family of networks has no such thing. */
export type Variant = { readonly label: string } & (Asked | { readonly missing: string })

export interface Asked {
  readonly method: string
  readonly scale?: number
  readonly parameters?: Readonly<Record<string, ParameterValue>>
  readonly window?: Settings['window']
  readonly network?: string
  readonly ema?: number
  readonly class?: null
}

export interface Ablation {
  readonly id: string
  readonly label: string
  /** Place in the menu. */
  readonly order: number
  /** What to look at while flipping through the variants. */
  readonly look: string
  /** The variants that the family of networks allows; those that it lacks say why. */
  variants(model: ModelInfo): readonly Variant[]
}
