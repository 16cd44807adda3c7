/** A graph of a fixed number of rows as rewrites look at it: who reads a tensor, what shape it has, and what is the same at every run. */
import type { GraphEditor } from './editor'
import { createNode, floatTensor, intTensor, tensorValues, type NodeOptions, type NodeProto } from './onnx'
import { producersFirst } from './order'
import { Shapes } from './shapes'

export class Places {
  readonly #shapes: Shapes
  /** Constants of ours, of which one serves all. */
  readonly #filled = new Map<string, string>()

  constructor(readonly editor: GraphEditor) {
    this.#shapes = new Shapes(editor)
  }

  /** Nodes of an operator, in the file's order, as they are now. */
  of(op: string): readonly NodeProto[] {
    return this.editor.graph.node.filter(({ opType }) => opType === op)
  }

  /** The only reader of a tensor that is no output of the graph, where it is such an operator; else null. */
  reader(tensor: string, op: string): NodeProto | null {
    const readers = this.editor.consumers(tensor)
    const only = readers.length === 1 && !this.editor.isOutput(tensor) ? readers[0]! : null
    return only?.opType === op ? only : null
  }

  /** The node that makes a tensor, where it is such an operator. */
  maker(tensor: string, op: string): NodeProto | null {
    const node = this.editor.producer(tensor)
    return node?.opType === op ? node : null
  }

  /** Lengths of a tensor; null where one is not known. */
  shape(tensor: string): readonly number[] | null {
    const shape = this.#shapes.of(tensor)
    return shape?.every((length) => length !== null) ? shape : null
  }

  /** Values of a small constant that the file holds. */
  values(tensor: string): readonly number[] | null {
    const stored = this.editor.initializer(tensor)
    return stored && tensorValues(stored, 1024)
  }

  /** Is a tensor made of nothing but what the file holds? The runtime computes it once, as it loads. */
  constant(tensor: string): boolean {
    const isGiven = (name: string) => this.editor.producer(name) === null
    const behind = producersFirst(this.editor, tensor, () => false)
    const read = behind.length === 0 ? [tensor] : behind.flatMap(({ input }) => input).filter(isGiven)
    return read.every((name) => name === '' || this.editor.initializer(name) !== null)
  }

  add(op: string, inputs: readonly string[], base: string, options: Omit<NodeOptions, 'name'> = {}): string {
    return this.editor.add(op, inputs, base, options)
  }

  /** Adds a node with several outputs, some of which nobody asks for, and returns their names. */
  addMany(op: string, inputs: readonly string[], bases: readonly (string | null)[], options: NodeOptions): string[] {
    const outputs = bases.map((base) => (base === null ? '' : this.editor.unique(base)))
    this.editor.insert(createNode(op, inputs, outputs, options))
    return outputs
  }

  reshaped(tensor: string, dims: readonly number[], base: string): string {
    const shape = this.editor.addInitializer(intTensor(`${base}/dims`, [dims.length], dims))
    return this.add('Reshape', [tensor, shape], base)
  }

  /** A vector of one value. */
  filled(length: number, value: number): string {
    const key = `rewrites/${value}_${length}`
    const made = this.#filled.get(key)
    if (made !== undefined) return made
    const name = this.editor.addInitializer(floatTensor(key, [length], new Float32Array(length).fill(value)))
    this.#filled.set(key, name)
    return name
  }

  /** Lets everybody read another tensor in the place of what a node makes. */
  replace(node: NodeProto, tensor: string): void {
    const made = node.output[0]!
    if (this.editor.isOutput(made)) this.editor.replace(node, tensor)
    else this.editor.renameUses(new Map([[made, tensor]]))
  }
}
