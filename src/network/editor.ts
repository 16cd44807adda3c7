/**
 * A graph under edit: the bookkeeping of who makes a tensor and who reads it, additions, replacements, and the order of nodes.
 * Knows nothing of what any operator means. Runs anywhere: no DOM, no ORT, no node.
 */
import { create } from '@bufbuild/protobuf'
import { OperatorSetIdProtoSchema, type GraphProto } from 'onnx-buf'
import {
  GraphError,
  createNode,
  type ModelProto,
  type NodeOptions,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from './onnx'

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

  /** Adds a node as it is. The order of nodes is restored by `finish`. */
  insert(node: NodeProto): void {
    this.graph.node.push(node)
    this.#indexed().addNode(node)
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
    const { consumers } = this.#indexed()
    for (const [from, to] of renames) {
      if (this.isOutput(from)) throw new GraphError(`can't replace ${from}: it is an output of the graph`)
      const readers = this.consumers(from)
      for (const node of readers) node.input = node.input.map((input) => (input === from ? to : input))
      // What a subgraph captures keeps its name.
      const [left, moved] = [from, to].map((name) => readers.filter((node) => readNames(node).includes(name)))
      consumers.set(from, left!)
      consumers.set(to, [...new Set([...this.consumers(to), ...moved!])])
    }
  }

  /** Lets one input of a node read another tensor. */
  setInput(node: NodeProto, at: number, tensor: string): void {
    node.input[at] = tensor
    this.#index = null
  }

  /** Lets all that read a tensor, as it is now, and the graph's outputs, have what `change` makes of it. */
  interpose(tensor: string, change: (tensor: string) => string): void {
    const node = this.producer(tensor)
    if (!node) throw new GraphError(`can't change ${tensor}: no node makes it`)
    const own = this.unique(`${tensor}/own`)
    node.output[node.output.indexOf(tensor)] = own
    this.#index = null
    const changed = change(own)
    this.graph.node.push(createNode('Identity', [changed], [tensor], { name: `${tensor}/changed` }))
    this.#index = null
  }

  /** Puts another tensor in the place of what a node makes, under the same name, and removes the node. */
  replace(node: NodeProto, tensor: string): void {
    const made = node.output[0]!
    this.remove([node])
    this.graph.node.push(createNode('Identity', [tensor], [made], { name: `${made}/replaced` }))
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

/** Throws GraphError for operators older than those that are added to graphs. */
export function checkOpset(editor: GraphEditor): void {
  if (editor.opset() < 13)
    throw new GraphError(`the graph uses opset ${editor.opset()}; export it with opset 13 or newer`)
}
