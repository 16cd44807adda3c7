/**
 * Reads, writes and edits ONNX graphs. Knows protobuf and the bookkeeping of a graph (who produces a tensor, who reads
 * it), not what any operator means. Runs anywhere: no DOM, no ORT, no node.
 */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import {
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  TensorProtoSchema,
  TensorProto_DataLocation as DataLocation,
  TensorProto_DataType as DataType,
  TensorShapeProtoSchema,
  TensorShapeProto_DimensionSchema,
  TypeProtoSchema,
  TypeProto_TensorSchema,
  ValueInfoProtoSchema,
  type AttributeProto,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from 'onnx-buf'

export { DataLocation, DataType }
export type { ModelProto, NodeProto, TensorProto, ValueInfoProto }

/** A known length, a name that stands for one, or null where nothing is known. */
export type Dimension = number | string | null

/** A graph that can't be read or rewritten. The message says which part and why. */
export class GraphError extends Error {
  override readonly name = 'GraphError'
}

/** Throws GraphError where the bytes are not an ONNX model. */
export function parseModel(bytes: Uint8Array): ModelProto {
  let model: ModelProto
  try {
    model = fromBinary(ModelProtoSchema, bytes)
  } catch (error) {
    throw new GraphError(`not an ONNX model: ${error instanceof Error ? error.message : String(error)}`)
  }
  if (!model.graph || model.graph.output.length === 0) throw new GraphError('not an ONNX model: it has no graph')
  return model
}

export function serializeModel(model: ModelProto): Uint8Array<ArrayBuffer> {
  return toBinary(ModelProtoSchema, model)
}

export type Attribute =
  | { readonly int: number }
  | { readonly ints: readonly number[] }
  | { readonly float: number }
  | { readonly string: string }
  | { readonly tensor: TensorProto }

function attributeProto(name: string, attribute: Attribute): AttributeProto {
  if ('int' in attribute)
    return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(attribute.int) })
  if ('ints' in attribute)
    return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: attribute.ints.map(BigInt) })
  if ('float' in attribute) return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: attribute.float })
  if ('tensor' in attribute)
    return create(AttributeProtoSchema, { name, type: AttributeType.TENSOR, t: attribute.tensor })
  return create(AttributeProtoSchema, {
    name,
    type: AttributeType.STRING,
    s: Uint8Array.from(new TextEncoder().encode(attribute.string)),
  })
}

export interface NodeOptions {
  readonly attributes?: Readonly<Record<string, Attribute>>
  /** Operator set; empty is ONNX's own. */
  readonly domain?: string
  readonly name?: string
}

export function createNode(
  op: string,
  inputs: readonly string[],
  outputs: readonly string[],
  options: NodeOptions = {},
): NodeProto {
  return create(NodeProtoSchema, {
    opType: op,
    input: [...inputs],
    output: [...outputs],
    domain: options.domain ?? '',
    name: options.name ?? '',
    attribute: Object.entries(options.attributes ?? {}).map(([name, attribute]) => attributeProto(name, attribute)),
  })
}

export function floatTensor(name: string, dims: readonly number[], data: ArrayLike<number>): TensorProto {
  const values = Float32Array.from(data)
  return create(TensorProtoSchema, {
    name,
    dataType: DataType.FLOAT,
    dims: dims.map(BigInt),
    rawData: new Uint8Array(values.buffer),
  })
}

export function intTensor(name: string, dims: readonly number[], data: readonly number[]): TensorProto {
  const values = BigInt64Array.from(data, BigInt)
  return create(TensorProtoSchema, {
    name,
    dataType: DataType.INT64,
    dims: dims.map(BigInt),
    rawData: new Uint8Array(values.buffer),
  })
}

/** Declaration of a float32 graph input or output. */
export function floatValue(name: string, dims: readonly Dimension[]): ValueInfoProto {
  const dim = dims.map((value) =>
    create(TensorShapeProto_DimensionSchema, {
      value:
        typeof value === 'number'
          ? { case: 'dimValue', value: BigInt(value) }
          : typeof value === 'string'
            ? { case: 'dimParam', value }
            : { case: undefined },
    }),
  )
  const tensor = create(TypeProto_TensorSchema, {
    elemType: DataType.FLOAT,
    shape: create(TensorShapeProtoSchema, { dim }),
  })
  return create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, { value: { case: 'tensorType', value: tensor } }),
  })
}

/** The declared shape of a value; null where none is declared. */
export function declaredShape(value: ValueInfoProto): Dimension[] | null {
  if (value.type?.value.case !== 'tensorType' || !value.type.value.value.shape) return null
  return value.type.value.value.shape.dim.map(({ value: dim }) =>
    dim.case === 'dimValue' ? Number(dim.value) : dim.case === 'dimParam' && dim.value !== '' ? dim.value : null,
  )
}

export function intAttribute(node: NodeProto, name: string): number | null {
  const found = node.attribute.find((attribute) => attribute.name === name)
  return found ? Number(found.i) : null
}

export function intsAttribute(node: NodeProto, name: string): number[] | null {
  const found = node.attribute.find((attribute) => attribute.name === name)
  return found ? found.ints.map(Number) : null
}

export function floatAttribute(node: NodeProto, name: string): number | null {
  const found = node.attribute.find((attribute) => attribute.name === name)
  return found ? found.f : null
}

export function tensorAttribute(node: NodeProto, name: string): TensorProto | null {
  return node.attribute.find((attribute) => attribute.name === name)?.t ?? null
}

/** Values of a small inline tensor as numbers; null where it is external, of another type, or longer than `limit`. */
export function tensorValues(tensor: TensorProto, limit = 64): number[] | null {
  if (tensor.dataLocation === DataLocation.EXTERNAL) return null
  if (tensor.dims.reduce((product, dim) => product * Number(dim), 1) > limit) return null
  const raw = tensor.rawData
  const bytes = raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.byteLength)
  switch (tensor.dataType) {
    case DataType.FLOAT:
      return tensor.floatData.length > 0 ? [...tensor.floatData] : [...new Float32Array(bytes)]
    case DataType.DOUBLE:
      return tensor.doubleData.length > 0 ? [...tensor.doubleData] : [...new Float64Array(bytes)]
    case DataType.INT64:
      return tensor.int64Data.length > 0 ? tensor.int64Data.map(Number) : Array.from(new BigInt64Array(bytes), Number)
    case DataType.INT32:
      return tensor.int32Data.length > 0 ? [...tensor.int32Data] : [...new Int32Array(bytes)]
    default:
      return null
  }
}

/** All names a node reads, those that its subgraphs capture included. */
function readNames(node: NodeProto): string[] {
  const inner = (graph: GraphProto): string[] => [
    ...graph.node.flatMap(readNames),
    ...graph.output.map((output) => output.name),
  ]
  return [
    ...node.input,
    ...node.attribute.flatMap((attribute) => [
      ...(attribute.g ? inner(attribute.g) : []),
      ...attribute.graphs.flatMap(inner),
    ]),
  ]
}

/** Who makes and who reads each tensor. */
class Index {
  readonly producers = new Map<string, NodeProto>()
  readonly consumers = new Map<string, NodeProto[]>()
  readonly initializers = new Map<string, TensorProto>()
  readonly names = new Set<string>()

  constructor(graph: GraphProto) {
    for (const node of graph.node) this.addNode(node)
    for (const tensor of graph.initializer) this.addInitializer(tensor)
    for (const value of [...graph.input, ...graph.output]) this.names.add(value.name)
  }

  addNode(node: NodeProto): void {
    this.names.add(node.name)
    for (const output of node.output) {
      if (output !== '') this.producers.set(output, node)
      this.names.add(output)
    }
    for (const input of new Set(readNames(node))) {
      this.names.add(input)
      const readers = this.consumers.get(input)
      if (readers) readers.push(node)
      else this.consumers.set(input, [node])
    }
  }

  addInitializer(tensor: TensorProto): void {
    this.initializers.set(tensor.name, tensor)
    this.names.add(tensor.name)
  }
}

/** A graph under edit. Owns the model it is given: edits change it in place. */
export class GraphEditor {
  #index: Index | null = null

  constructor(readonly model: ModelProto) {}

  get graph(): GraphProto {
    if (!this.model.graph) throw new GraphError('the model has no graph')
    return this.model.graph
  }

  /** Rebuilt after edits that change what exists; additions are entered as they come. */
  #indexed(): Index {
    return (this.#index ??= new Index(this.graph))
  }

  producer(tensor: string): NodeProto | null {
    return this.#indexed().producers.get(tensor) ?? null
  }

  consumers(tensor: string): readonly NodeProto[] {
    return this.#indexed().consumers.get(tensor) ?? []
  }

  initializer(tensor: string): TensorProto | null {
    return this.#indexed().initializers.get(tensor) ?? null
  }

  isOutput(tensor: string): boolean {
    return this.graph.output.some((output) => output.name === tensor)
  }

  input(name: string): ValueInfoProto | null {
    return this.graph.input.find((input) => input.name === name) ?? null
  }

  /** Version of an operator set, 0 where it is not imported. */
  opset(domain = ''): number {
    const same = (other: string) => other === domain || (domain === '' && other === 'ai.onnx')
    return Number(this.model.opsetImport.find((entry) => same(entry.domain))?.version ?? 0)
  }

  importOpset(domain: string, version: number): void {
    if (this.opset(domain) === 0)
      this.model.opsetImport.push(create(OperatorSetIdProtoSchema, { domain, version: BigInt(version) }))
  }

  /** A name that nothing in the graph has: the given one, or that one with a number. */
  unique(base: string): string {
    const { names } = this.#indexed()
    if (!names.has(base)) return base
    for (let i = 1; ; i++) if (!names.has(`${base}_${i}`)) return `${base}_${i}`
  }

  /** Adds a node with one output and returns the output's name. The order of nodes is restored by `finish`. */
  add(op: string, inputs: readonly string[], base: string, options: Omit<NodeOptions, 'name'> = {}): string {
    const output = this.unique(base)
    const node = createNode(op, inputs, [output], { ...options, name: output })
    this.graph.node.push(node)
    this.#indexed().addNode(node)
    return output
  }

  addInitializer(tensor: TensorProto): string {
    tensor.name = this.unique(tensor.name)
    this.graph.initializer.push(tensor)
    this.#indexed().addInitializer(tensor)
    return tensor.name
  }

  addInput(value: ValueInfoProto): string {
    if (this.#indexed().names.has(value.name))
      throw new GraphError(`the graph already has a tensor named ${value.name}`)
    this.graph.input.push(value)
    this.#indexed().names.add(value.name)
    return value.name
  }

  /** Names an existing tensor as a graph output. */
  addOutput(tensor: string, value: ValueInfoProto): void {
    if (this.#indexed().names.has(value.name))
      throw new GraphError(`the graph already has a tensor named ${value.name}`)
    this.graph.node.push(createNode('Identity', [tensor], [value.name], { name: value.name }))
    this.graph.output.push(value)
    this.#index = null
  }

  /** Lets every reader of a renamed tensor read the other one. The graph's outputs can't be renamed. */
  renameUses(renames: ReadonlyMap<string, string>): void {
    for (const [from, to] of renames) {
      if (this.isOutput(from)) throw new GraphError(`can't replace ${from}: it is an output of the graph`)
      for (const node of this.consumers(from)) {
        node.input = node.input.map((input) => (input === from ? to : input))
      }
    }
    this.#index = null
  }

  /** Lets one input of a node read another tensor. */
  setInput(node: NodeProto, at: number, tensor: string): void {
    node.input[at] = tensor
    this.#index = null
  }

  remove(nodes: Iterable<NodeProto>): void {
    const gone = new Set(nodes)
    this.graph.node = this.graph.node.filter((node) => !gone.has(node))
    this.#index = null
  }

  /** Removes what no output needs, puts producers before readers, and drops shape annotations of inner tensors. */
  finish(): void {
    const { producers } = this.#indexed()
    const live = new Set<NodeProto>()
    const waiting = this.graph.output.map((output) => output.name)
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      const node = producers.get(name)
      if (!node || live.has(node)) continue
      live.add(node)
      waiting.push(...readNames(node))
    }
    // Depth first in the file's order, which is the network's order; without recursion, since deep graphs overflow the stack.
    const order: NodeProto[] = []
    const state = new Map<NodeProto, 'open' | 'done'>()
    for (const root of this.graph.node) {
      if (!live.has(root) || state.has(root)) continue
      const stack = [root]
      for (let node = stack.at(-1); node; node = stack.at(-1)) {
        if (state.has(node)) {
          if (state.get(node) === 'open') order.push(node)
          state.set(node, 'done')
          stack.pop()
          continue
        }
        state.set(node, 'open')
        for (const name of readNames(node).reverse()) {
          const before = producers.get(name)
          if (!before || state.get(before) === 'done') continue
          if (state.get(before) === 'open') throw new GraphError(`the graph has a cycle through ${name}`)
          stack.push(before)
        }
      }
    }
    this.graph.node = order
    const used = new Set(order.flatMap(readNames))
    for (const output of this.graph.output) used.add(output.name)
    this.graph.initializer = this.graph.initializer.filter((tensor) => used.has(tensor.name))
    this.graph.valueInfo = []
    this.#index = null
  }
}

/** How many nodes of each operator, for reports. */
export function countOperators(model: ModelProto): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const node of model.graph?.node ?? []) counts[node.opType] = (counts[node.opType] ?? 0) + 1
  return counts
}
