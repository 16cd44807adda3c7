/** What guidance takes hold of beside the maps, proved, and put into the graph that is prepared: branches, an order of tokens, the embedding. */
import { messageOf } from '../../core/failure'
import { concatenate, deviation } from '../../core/vector'
import type { ModelInfo } from '../../model/types'
import { GraphEditor } from '../../network/editor'
import { conditionAdded } from '../../network/handles/condition'
import { findHandles, type Handles } from '../../network/handles/find'
import { insertHandles } from '../../network/handles/insert'
import { runAll } from '../../network/handles/runs'
import {
  EMBEDDING_OFFSET,
  type EmbeddingHandle,
  type FoundEmbedding,
  type HandleSearch,
} from '../../network/handles/types'
import { deviation as furthest, ROUNDING, rowsOf, singles, type ProofRequest } from '../../network/maps/trial'
import type { Feeds, GraphTensor } from '../../network/maps/types'
import { copyModel, DataType, floatValue, type ModelProto } from '../../network/onnx'
import type { AttentionLayer, LayerPart } from '../../network/types'

export interface HandleRequest extends HandleSearch, Pick<ProofRequest, 'layers' | 'onRun'> {
  /** Values of the inputs at noise levels over the whole range, of one row each. */
  readonly levels: readonly Feeds[]
  /** The noisy image's input. */
  readonly sample: string
  /** Rows that are asked for classes, or for none; null where the network has no classes, or none without one. */
  readonly classes: { readonly count: number; readonly feeds: (of: readonly (number | null)[]) => Feeds } | null
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

const NONE = { embedding: null, insert: (model: ModelProto) => model, refused: [] as readonly string[] }

/** The graph with a tensor as its one output, in single precision. */
function telling({ model }: HandleRequest, tensor: string, rank: number): ModelProto {
  const copy = copyModel(model)
  const editor = new GraphEditor(copy)
  const single = editor.add('Cast', [tensor], 'told_embedding_as', { attributes: { to: { int: DataType.FLOAT } } })
  copy.graph!.output = []
  editor.addOutput(single, floatValue('told_embedding', Array<null>(rank).fill(null)))
  editor.finish()
  return copy
}

/** The standard deviation over the entries of the embeddings of all noise levels. */
async function noiseDeviation(request: HandleRequest, { tensors, dims, width }: FoundEmbedding): Promise<number> {
  const entries = await runAll(request.open, telling(request, tensors[0]!, dims.length), request.levels, (outputs) =>
    singles(outputs, 'told_embedding').slice(0, width),
  )
  return deviation(concatenate(entries, Float32Array))
}

/** Classes whose embeddings are looked at, at most. */
const MOST_CLASSES = 32

/**
 * The standard deviation over the entries of what classes add to the embedding, from what none adds. That the embedding is where they act
 * is proved: none, with an offset of what a class adds more, gives what that class gives. A sentence where it can't be.
 */
async function classDeviation(request: HandleRequest, embedding: FoundEmbedding): Promise<number | string> {
  const { model, original, open, batch, output, classes } = request
  if (!classes) return 'no class that is left out, in whose place it could be put'
  if (batch !== null) return `the file takes ${batch} rows at a time`
  const added = conditionAdded(new GraphEditor(model), embedding, request)
  if (added.kind === 'refused') return added.reason
  const some = Math.min(classes.count, MOST_CLASSES)
  const asked = [null, ...Array.from({ length: some }, (_, i) => Math.floor((i * classes.count) / some))]
  const [told] = await runAll(open, telling(request, added.tensor, 2), [classes.feeds(asked)], (outputs) =>
    singles(outputs, 'told_embedding'),
  )
  const { width } = embedding
  if (told!.length !== asked.length * width) return `${added.tensor} is not the embedding of one class a row`
  const offsets = rowsOf(told!, asked.length)
    .slice(1)
    .map((row) => row.map((value, i) => value - told![i]!))
  const controlled = copyModel(model)
  insertHandles(controlled, { embedding }, { rows: 'dynamic' })
  const [first] = offsets
  const data = new Float32Array(2 * width)
  data.set(first!)
  const moved = {
    ...classes.feeds([null, null]),
    [EMBEDDING_OFFSET]: { type: 'float32' as const, dims: [2, width], data },
  }
  const ended = (outputs: Readonly<Record<string, GraphTensor>>) => singles(outputs, output)
  const [found] = await runAll(open, controlled, [moved], ended)
  const [wanted] = await runAll(open, original, [classes.feeds([asked[1]!, null])], ended)
  const off = furthest(found!, wanted!)
  if (!(off <= ROUNDING)) return 'an offset of the embedding does not do what a class does'
  const spread = deviation(concatenate(offsets, Float32Array))
  return spread > 0 ? spread : 'classes add nothing to the embedding'
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
): Promise<Pick<Handled, 'embedding' | 'insert' | 'refused'>> {
  if (embedding.kind !== 'found') return NONE
  const spread = await noiseDeviation(request, embedding)
  if (!(spread > 0)) return NONE
  const classes = await classDeviation(request, embedding).catch((error: unknown) => messageOf(error))
  return {
    embedding: {
      width: embedding.width,
      noiseDeviation: spread,
      classDeviation: typeof classes === 'string' ? null : classes,
    },
    refused: typeof classes === 'string' && request.classes ? [`ICG’s Gaussian condition: ${classes}`] : [],
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
    const found = typeof embedding === 'string' ? { ...NONE, refused: [`TSG: ${embedding}`] } : embedding
    return { ...found, layers: lacking(layers, handles), refused: [...reasons(handles), ...found.refused] }
  } catch (error) {
    return { ...NONE, layers: lacking(layers, null), refused: [messageOf(error)] }
  }
}
