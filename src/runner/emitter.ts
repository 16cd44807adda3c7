/**
 * Writes down what is to be computed: calls of kernels on buffers whose places are found later. What depends on constants alone goes
 * into a list of its own, which runs once; its results are told apart by how they are made, so that several programs share them.
 */
import { Unsupported } from './unsupported'
import type { Kernels } from './kernels'
import type * as sizes from './kernels/sizes'
import { memoryOrder, packedStrides, product, type Buffer, type Ref, type Tensor } from './tensor'

/** Those that compute; the others say how large a buffer is. */
export type KernelName = Exclude<keyof Kernels, keyof typeof sizes>

export type Argument = number | Ref

export interface Call {
  readonly kernel: KernelName
  readonly args: readonly Argument[]
  readonly writes: readonly Buffer[]
  readonly reads: readonly Buffer[]
}

/** Values that the host puts into a buffer before the constants' calls. */
export interface Load {
  readonly into: Buffer
  readonly values: () => Float32Array | Int32Array
}

/** Calls of one run, at most: a graph that would need more is left to another runtime. */
const MOST_CALLS = 60_000

export class Emitter {
  readonly calls: Call[] = []
  readonly constantCalls: Call[] = []
  readonly loads = new Map<Buffer, Load>()
  /** How a constant buffer is made, as text: equal texts are equal values. */
  readonly #made = new Map<Buffer, string>()
  readonly #known = new Map<string, Buffer>()

  /** `recipes` numbers how constants are made; programs that share constants share it. */
  constructor(private readonly recipes: Map<string, string>) {}

  /** A buffer for results of these operands. */
  buffer(floats: number, of: readonly { readonly constant: boolean }[]): Buffer {
    return { floats, constant: of.every(({ constant }) => constant) }
  }

  /** An input of the graph. */
  input(dims: readonly number[]): Tensor {
    return { dims, strides: packedStrides(dims), at: { buffer: { floats: product(dims), constant: false }, offset: 0 } }
  }

  /** A new tensor for a result, its axes in memory in the given order. */
  result(dims: readonly number[], of: readonly Tensor[], order?: readonly number[]): Tensor {
    const buffer = this.buffer(
      product(dims),
      of.map(({ at }) => at.buffer),
    )
    return { dims, strides: packedStrides(dims, order), at: { buffer, offset: 0 } }
  }

  /** `key` tells equal values of two loads. */
  constant(dims: readonly number[], key: string, values: Load['values']): Tensor {
    const known = this.#known.get(key)
    const buffer = known ?? { floats: product(dims), constant: true }
    if (!known) {
      this.#known.set(key, buffer)
      this.#made.set(buffer, this.#numbered(key))
      this.loads.set(buffer, { into: buffer, values })
    }
    return { dims, strides: packedStrides(dims), at: { buffer, offset: 0 } }
  }

  /** Small values that the compiler computed. */
  values(dims: readonly number[], values: readonly number[]): Tensor {
    return this.constant(dims, `values ${values.join(' ')}`, () => Float32Array.from(values))
  }

  /** Indices for `gatherRows`. */
  indices(values: readonly number[]): Ref {
    return this.constant([values.length], `indices ${values.join(' ')}`, () => Int32Array.from(values)).at
  }

  /** How a constant buffer is made; null for one that isn't constant. */
  made(buffer: Buffer): string | null {
    return this.#made.get(buffer) ?? null
  }

  /** `out`: where the kernel writes; `scratch`: what it uses meanwhile. Both are also among the arguments. */
  call(kernel: KernelName, args: readonly Argument[], out: Buffer, scratch: readonly Buffer[] = []): void {
    const writes = [out, ...scratch]
    const reads = args.flatMap((arg) => (typeof arg === 'number' || scratch.includes(arg.buffer) ? [] : [arg.buffer]))
    const list = out.constant ? this.constantCalls : this.calls
    if (list.length >= MOST_CALLS) throw new Unsupported('its computation has too many parts')
    list.push({ kernel, args, writes, reads: reads.filter((buffer) => buffer !== out) })
    if (out.constant) this.#note(kernel, args, out)
  }

  /** A packed copy of a tensor, made once for each way that it is packed. */
  packed(key: string, floats: number, of: Tensor, emit: (out: Ref) => void): Ref {
    const known = of.at.buffer.constant ? this.#known.get(`${key} ${this.#place(of.at)}`) : undefined
    if (known) return { buffer: known, offset: 0 }
    const buffer = this.buffer(floats, [of.at.buffer])
    if (buffer.constant) this.#known.set(`${key} ${this.#place(of.at)}`, buffer)
    emit({ buffer, offset: 0 })
    return { buffer, offset: 0 }
  }

  /** The same values, their axes in memory in the given order (default: as they are). Nothing is copied where they lie so. */
  ordered(tensor: Tensor, order: readonly number[] = memoryOrder(tensor)): Tensor {
    const wanted = packedStrides(tensor.dims, order)
    if (tensor.dims.every((length, axis) => length === 1 || tensor.strides[axis] === wanted[axis])) return tensor
    const out = this.result(tensor.dims, [tensor], order)
    this.copy(tensor, out)
    return out
  }

  /** Copies into a packed tensor of the same lengths. */
  copy(from: Tensor, to: Tensor): void {
    const order = memoryOrder(to)
    const dims = order.map((axis) => from.dims[axis]!)
    const strides = order.map((axis) => from.strides[axis]!)
    const [d, s] = mergedAxes(dims, strides)
    const inner = product(d.slice(-4))
    const outer = d.slice(0, -4)
    const [dl, sl] = [pad(d.slice(-4), 1), pad(s.slice(-4), 0)]
    for (let index = 0; index < product(outer); index++) {
      let rest = index
      let offset = from.at.offset
      for (let axis = outer.length - 1; axis >= 0; axis--) {
        offset += (rest % outer[axis]!) * s[axis]!
        rest = Math.floor(rest / outer[axis]!)
      }
      const x = { buffer: from.at.buffer, offset }
      const y = { buffer: to.at.buffer, offset: to.at.offset + index * inner }
      this.call('copy', [x, y, ...dl, ...sl], to.at.buffer)
    }
  }

  #place({ buffer, offset }: Ref): string {
    return `${this.#made.get(buffer) ?? '?'}+${offset}`
  }

  /** Keeps how a constant buffer came about; texts are numbered so that they stay short. */
  #note(kernel: KernelName, args: readonly Argument[], out: Buffer): void {
    const operands = args.map((arg) =>
      typeof arg === 'number' ? arg : arg.buffer === out ? `out+${arg.offset}` : this.#place(arg),
    )
    this.#made.set(out, this.#numbered(`${this.#made.get(out) ?? ''} ${kernel} ${operands.join(' ')}`))
  }

  #numbered(text: string): string {
    const known = this.recipes.get(text) ?? `#${this.recipes.size}`
    this.recipes.set(text, known)
    return known
  }
}

function pad(values: readonly number[], by: number): number[] {
  return [...Array<number>(4 - values.length).fill(by), ...values]
}

/** Axes of one entry go, and axes that lie one behind the other become one. */
function mergedAxes(dims: readonly number[], strides: readonly number[]): readonly [number[], number[]] {
  const [d, s]: [number[], number[]] = [[], []]
  for (const [axis, length] of dims.entries()) {
    if (length === 1) continue
    if (d.length > 0 && s.at(-1)! === strides[axis]! * length) {
      d[d.length - 1]! *= length
      s[s.length - 1] = strides[axis]!
    } else {
      d.push(length)
      s.push(strides[axis]!)
    }
  }
  return [d, s]
}
