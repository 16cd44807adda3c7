/** What a kind of setting has to know how to do. A kind is a file of this folder, its entries in `Rows` and `Values`, and a line in `index.ts`. */
import type { ModelInfo, NetworkInfo } from '../../model/types'
import type { JsonSchema } from '../json-schema'

type Choice = { readonly value: string; readonly label: string; readonly help: string }

/** What a row says beside its kind: a method's parameter, or a row of the table of settings. */
export interface Rows {
  number: { readonly default: number; readonly min: number; readonly max: number; readonly whole?: boolean }
  choice: { readonly default: string | ((model: ModelInfo) => string); readonly choices: readonly Choice[] }
  flag: { readonly default: boolean }
  network: {
    readonly default: (model: ModelInfo, label?: number | null) => string
    readonly among: (network: NetworkInfo, model: ModelInfo) => boolean
  }
  layer: { readonly default: (model: ModelInfo) => number }
  ema: { readonly default: 'stored' }
  average: object
  class: object
  layers: object
  window: object
}

/** What the value of a row is. */
export interface Values {
  number: number
  choice: string
  flag: boolean
  /** Id of a network of the family; '' where a method's model has no such network. */
  network: string
  layer: number
  /** σ_rel, or "stored" for the weights as shipped. */
  ema: number | 'stored'
  /** The same of the positive, where null stands for the weights as shipped. */
  average: number | null
  /** Index of a class; null asks for any image, which only a network trained with label dropout can draw. */
  class: number | null
  /** All self-attention layers, or indices in graph order, ascending. */
  layers: 'all' | readonly number[]
  /** low < σ ≤ high, where high may be Infinity. */
  window: readonly [low: number, high: number]
}

export type KindName = keyof Rows
export type Row<K extends KindName = KindName> = { [P in K]: { readonly kind: P } & Rows[P] }[K]

export interface Kind<K extends KindName> {
  /** The value that somebody wrote in a preset. Throws Fault. */
  parse(value: unknown, row: Row<K>, model: ModelInfo): Values[K]
  /** The value that the row has on this model, for images of this class, unless somebody chooses another. */
  standard(row: Row<K>, model: ModelInfo, label: number | null): Values[K]
  /** Is this a value of the row, whatever the model? What comes from a worker is checked so. */
  holds(value: unknown, row: Row<K>): value is Values[K]
  /** What a preset may say, for the published schema. */
  schema(row: Row<K>, model: ModelInfo): JsonSchema
  /** What a preset says, where that is not the value itself. */
  write?(value: Values[K]): unknown
  /** What a preset would say, from a link's or a flag's text, where that is not a number or a word. */
  fromText?(text: string): unknown
}
