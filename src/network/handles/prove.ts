/**
 * Proves what was found: neutral values leave the output as it was, one row's value changes that row alone, and it changes it as a
 * graph does that was changed in another way. What is not proved is refused, with the reason.
 */
import { normals, STREAM } from '../../core/random'
import { GraphEditor } from '../editor'
import { elementType } from '../element-type'
import { deviation, ROUNDING, rowsOf, singles, type Plain } from '../maps/trial'
import type { Feeds, GraphTensor } from '../maps/types'
import { copyModel, floatValue, type DataType, type ModelProto } from '../onnx'
import { insertHandles } from './insert'
import { runAll, tensorOf } from './runs'
import { EMBEDDING_OFFSET, type EmbeddingHandle, type FoundEmbedding, type HandleSearch, type Refused } from './types'

/** How many times the graph's own error, where it computes in few bits. */
const OWN_ERROR = 5

const percent = (value: number) => `${Number((100 * value).toPrecision(2))} %`

/** Why what the first row was told is not what it should do, or null. */
function fault(own: Plain, neutral: Float32Array, changed: Float32Array, wanted: Float32Array): string | null {
  const { size, whole, dependent, ownError } = own
  const bound = Math.max(ROUNDING, OWN_ERROR * ownError)
  const still = deviation(neutral, whole)
  if (!(still <= bound)) return `without it the output moves by ${percent(still)} of its deviation`
  const [before, after, other] = [neutral, changed, wanted].map((values) => rowsOf(values, size)) as [Rows, Rows, Rows]
  const heard = size > 1 && deviation(after.at(-1)!, before.at(-1)!) > bound
  if (heard && !dependent && ownError === 0) return 'the other rows move, too'
  const moved = deviation(after[0]!, before[0]!)
  if (!(moved > bound)) return 'it changes nothing in the output'
  const off = deviation(after[0]!, other[0]!)
  return off <= bound ? null : `the output is off by ${percent(off)} of its deviation`
}

type Rows = readonly Float32Array[]

const VALUE = 'handles/value'

/** The graph with the value of the embedding as an output beside its own. */
function telling(model: ModelProto, { tensors }: FoundEmbedding): ModelProto {
  const copy = copyModel(model)
  const editor = new GraphEditor(copy)
  const type = elementType(editor, tensors[0]!)
  editor.addOutput(tensors[0]!, typedValue(VALUE, type, []))
  return copy
}

function typedValue(name: string, type: DataType, dims: readonly null[]) {
  const value = floatValue(name, dims)
  if (value.type?.value.case === 'tensorType') {
    value.type.value.value.elemType = type
    if (dims.length === 0) delete value.type.value.value.shape
  }
  return value
}

/** The rest of the graph, from the embedding on, which it is given. */
function restOf(model: ModelProto, { tensors, dims }: FoundEmbedding): ModelProto {
  const copy = copyModel(model)
  const editor = new GraphEditor(copy)
  const type = elementType(editor, tensors[0]!)
  const given = editor.addInput(
    typedValue(
      VALUE,
      type,
      dims.map(() => null),
    ),
  )
  for (const tensor of tensors) editor.interpose(tensor, () => given)
  editor.finish()
  return copy
}

/** An offset for the first row, as large as the embedding's own entries. */
function offsetFor(value: Float32Array, width: number): Float32Array {
  const mean = value.reduce((a, b) => a + b, 0) / value.length
  const deviation = Math.sqrt(value.reduce((a, b) => a + (b - mean) ** 2, 0) / value.length)
  return normals(0, 0, width, STREAM.time, 0).map((normal) => (deviation || 1) * normal)
}

async function embeddingFault(search: HandleSearch, own: Plain, found: FoundEmbedding): Promise<string | null> {
  const { model, open, feeds, batch, output } = search
  const rows = own.size
  const given = feeds(rows)
  const [value] = await runAll(open, telling(model, found), [given], (outputs) => outputs[VALUE]!)
  const before = singles({ [VALUE]: value! }, VALUE)
  const offset = offsetFor(before, found.width)
  const controlled = copyModel(model)
  insertHandles(controlled, { embedding: found }, { rows: batch ?? 'dynamic' })
  const offsets = (first: Float32Array | null): Feeds => {
    const data = new Float32Array(rows * found.width)
    if (first) data.set(first)
    return { ...given, [EMBEDDING_OFFSET]: { type: 'float32', dims: [rows, found.width], data } }
  }
  const ended = (outputs: Readonly<Record<string, GraphTensor>>) => singles(outputs, output)
  const [neutral, changed] = await runAll(open, controlled, [offsets(null), offsets(offset)], ended)
  const after = before.map((entry, i) => (i < found.width ? entry + offset[i]! : entry))
  const rest = { ...given, [VALUE]: tensorOf(value!.type, value!.dims, after) }
  const [wanted] = await runAll(open, restOf(model, found), [rest], ended)
  return fault(own, neutral!, changed!, wanted!)
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error)).split('\n')[0]!

/** What stays of the embedding after its proof. `own`: what the graph gives as it came. Never rejects for what the graph does. */
export async function proveEmbedding(
  search: HandleSearch,
  own: Plain,
  embedding: EmbeddingHandle,
): Promise<EmbeddingHandle> {
  if (embedding.kind !== 'found') return embedding
  const refused = (reason: string): Refused => ({
    kind: 'refused',
    reason: `an offset of the embedding ${embedding.tensors[0]!} fails its proof: ${reason}`,
  })
  try {
    const reason = await embeddingFault(search, own, embedding)
    return reason === null ? embedding : refused(reason)
  } catch (error) {
    return refused(messageOf(error))
  }
}
