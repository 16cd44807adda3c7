/**
 * What holds of every graph that is worked on, checked once, right after it was read: names are made once and read where they
 * are there, nothing computes from itself, tensors have as many values as their dimensions say. Everything after relies on it.
 */
import {
  TensorProto_DataLocation as DataLocation,
  TensorProto_DataType as DataType,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type TensorProto,
} from 'onnx-buf'
import { GraphError } from './graph-error'

/** More than the largest networks of image generators have. */
const NODES = 50_000
/** Inputs, outputs and attributes of one node, and values that a graph declares. */
const NAMES = 10_000
/** How deep graphs lie in graphs, as branches of conditions do. */
const DEPTH = 8

/** Bits of one value by type. A string has any length. */
const BITS: ReadonlyMap<number, number> = new Map([
  [DataType.FLOAT, 32],
  [DataType.UINT8, 8],
  [DataType.INT8, 8],
  [DataType.UINT16, 16],
  [DataType.INT16, 16],
  [DataType.INT32, 32],
  [DataType.INT64, 64],
  [DataType.BOOL, 8],
  [DataType.FLOAT16, 16],
  [DataType.DOUBLE, 64],
  [DataType.UINT32, 32],
  [DataType.UINT64, 64],
  [DataType.COMPLEX64, 64],
  [DataType.COMPLEX128, 128],
  [DataType.BFLOAT16, 16],
  [DataType.FLOAT8E4M3FN, 8],
  [DataType.FLOAT8E4M3FNUZ, 8],
  [DataType.FLOAT8E5M2, 8],
  [DataType.FLOAT8E5M2FNUZ, 8],
  [DataType.UINT4, 4],
  [DataType.INT4, 4],
  [DataType.FLOAT4E2M1, 4],
  [DataType.FLOAT8E8M0, 8],
  [DataType.UINT2, 2],
  [DataType.INT2, 2],
])

/** How many inputs operators have, at least and at most: those whose inputs are followed without another look. */
const INPUTS = new Map<string, readonly [least: number, most: number]>([
  ['MatMul', [2, 2]],
  ['Add', [2, 2]],
  ['Sub', [2, 2]],
  ['Mul', [2, 2]],
  ['Div', [2, 2]],
  ['Softmax', [1, 1]],
  ['Identity', [1, 1]],
  ['Cast', [1, 1]],
  ['Transpose', [1, 1]],
  ['Reshape', [1, 2]],
  ['Squeeze', [1, 2]],
  ['Unsqueeze', [1, 2]],
  ['Dropout', [1, 3]],
  ['Conv', [2, 3]],
  // Both have many, and are asked for them; what they give comes first.
  ['Attention', [1, NAMES]],
  ['MultiHeadAttention', [1, NAMES]],
])

/** How many values dimensions make. Throws GraphError, which names the tensor, where that is no number that is computed with. */
export function valueCount({ name, dims }: TensorProto): number {
  const count = dims.reduce((product, dim) => product * Number(dim), 1)
  if (dims.some((dim) => dim < 0n) || !Number.isSafeInteger(count))
    throw new GraphError(`${name || 'a constant'} has the dimensions [${dims.slice(0, 8).join(', ')}]`)
  return count
}

function checkTensor(tensor: TensorProto): void {
  const { dataType, dataLocation, rawData, name } = tensor
  const called = name || 'a constant'
  const count = valueCount(tensor)
  const bits = BITS.get(dataType)
  if (bits === undefined && dataType !== DataType.STRING)
    throw new GraphError(`${called} has the data type ${dataType}, which is not known`)
  if (dataLocation === DataLocation.EXTERNAL) return
  const typed = [tensor.floatData, tensor.doubleData, tensor.int32Data, tensor.int64Data, tensor.uint64Data]
  const values = [...typed.map(({ length }) => length), tensor.stringData.length]
  const complex = dataType === DataType.COMPLEX64 || dataType === DataType.COMPLEX128 ? 2 : 1
  const given = Math.max(...values)
  const fits =
    rawData.byteLength > 0
      ? bits !== undefined && rawData.byteLength === Math.ceil((count * bits) / 8) && given === 0
      : // Parts of bytes may be packed, several to a value of the list.
        given === count * complex || (bits !== undefined && bits < 8 && given === Math.ceil((count * bits) / 8))
  if (!fits) {
    const has = rawData.byteLength > 0 ? `${rawData.byteLength} bytes` : `${given} values`
    throw new GraphError(`${called} has ${has}, which do not make [${tensor.dims.join(', ')}]`)
  }
}

/** Names that a graph makes itself. Throws GraphError for one that is made twice. */
function madeIn(graph: GraphProto): Set<string> {
  const inputs = graph.input.map(({ name }) => name)
  const made = new Set<string>()
  const make = (name: string) => {
    if (made.has(name)) throw new GraphError(`${name} is made twice in the graph`)
    made.add(name)
  }
  for (const name of inputs) make(name)
  // An initializer may be the default of an input.
  const declared = new Set(inputs)
  for (const { name } of graph.initializer) if (!declared.delete(name)) make(name)
  for (const { values } of graph.sparseInitializer) if (values) make(values.name)
  for (const node of graph.node) for (const name of node.output) if (name !== '') make(name)
  return made
}

interface Scope {
  readonly has: (name: string) => boolean
  readonly depth: number
}

/** A node's own parts; the names that it and the graphs in it read from around it. */
function checkNode(node: NodeProto, scope: Scope): string[] {
  const called = node.name || node.opType || 'a node without a name'
  if (Math.max(node.input.length, node.output.length, node.attribute.length) > NAMES)
    throw new GraphError(`${called} has more than ${NAMES} inputs, outputs or attributes`)
  if (!node.output.some((name) => name !== '')) throw new GraphError(`${called} makes nothing`)
  const [least, most] = INPUTS.get(node.opType) ?? [0, NAMES]
  const given = node.input.slice(0, least).filter((name) => name !== '').length
  if (given < least || node.input.length > most || (least > 0 && node.output[0] === ''))
    throw new GraphError(`${called} has not the inputs and outputs of ${node.opType}`)
  const read = node.input.filter((name) => name !== '')
  for (const name of read) if (!scope.has(name)) throw new GraphError(`${called} reads ${name}, which nothing makes`)
  for (const { t, tensors, g, graphs } of node.attribute) {
    for (const tensor of t ? [t, ...tensors] : tensors) checkTensor(tensor)
    for (const graph of g ? [g, ...graphs] : graphs)
      for (const name of checkGraph(graph, { has: scope.has, depth: scope.depth + 1 })) read.push(name)
  }
  return read
}

/** Throws GraphError for a node that computes from what it makes (Kahn's order). */
function checkOrder(graph: GraphProto, reads: ReadonlyMap<NodeProto, readonly string[]>): void {
  const maker = new Map(graph.node.flatMap((node) => node.output.map((name) => [name, node] as const)))
  const waiting = new Map<NodeProto, number>()
  const readers = new Map<NodeProto, NodeProto[]>()
  for (const node of graph.node) {
    const before = new Set((reads.get(node) ?? []).flatMap((name) => maker.get(name) ?? []))
    waiting.set(node, before.size)
    for (const other of before) {
      const known = readers.get(other)
      if (known) known.push(node)
      else readers.set(other, [node])
    }
  }
  const free = graph.node.filter((node) => waiting.get(node) === 0)
  let done = 0
  for (let node = free.pop(); node; node = free.pop()) {
    done++
    for (const reader of readers.get(node) ?? []) {
      const left = waiting.get(reader)! - 1
      waiting.set(reader, left)
      if (left === 0) free.push(reader)
    }
  }
  if (done === graph.node.length) return
  const stuck = graph.node.find((node) => waiting.get(node)! > 0)!
  throw new GraphError(`the graph has a cycle through ${stuck.output[0] ?? stuck.name}`)
}

/** Checks a graph; the names that it reads from the graphs around it. */
function checkGraph(graph: GraphProto, around: Scope): readonly string[] {
  if (around.depth > DEPTH) throw new GraphError(`graphs lie in graphs more than ${DEPTH} deep`)
  if (graph.node.length > NODES) throw new GraphError(`the graph has more than ${NODES} nodes`)
  if (Math.max(graph.input.length, graph.output.length) > NAMES)
    throw new GraphError(`the graph has more than ${NAMES} inputs or outputs`)
  for (const tensor of graph.initializer) checkTensor(tensor)
  const made = madeIn(graph)
  const scope: Scope = { has: (name) => made.has(name) || around.has(name), depth: around.depth }
  const reads = new Map(graph.node.map((node) => [node, checkNode(node, scope)] as const))
  const outputs = graph.output.map(({ name }) => name)
  if (new Set(outputs).size < outputs.length) throw new GraphError('the graph has an output twice')
  const missing = outputs.find((name) => !scope.has(name))
  if (missing !== undefined) throw new GraphError(`the graph’s output ${missing} is made by nothing`)
  checkOrder(graph, reads)
  return [...new Set([...reads.values()].flat()), ...outputs].filter((name) => !made.has(name))
}

/** Throws GraphError, which names the part that is wrong. */
export function validate({ graph }: ModelProto): void {
  if (!graph || graph.output.length === 0) throw new GraphError('not an ONNX model: it has no graph')
  checkGraph(graph, { has: () => false, depth: 1 })
}
