/** What guidance takes hold of beside the maps, proved, and put into the graph that is prepared: branches, an order of tokens, the embedding. */
import { messageOf } from '../../core/failure'
import { concatenate, deviation } from '../../core/vector'
import type { ModelInfo } from '../../model/types'
import { GraphEditor } from '../../network/editor'
import { findHandles, type Handles } from '../../network/handles/find'
import { insertHandles } from '../../network/handles/insert'
import type { EmbeddingHandle, FoundEmbedding, HandleSearch } from '../../network/handles/types'
import { singles, type ProofRequest } from '../../network/maps/trial'
import type { Feeds } from '../../network/maps/types'
import { copyModel, DataType, floatValue, type ModelProto } from '../../network/onnx'
import type { AttentionLayer, LayerPart } from '../../network/types'

export interface HandleRequest extends HandleSearch, Pick<ProofRequest, 'layers' | 'onRun'> {
  /** Values of the inputs at noise levels over the whole range, of one row each. */
  readonly levels: readonly Feeds[]
}

export interface Handled {
  readonly layers: readonly AttentionLayer[]
  /** Null where its embedding can't be offset. */
  readonly embedding: ModelInfo['embedding']
  /** The input that offsets it goes in here. */
  readonly insert: (model: ModelProto) => ModelProto
  /** Why something of it is not there, in sentences. */
  readonly refused: readonly string[]
}

const NONE = { embedding: null, insert: (model: ModelProto) => model }

/** The standard deviation over the entries of the embeddings of all noise levels. */
async function noiseDeviation({ model, open, levels }: HandleRequest, embedding: FoundEmbedding): Promise<number> {
  const copy = copyModel(model)
  const editor = new GraphEditor(copy)
  const single = editor.add('Cast', [embedding.tensors[0]!], 'told_embedding_as', {
    attributes: { to: { int: DataType.FLOAT } },
  })
  copy.graph!.output = []
  editor.addOutput(
    single,
    floatValue(
      'told_embedding',
      embedding.dims.map(() => null),
    ),
  )
  editor.finish()
  const session = await open(copy)
  try {
    const entries: Float32Array[] = []
    for (const feeds of levels)
      entries.push(singles(await session.run(feeds), 'told_embedding').slice(0, embedding.width))
    return deviation(concatenate(entries, Float32Array))
  } finally {
    await session.release()
  }
}

function lacking(layers: readonly AttentionLayer[], handles: Handles | null): readonly AttentionLayer[] {
  return layers.map((layer, i) => {
    const { attention, block, tokens, dropout } = handles?.layers[i] ?? {}
    const lacks: LayerPart[] = [...(layer.lacks ?? [])]
    if (dropout?.kind !== 'proved') lacks.push('dropout')
    if (attention?.kind !== 'proved') lacks.push('attention')
    if (block?.kind !== 'proved') lacks.push('block')
    if (tokens?.kind !== 'proved') lacks.push('order')
    return { ...layer, lacks }
  })
}

function reasons({ embedding, layers }: Handles): readonly string[] {
  const told = embedding.kind === 'refused' ? [`TSG: ${embedding.reason}`] : []
  // Of a transformer every layer says the same.
  const dropout = layers.flatMap((layer, i) =>
    layer.dropout.kind === 'refused' ? [{ i, why: layer.dropout.reason }] : [],
  )
  for (const why of new Set(dropout.map((one) => one.why)))
    told.push(`layers ${dropout.flatMap((one) => (one.why === why ? [one.i] : [])).join(', ')}: ${why}`)
  return layers.reduce<readonly string[]>((all, { attention, tokens }, i) => {
    const here = [attention, tokens].flatMap((one) => (one.kind === 'refused' ? [`layer ${i}: ${one.reason}`] : []))
    return [...all, ...here]
  }, told)
}

async function embedded(
  request: HandleRequest,
  embedding: EmbeddingHandle,
): Promise<Pick<Handled, 'embedding' | 'insert'>> {
  if (embedding.kind !== 'found') return NONE
  const spread = await noiseDeviation(request, embedding)
  if (!(spread > 0)) return NONE
  return {
    embedding: { width: embedding.width, noiseDeviation: spread, classDeviation: null },
    insert(model) {
      const copy = copyModel(model)
      insertHandles(copy, { embedding }, { rows: request.batch ?? 'dynamic' })
      return copy
    },
  }
}

/** `layers`: those that can be guided, as the model has them. What can't be found leaves the rest as it is; never rejects. */
export async function handled(request: HandleRequest, layers: readonly AttentionLayer[]): Promise<Handled> {
  try {
    const handles = await findHandles(request)
    const embedding = await embedded(request, handles.embedding).catch((error: unknown) => messageOf(error))
    const found =
      typeof embedding === 'string' ? { ...NONE, refused: [`TSG: ${embedding}`] } : { ...embedding, refused: [] }
    return { ...found, layers: lacking(layers, handles), refused: [...reasons(handles), ...found.refused] }
  } catch (error) {
    return { ...NONE, layers: lacking(layers, null), refused: [messageOf(error)] }
  }
}
