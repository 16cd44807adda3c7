/** What is found of the attention maps of anybody's network, and what is asked of a runtime to find it. */
import type { ModelProto } from '../onnx'
import type { TokenGrid } from '../controls/types'
import type { LayerBranches } from '../left-out'

interface Typed<Type, Data> {
  readonly type: Type
  readonly dims: readonly number[]
  readonly data: Data
}

/** Values of a tensor as a runtime takes and gives them; float16 as bits. */
export type GraphTensor =
  | Typed<'float32', Float32Array>
  | Typed<'float16', Uint16Array>
  | Typed<'int64', BigInt64Array>
  | Typed<'int32', Int32Array>
  | Typed<'bool', Uint8Array>
export type Feeds = Readonly<Record<string, GraphTensor>>

/** A loaded graph. */
export interface GraphSession {
  /** Rejects with what the runtime rejects with. */
  run(feeds: Feeds): Promise<Readonly<Record<string, GraphTensor>>>
  release(): Promise<void>
}

/** A runtime, as the search asks for it: it serialises the model, weights and all, and loads it. */
export type OpenGraph = (model: ModelProto) => Promise<GraphSession>

/** What can be done at a map, and if little or nothing, why. */
export type Verdict =
  /** Tokens of the image look at each other, and how they lie in it is known. */
  | { readonly kind: 'ready' }
  /** As before, but how they lie is not known: nothing can be blurred until somebody says. */
  | { readonly kind: 'needs-grid'; readonly reason: string }
  /** Tokens of the image look at each other and at something else (a text); what is done is done to those of the image. */
  | { readonly kind: 'joint' }
  /** Tokens of the image look at something else. Left alone. */
  | { readonly kind: 'cross'; readonly reason: string }
  /** Its softmax makes no map of tokens. Left alone. */
  | { readonly kind: 'linear'; readonly reason: string }
  | { readonly kind: 'not-understood'; readonly reason: string }

/** How a map lies in the tensor that the softmax makes. */
export interface MapLayout {
  /** The tensor's lengths, with one row. */
  readonly dims: readonly number[]
  /** Axes in the order: rows and heads, queries, keys. */
  readonly order: readonly number[]
  /** Heads change slower than rows: `(h b) n m`. */
  readonly headsFirst: boolean
  /** The axis that is as many times longer as there are rows. */
  readonly rowAxis: number
}

/** One softmax over a product, in the order of the file. */
export interface MapLayer {
  /** The tensor that the softmax makes, which names it. */
  readonly map: string
  /** The node of the file: the softmax, or the fused node that it was in. */
  readonly node: string
  readonly verdict: Verdict
  /** What is in the map beside the image's tokens: tokens that are not of an image (a class, registers), or those of a text. */
  readonly beside: 'nothing' | 'tokens' | 'text'
  readonly heads: number
  /** Maps of each head, where the network cuts its tokens into windows, else 1; they come before the heads. */
  readonly windows: number
  readonly queries: number
  readonly keys: number
  readonly layout: MapLayout
  /** What the queries are computed from last; null where no product is known. */
  readonly queriesFrom: string | null
  /** Where the tokens of the image are among the queries and among the keys, and how they lie; null where that is not known. */
  readonly image: {
    readonly start: number
    readonly keyStart: number
    readonly count: number
    readonly grid: TokenGrid | null
  } | null
  /** Where the scores are blurred as queries are: the tensor, and how it lies; null where no place is. */
  readonly scores: {
    readonly tensor: string
    readonly dims: readonly number[]
    readonly order: readonly number[]
    readonly rowAxis: number
  } | null
  readonly branches: LayerBranches
}

/** Can guidance act here? */
export const guidable = ({ verdict }: MapLayer): boolean =>
  verdict.kind === 'ready' || verdict.kind === 'needs-grid' || verdict.kind === 'joint'

/** The image's tokens, where what is done is done among them alone: beside a text, or keys that nobody asks from. Else null: all tokens. */
export const imageAlone = ({ beside, image, queries, keys }: Pick<MapLayer, 'beside' | 'image' | 'queries' | 'keys'>) =>
  beside === 'text' || queries !== keys ? image : null
