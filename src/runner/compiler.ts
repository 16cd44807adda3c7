/** Walks a graph for inputs of certain lengths, and has each operator write down its calls. */
import {
  DataLocation,
  floatAttribute,
  intAttribute,
  intsAttribute,
  tensorAttribute,
  type ModelProto,
  type NodeProto,
  type TensorProto,
} from '../network/onnx'
import { ints } from './attributes'
import type { Compilation } from './compilation'
import { Emitter } from './emitter'
import { evaluate } from './known'
import type { Compiled } from './link'
import { normalise } from './normalised'
import { contentKey, kindOf, numbersOf } from './numbers'
import { operators } from './operators'
import { product, reshaped, type Tensor } from './tensor'
import { Unsupported } from './unsupported'
import { known, type Known, type Value } from './value'

/** Entries up to which a tensor's values are known while compiling. */
const MOST_KNOWN = 4096
const MOST_KNOWN_FLOATS = 64

export interface CompileOptions {
  readonly model: ModelProto
  /** External data. */
  readonly data: Uint8Array
  readonly inputs: Readonly<Record<string, readonly number[]>>
  readonly recipes: Map<string, string>
}

export class Compiler implements Compilation {
  readonly emitter: Emitter
  readonly #values = new Map<string, Value>()
  readonly #readers = new Map<string, NodeProto[]>()
  readonly #initializers: ReadonlyMap<string, TensorProto>
  readonly #outputs: ReadonlySet<string>
  readonly #done = new Set<NodeProto>()

  constructor(private readonly options: CompileOptions) {
    this.emitter = new Emitter(options.recipes)
    const graph = options.model.graph!
    this.#initializers = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]))
    this.#outputs = new Set(graph.output.map(({ name }) => name))
    for (const node of graph.node)
      for (const name of new Set(node.input)) this.#readers.set(name, [...(this.#readers.get(name) ?? []), node])
  }

  compile(): Compiled {
    const inputs = new Map(
      Object.entries(this.options.inputs).map(([name, dims]) => [name, this.emitter.input(dims)] as const),
    )
    for (const [name, tensor] of inputs) this.set(name, tensor)
    for (const node of this.options.model.graph!.node) if (!this.#done.has(node)) this.#node(node)
    const outputs = new Map(
      [...this.#outputs].map((name) => {
        const tensor = this.tensor(name)
        return [
          name,
          this.emitter.ordered(
            tensor,
            tensor.dims.map((_, axis) => axis),
          ),
        ] as const
      }),
    )
    return { emitter: this.emitter, inputs, outputs }
  }

  value(name: string | undefined): Value | null {
    if (name === undefined || name === '') return null
    const value = this.#values.get(name)
    if (value) return value
    const initializer = this.#initializers.get(name)
    if (!initializer) return null
    const read = this.#read(initializer)
    this.#values.set(name, read)
    return read
  }

  tensor(name: string | undefined): Tensor {
    const value = this.value(name)
    if (!value) throw new Unsupported(`${name === undefined || name === '' ? 'an input' : name} is missing`)
    if (value.kind === 'tensor') return value.tensor
    const tensor = this.#laid(value)
    this.set(name!, tensor)
    return tensor
  }

  optional(name: string | undefined): Tensor | null {
    return name === undefined || name === '' ? null : this.tensor(name)
  }

  known(name: string | undefined): Known | null {
    const value = this.value(name)
    return value?.kind === 'known' ? value : null
  }

  numbers(name: string | undefined): readonly number[] {
    const found = this.known(name)
    if (!found) throw new Unsupported(`${name} depends on the inputs`)
    return found.values
  }

  dims(name: string | undefined): readonly number[] {
    const value = this.value(name)
    if (!value) throw new Unsupported(`${name} is missing`)
    return value.kind === 'tensor' ? value.tensor.dims : value.dims
  }

  set(name: string, value: Value | Tensor): void {
    this.#values.set(name, 'kind' in value ? value : { kind: 'tensor', tensor: value })
  }

  readers(name: string): readonly NodeProto[] {
    return this.#readers.get(name) ?? []
  }

  soleReader(name: string): NodeProto | null {
    const readers = this.readers(name)
    return readers.length === 1 && !this.#outputs.has(name) && !this.#done.has(readers[0]!) ? readers[0]! : null
  }

  isOutput(name: string): boolean {
    return this.#outputs.has(name)
  }

  absorb(...nodes: readonly NodeProto[]): void {
    for (const node of nodes) this.#done.add(node)
  }

  axes(node: NodeProto, input: number): readonly number[] | null {
    return node.input[input] ? this.numbers(node.input[input]) : ints(node, 'axes')
  }

  #node(node: NodeProto): void {
    if (node.opType === 'Constant') return this.set(node.output[0]!, this.#constant(node))
    const found = evaluate(this, node)
    if (found) {
      for (const [i, value] of found.entries()) if (node.output[i]) this.set(node.output[i], value)
      return
    }
    const name = node.domain === '' || node.domain === 'ai.onnx' ? node.opType : `${node.domain}.${node.opType}`
    const operator = operators.get(name)
    if (!operator) throw new Unsupported(`there is no ${name} here`)
    operator.emit(this, node)
  }

  #laid(value: Exclude<Value, { kind: 'tensor' }>): Tensor {
    switch (value.kind) {
      case 'known':
        return this.emitter.values(value.dims, value.values)
      case 'regrouped': {
        const packed = this.emitter.ordered(
          value.source,
          value.source.dims.map((_, axis) => axis),
        )
        return reshaped(packed, value.dims)!
      }
      case 'normalised': {
        const tensor = normalise(this.emitter, value, 0)
        const same = reshaped(tensor, value.dims)
        return same ?? this.#laid({ kind: 'regrouped', source: tensor, dims: value.dims })
      }
    }
  }

  #constant(node: NodeProto): Value {
    const tensor = tensorAttribute(node, 'value')
    if (tensor) return this.#read({ ...tensor, name: node.output[0]! })
    const [int, ints, float] = [
      intAttribute(node, 'value_int'),
      intsAttribute(node, 'value_ints'),
      floatAttribute(node, 'value_float'),
    ]
    if (int !== null) return known([], [int])
    if (ints) return known([ints.length], ints)
    if (float !== null) return known([], [float], 'float')
    throw new Unsupported('a constant of another type')
  }

  #read(tensor: TensorProto): Value {
    const dims = tensor.dims.map(Number)
    const [bytes, key] = this.#bytes(tensor)
    const type = kindOf(tensor)
    // Large tensors of floats stay where they are until they are packed.
    if (product(dims) <= (type === 'float' ? MOST_KNOWN_FLOATS : MOST_KNOWN))
      return known(dims, [...numbersOf(tensor, bytes, product(dims))], type)
    const floats = () => Float32Array.from(numbersOf(tensor, bytes, product(dims)))
    return { kind: 'tensor', tensor: this.emitter.constant(dims, key, floats) }
  }

  /** The bytes of a tensor, and a text that tells it from others of the same weights. */
  #bytes(tensor: TensorProto): readonly [Uint8Array, string] {
    if (tensor.dataLocation !== DataLocation.EXTERNAL) return [tensor.rawData, `inline ${contentKey(tensor)}`]
    const entry = (key: string) => tensor.externalData.find((item) => item.key === key)?.value
    const offset = Number(entry('offset') ?? 0)
    const length = Number(entry('length') ?? this.options.data.byteLength - offset)
    return [this.options.data.subarray(offset, offset + length), `external ${offset} ${length} ${tensor.dataType}`]
  }
}
