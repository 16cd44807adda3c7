/** Products of matrices on packed operands, and what behind them is computed in the same call. */
import { text } from './attributes'
import type { NodeProto } from '../network/onnx'
import type { Compilation } from './compilation'
import type { Emitter } from './emitter'
import { broadcastDims } from './dims'
import { ACTIVATIONS } from './kernels'
import { packedFloats } from './kernels/sizes'
import { expanded, isPacked, product, reshaped, type Ref, type Tensor } from './tensor'

/** What a product, or a convolution, does to its result before it writes it; `name`: the tensor that it then is. */
export interface Following {
  readonly name: string
  readonly bias: Tensor | null
  readonly activation: number
}

/** A constant operand with one value for each of `columns`, along the last axis or (`axis` 1 of four) the channels. */
function columnsOf(c: Compilation, name: string, columns: number, channels: boolean): Tensor | null {
  const value = c.value(name)
  if (!value || (value.kind !== 'known' && value.kind !== 'tensor')) return null
  const dims = value.kind === 'known' ? value.dims : value.tensor.dims
  if (value.kind === 'tensor' && !value.tensor.at.buffer.constant) return null
  const at = channels ? dims.length - 3 : dims.length - 1
  if (dims[at] !== columns || product(dims) !== columns) return null
  const tensor = reshaped(c.tensor(name), [columns])
  return tensor && isPacked(tensor) ? tensor : null
}

/** The activation that alone reads a tensor: its place among the kernels', and its nodes. */
function activationOf(
  c: Compilation,
  name: string,
): { readonly activation: number; readonly nodes: readonly NodeProto[] } | null {
  const readers = c.readers(name)
  if (c.isOutput(name)) return null
  const sigmoid = readers.find(({ opType }) => opType === 'Sigmoid')
  const mul = sigmoid && c.soleReader(sigmoid.output[0]!)
  if (readers.length === 2 && mul?.opType === 'Mul' && readers.includes(mul) && mul.input.includes(name))
    return { activation: ACTIVATIONS.indexOf('silu'), nodes: [sigmoid!, mul] }
  const [only] = readers
  if (readers.length !== 1 || !only) return null
  const plain = only.domain === '' || only.domain === 'ai.onnx'
  if (plain && only.opType === 'Relu') return { activation: ACTIVATIONS.indexOf('relu'), nodes: [only] }
  if (only.opType === 'Gelu' && text(only, 'approximate') !== 'tanh')
    return { activation: ACTIVATIONS.indexOf('gelu'), nodes: [only] }
  return null
}

/**
 * What directly follows a product into `columns` columns: a constant bias (unless `bias` is given), then an activation. Their nodes
 * are marked as done. `plain`: bias and activation may be taken in at all.
 */
export function following(
  c: Compilation,
  output: string,
  columns: number,
  plain: boolean,
  bias: Tensor | null = null,
  channels = false,
): Following {
  let name = output
  let added = bias && reshaped(bias, [columns])
  if (!plain) return { name, bias: added, activation: 0 }
  const next = c.soleReader(name)
  if (!added && next?.opType === 'Add') {
    const other = next.input[0] === name ? next.input[1]! : next.input[0]!
    added = columnsOf(c, other, columns, channels)
    if (added) {
      c.absorb(next)
      name = next.output[0]!
    }
  }
  const activation = activationOf(c, name)
  if (!activation) return { name, bias: added, activation: 0 }
  c.absorb(...activation.nodes)
  return { name: activation.nodes.at(-1)!.output[0]!, bias: added, activation: activation.activation }
}

/** Packs [k, n] as the kernels take it; constants once. */
export function packedMatrix(emitter: Emitter, b: Tensor): Ref {
  const [k, n] = [b.dims[0]!, b.dims[1]!]
  const plain = b.strides[1] === 1 || n === 1
  const turned = !plain && (b.strides[0] === 1 || k === 1)
  const matrix = plain || turned ? b : emitter.ordered(b, [0, 1])
  const [transposed, row] = turned ? [1, n === 1 ? 1 : matrix.strides[1]!] : [0, k === 1 ? n : matrix.strides[0]!]
  return emitter.packed(`matrix ${k} ${n} ${row} ${transposed}`, packedFloats(k, n), matrix, (out) =>
    emitter.call('pack', [matrix.at, row, k, n, transposed, out], out.buffer),
  )
}

/** Rows of [m, k] that lie apart by one stride, each packed; copied where they don't. */
function rows(emitter: Emitter, a: Tensor): { readonly at: Ref; readonly stride: number } {
  const [m, k] = [a.dims[0]!, a.dims[1]!]
  const fits = (a.strides[1] === 1 || k === 1) && (m === 1 || a.strides[0]! >= k)
  const matrix = fits ? a : emitter.ordered(a, [0, 1])
  return { at: matrix.at, stride: m === 1 ? k : matrix.strides[0]! }
}

/** A · B over the last two axes, the others broadcast, with what follows. */
export function matmul(emitter: Emitter, first: Tensor, second: Tensor, after: Following | null): Tensor {
  const a = first.dims.length === 1 ? reshaped(first, [1, first.dims[0]!])! : first
  const b = second.dims.length === 1 ? reshaped(second, [second.dims[0]!, 1])! : second
  const lead = broadcastDims([a.dims.slice(0, -2), b.dims.slice(0, -2)])
  const [m, k, n] = [a.dims.at(-2)!, a.dims.at(-1)!, b.dims.at(-1)!]
  const operands = [a, b, ...(after?.bias ? [after.bias] : [])]
  const out = emitter.result([...lead, m, n], operands)
  const flat = product(b.dims.slice(0, -2)) === 1 ? flatRows(emitter, a, k) : null
  if (flat) {
    const matrix = reshaped(b, [k, n])!
    gemm(emitter, flat, matrix, out.at, n, after)
  } else {
    const [ea, eb] = [expanded(a, [...lead, m, k]), expanded(b, [...lead, k, n])]
    for (let index = 0; index < product(lead); index++) {
      const [one, two] = [batchOf(ea, index), batchOf(eb, index)]
      gemm(emitter, one, two, { buffer: out.at.buffer, offset: out.at.offset + index * m * n }, n, after)
    }
  }
  const dims = [...lead, ...(first.dims.length === 1 ? [] : [m]), ...(second.dims.length === 1 ? [] : [n])]
  return dims.length === out.dims.length ? out : reshaped(out, dims)!
}

/** All rows of all matrices as one matrix. */
function flatRows(emitter: Emitter, a: Tensor, k: number): Tensor {
  const m = product(a.dims.slice(0, -1))
  return (
    reshaped(a, [m, k]) ??
    reshaped(
      emitter.ordered(
        a,
        a.dims.map((_, axis) => axis),
      ),
      [m, k],
    )!
  )
}

/** The matrix of one place among the leading axes. */
function batchOf(tensor: Tensor, index: number): Tensor {
  const lead = tensor.dims.length - 2
  let rest = index
  let offset = tensor.at.offset
  for (let axis = lead - 1; axis >= 0; axis--) {
    offset += (rest % tensor.dims[axis]!) * tensor.strides[axis]!
    rest = Math.floor(rest / tensor.dims[axis]!)
  }
  return {
    dims: tensor.dims.slice(lead),
    strides: tensor.strides.slice(lead),
    at: { buffer: tensor.at.buffer, offset },
  }
}

/** One call, into packed rows of `columns`. */
export function gemm(emitter: Emitter, a: Tensor, b: Tensor, out: Ref, columns: number, after: Following | null): void {
  const left = rows(emitter, a)
  const packed = packedMatrix(emitter, b)
  const [m, k, n] = [a.dims[0]!, a.dims[1]!, b.dims[1]!]
  emitter.call(
    'gemm',
    [left.at, left.stride, packed, after?.bias?.at ?? 0, 0, out, columns, m, n, k, after?.activation ?? 0],
    out.buffer,
  )
}
