/**
 * Proves what was found: neutral values leave the output as it was, one row's value changes that row alone, and it changes it as a
 * graph does that was changed in another way. What is not proved is refused, with the reason.
 */
import { normals, STREAM } from '../../core/random'
import { GraphEditor } from '../editor'
import { elementType } from '../element-type'
import type { Feeds } from '../maps/types'
import { DataType, floatValue, type ModelProto } from '../onnx'
import { insertHandles } from './insert'
import { apart, copyOf, floatsOf, lastRows, runAll, tensorOf } from './runs'
import { EMBEDDING_OFFSET, type EmbeddingHandle, type FoundEmbedding, type HandleSearch, type Refused } from './types'

/** What rounding may do, in deviations of the output; where a graph rounds to halves or to 8 bits itself, more. */
const EXACT = 1e-4
const ROUGH = 2e-2

const ROUNDS = /^(DynamicQuantize|Quantize|QLinear|QAttention|QGemm|MatMulInteger|ConvInteger|MatMulNBits)/

const isRough = ({ graph }: ModelProto) =>
  graph!.node.some(({ opType }) => ROUNDS.test(opType)) ||
  graph!.initializer.some(({ dataType }) => dataType === DataType.FLOAT16)

/** The untouched graph's answer, and how much its rows depend on each other anyway. */
interface Plain {
  readonly output: Float32Array
  readonly rows: number
  readonly bound: number
  readonly leak: number
}

const rowOf = (values: Float32Array, row: number, rows: number) =>
  values.subarray((row * values.length) / rows, ((row + 1) * values.length) / rows)

const lastOf = (values: Float32Array, rows: number) => rowOf(values, rows - 1, rows)

const percent = (value: number) => `${Number((100 * value).toPrecision(2))} %`

/** Why what one row was told is not what it should do, or null. */
function fault(plain: Plain, neutral: Float32Array, changed: Float32Array, wanted: Float32Array): string | null {
  const { output, rows, bound, leak } = plain
  const still = apart(neutral, output)
  if (!(still <= bound)) return `without it the output moves by ${percent(still)} of its deviation`
  if (rows > 1 && !(apart(lastOf(changed, rows), lastOf(neutral, rows)) <= Math.max(bound, 3 * leak)))
    return 'the other rows move, too'
  const moved = apart(rowOf(changed, 0, rows), rowOf(neutral, 0, rows))
  if (!(moved > 10 * bound)) return 'it changes nothing in the output'
  const off = apart(rowOf(changed, 0, rows), rowOf(wanted, 0, rows))
  if (!(off <= Math.max(bound, 3 * leak) * Math.max(1, moved)))
    return `the output is off by ${percent(off)} of its deviation`
  return null
}

const VALUE = 'handles/value'

/** The graph with the value of the embedding as an output beside its own. */
function telling(model: ModelProto, { tensors }: FoundEmbedding): ModelProto {
  const copy = copyOf(model)
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
  const copy = copyOf(model)
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

async function embeddingFault(search: HandleSearch, found: FoundEmbedding): Promise<string | null> {
  const { model, open, feeds, batch, output } = search
  const rows = batch ?? 2
  const own = feeds(rows)
  const shared = lastRows(own, rows)
  const [told, repeated] = await runAll(open, telling(model, found), [own, shared], (outputs) => ({
    output: floatsOf(outputs[output], output),
    value: outputs[VALUE]!,
  }))
  const before = floatsOf(told!.value, 'the embedding')
  const plain: Plain = {
    output: told!.output,
    rows,
    bound: isRough(model) ? ROUGH : EXACT,
    leak: rows > 1 ? apart(lastOf(repeated!.output, rows), lastOf(told!.output, rows)) : 0,
  }
  const offset = offsetFor(before, found.width)
  const controlled = copyOf(model)
  insertHandles(controlled, { embedding: found }, { rows: batch ?? 'dynamic' })
  const offsets = (first: Float32Array | null): Feeds => {
    const data = new Float32Array(rows * found.width)
    if (first) data.set(first)
    return { ...own, [EMBEDDING_OFFSET]: { type: 'float32', dims: [rows, found.width], data } }
  }
  const [neutral, changed] = await runAll(open, controlled, [offsets(null), offsets(offset)], (outputs) =>
    floatsOf(outputs[output], output),
  )
  const after = before.map((value, i) => (i < found.width ? value + offset[i]! : value))
  const [wanted] = await runAll(
    open,
    restOf(model, found),
    [{ ...own, [VALUE]: tensorOf(told!.value.type, told!.value.dims, after) }],
    (outputs) => floatsOf(outputs[output], output),
  )
  return fault(plain, neutral!, changed!, wanted!)
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error)).split('\n')[0]!

/** What stays of the embedding after its proof. Never rejects for what the graph does. */
export async function proveEmbedding(search: HandleSearch, embedding: EmbeddingHandle): Promise<EmbeddingHandle> {
  if (embedding.kind !== 'found') return embedding
  const refused = (reason: string): Refused => ({
    kind: 'refused',
    reason: `an offset of the embedding ${embedding.tensors[0]!} fails its proof: ${reason}`,
  })
  try {
    const reason = await embeddingFault(search, embedding)
    return reason === null ? embedding : refused(reason)
  } catch (error) {
    return refused(messageOf(error))
  }
}
