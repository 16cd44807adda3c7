/** What an input of the graph may be told: the contract of the files in `inputs/`. Pure: the engine makes tensors of the values. */
import type { ElementType, ModelInput } from './description'
import type { Embeddings } from './embeddings'
import type { Level } from './adapter'
import type { DenoiserRow, ModelInfo } from './types'

/** What a row's values are made of, beside the row. */
export interface InputContext {
  readonly model: ModelInfo
  readonly level: Level
  /** Of a model whose condition is a text. */
  readonly embeddings: Embeddings | null
}

/** The parts of a model that an input is judged by. */
export type InputModel = Pick<ModelInfo, 'image' | 'conditioning'>

export interface InputMeaning {
  /** In manifests; never changed. */
  readonly id: string
  /** What people read, completing "tells the network …" in a menu. */
  readonly name: string
  readonly help: string
  readonly place: number
  readonly dtypes: readonly ElementType[]
  /** Whether it says what is wanted: a class or a text. */
  readonly condition: boolean
  /** Whether exactly one input must have it. */
  readonly required: boolean
  /** What is wrong between the entry and the model, or null. `each`: the values that a row has by the entry's dims. */
  fault(input: ModelInput, each: number, model: InputModel): string | null
  /** The values of one row. Throws RangeError for a row that it can't be told of. */
  values(row: DenoiserRow, input: ModelInput, context: InputContext): ArrayLike<number>
}

/** How many values a row has by the dims. */
export const valuesEach = ({ dims }: Pick<ModelInput, 'dims'>): number =>
  dims.reduce<number>((product, dim) => (dim === 'rows' ? product : product * dim), 1)

/** Whether all rows of a batch share one value. */
export const isShared = ({ dims }: Pick<ModelInput, 'dims'>): boolean => !dims.includes('rows')
