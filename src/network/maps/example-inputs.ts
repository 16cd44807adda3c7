/** What a graph itself tells of its inputs: which is the noisy image, how many channels and what indices its first operators take. */
import { GraphEditor } from '../editor'
import { DataType, declaredShape, type Dimension, type ModelProto, type NodeProto, type ValueInfoProto } from '../onnx'

/** An input that has to be given. */
export interface GraphInput {
  readonly name: string
  readonly type: DataType
  /** A length of null is left to run time and has no name. */
  readonly dims: readonly Dimension[]
}

const FLOATS: readonly DataType[] = [DataType.FLOAT, DataType.FLOAT16, DataType.DOUBLE, DataType.BFLOAT16]

function read(value: ValueInfoProto): GraphInput {
  const type = value.type?.value
  // Some exporters write 0 where they do not know.
  const dims = (declaredShape(value) ?? []).map((dim) => (typeof dim === 'number' && dim < 1 ? null : dim))
  return { name: value.name, type: type?.case === 'tensorType' ? type.value.elemType : DataType.UNDEFINED, dims }
}

export function graphInputs({ graph }: ModelProto): readonly GraphInput[] {
  const known = new Set(graph?.initializer.map(({ name }) => name))
  return (graph?.input ?? []).filter(({ name }) => !known.has(name)).map(read)
}

/**
 * The noisy image: of what has three axes or more, the first that an output is as long as where both say so, since a prediction is as
 * large as what it is of. Where there is no picture at all, a vector of each row may be what is noisy, as the embedding of an image is,
 * and a text of three axes beside it is none. Null where there is nothing.
 */
export function noisyImage(model: ModelProto): GraphInput | null {
  const outputs = (model.graph?.output ?? []).map(read)
  const floats = graphInputs(model).filter(({ type }) => FLOATS.includes(type))
  const inputs = floats.filter(({ dims }) => dims.length >= 3)
  const alike = (input: GraphInput, output: GraphInput) =>
    input.dims.length === output.dims.length &&
    // A learned variance has channels of its own, which are axis 1 of an image.
    input.dims.every((length, axis) => {
      const own = output.dims[axis]
      return (
        (axis === 1 && input.dims.length > 3) || typeof length !== 'number' || typeof own !== 'number' || length === own
      )
    })
  const found = inputs.filter((input) => outputs.some((output) => alike(input, output)))
  const picture = (all: readonly GraphInput[]) => all.find(({ dims }) => dims.length > 3)
  const vector = floats.find((input) => input.dims.length === 2 && outputs.some((output) => alike(input, output)))
  return picture(found) ?? found[0] ?? picture(inputs) ?? vector ?? inputs[0] ?? null
}

/** Operators that hand on their input's values, or some of them, by position of the input that they hand on. */
const HAND_ON: Readonly<Record<string, readonly number[]>> = {
  Cast: [0],
  Identity: [0],
  Reshape: [0],
  Squeeze: [0],
  Unsqueeze: [0],
  Flatten: [0],
  Expand: [0],
  Transpose: [0],
  Slice: [0],
  Clip: [0],
  Where: [1, 2],
  // Labels are moved by one at most, and examples stay away from the ends.
  Add: [0, 1],
  Sub: [0],
}

/** Operators that leave a tensor's axes as they are. */
const ALIKE: Readonly<Record<string, readonly number[]>> = {
  Cast: [0],
  Identity: [0],
  Add: [0, 1],
  Sub: [0, 1],
  Mul: [0, 1],
  Div: [0],
}

/** Nodes that read an input, or what operators make of it that hand it on, with the place at which they do. */
function* readers(
  editor: GraphEditor,
  input: string,
  handOn: Readonly<Record<string, readonly number[]>>,
): Generator<readonly [node: NodeProto, at: number]> {
  const seen = new Set([input])
  const waiting = [input]
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    for (const node of editor.consumers(name)) {
      for (const [at, read] of node.input.entries()) {
        if (read !== name) continue
        yield [node, at]
        const made = node.output[0]!
        if (!handOn[node.opType]?.includes(at) || seen.has(made)) continue
        seen.add(made)
        waiting.push(made)
      }
    }
  }
}

/** A tensor's lengths where it is a parameter, perhaps of another type. */
function parameterDims(editor: GraphEditor, tensor: string): readonly number[] | null {
  for (let name = tensor, left = 4; left > 0; left--) {
    const found = editor.initializer(name)
    if (found) return found.dims.map(Number)
    const node = editor.producer(name)
    if (!node || !['Cast', 'Identity', 'DequantizeLinear'].includes(node.opType)) return null
    name = node.input[0]!
  }
  return null
}

/** How many rows the smallest table has that the input's values are looked up in; null where there is none. */
export function tableLength(editor: GraphEditor, input: string): number | null {
  let least: number | null = null
  for (const [{ opType, attribute, input: reads }, at] of readers(editor, input, HAND_ON)) {
    if (at !== 1 || (opType !== 'Gather' && opType !== 'GatherElements')) continue
    const dims = parameterDims(editor, reads[0]!)
    const axis = Number(attribute.find(({ name }) => name === 'axis')?.i ?? 0)
    const length = dims?.at(axis)
    if (length !== undefined) least = Math.min(least ?? length, length)
  }
  return least
}

/** How many channels (axis 1) the first convolution takes, or the width (last axis) that the first product takes; null where neither comes. */
export function takenLength(editor: GraphEditor, { name, dims }: GraphInput, axis: number): number | null {
  for (const [{ opType, attribute, input: reads }, at] of readers(editor, name, ALIKE)) {
    if (at !== 0) continue
    const weights = parameterDims(editor, reads[1] ?? '')
    if (!weights) continue
    if (opType === 'Conv' && axis === 1 && dims.length > 3)
      return weights[1]! * Number(attribute.find((one) => one.name === 'group')?.i ?? 1)
    if (axis !== dims.length - 1 || axis === 0) continue
    if (opType === 'MatMul') return weights.at(-2) ?? null
    if (opType === 'Gemm')
      return weights[attribute.some((one) => one.name === 'transB' && one.i === 1n) ? 1 : 0] ?? null
  }
  return null
}

/** How many times smaller than the image the coarsest picture inside is, as far as strides say. */
export function coarsest(editor: GraphEditor, image: string): number {
  const scale = new Map<string, number>([[image, 1]])
  let most = 1
  // The file's own order is the order of computation.
  for (const node of editor.graph.node) {
    const from = Math.max(0, ...node.input.map((name) => scale.get(name) ?? 0))
    if (from === 0) continue
    const pooled = ['Conv', 'MaxPool', 'AveragePool'].includes(node.opType)
    const strides = pooled ? node.attribute.find(({ name }) => name === 'strides')?.ints.map(Number) : undefined
    const here = Math.min(256, from * Math.max(1, ...(strides ?? [])))
    most = Math.max(most, here)
    for (const name of node.output) scale.set(name, here)
  }
  return most
}
