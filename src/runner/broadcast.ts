/** Elementwise calls over tensors that lie in memory in any order and are repeated along any axes. */
import type { Emitter } from './emitter'
import { BINARY, UNARY, type Binary, type Unary } from './kernels'
import { broadcastDims } from './dims'
import { collapsed, expanded, memoryOrder, product, type Ref, type Tensor } from './tensor'

/** Loops that are written out, at most; beyond that, operands are copied so that fewer are needed. */
const MOST_LOOPS = 64

const moved = ({ buffer, offset }: Ref, by: number): Ref => ({ buffer, offset: offset + by })

/** One operand, each value by itself. */
export function unary(emitter: Emitter, name: Unary, x: Tensor): Tensor {
  const packed = emitter.ordered(x)
  const out = emitter.result(x.dims, [x], memoryOrder(packed))
  emitter.call('unary', [UNARY.indexOf(name), packed.at, out.at, product(x.dims)], out.at.buffer)
  return out
}

/** Two operands. The result lies in memory as the larger operand does. */
export function binary(emitter: Emitter, name: Binary, a: Tensor, b: Tensor): Tensor {
  const dims = broadcastDims([a.dims, b.dims])
  const large = product(a.dims) >= product(b.dims) ? a : b
  const model = product(large.dims) === product(dims) ? large : null
  const order = model ? leadOrder(model, dims.length) : dims.map((_, axis) => axis)
  const out = emitter.result(dims, [a, b], order)
  const loop = loopOf(emitter, dims, order, a, b, out)
  write(emitter, BINARY.indexOf(name), loop, out)
  return out
}

/** The memory order of a tensor with further axes of one entry in front. */
function leadOrder(tensor: Tensor, rank: number): number[] {
  const lead = rank - tensor.dims.length
  return [...Array.from({ length: lead }, (_, axis) => axis), ...memoryOrder(tensor).map((axis) => axis + lead)]
}

interface Operands {
  readonly dims: readonly number[]
  readonly a: { readonly at: Ref; readonly strides: readonly number[] }
  readonly b: { readonly at: Ref; readonly strides: readonly number[] }
  readonly out: readonly number[]
}

function loopOf(
  emitter: Emitter,
  dims: readonly number[],
  order: readonly number[],
  first: Tensor,
  second: Tensor,
  out: Tensor,
): Operands {
  const [a, b] = [expanded(first, dims), expanded(second, dims)]
  const along = (strides: readonly number[]) => order.map((axis) => strides[axis]!)
  const lengths = order.map((axis) => dims[axis]!)
  const loop = collapsed(lengths, [along(a.strides), along(b.strides), along(out.strides)])
  const [sa, sb, so] = [loop.strides[0]!, loop.strides[1]!, loop.strides[2]!]
  const inner = innerKind(loop.dims, sa, sb)
  const misfit = inner.kind === 'same' && loop.dims.length > 0 && (sa.at(-1) !== 1 || sb.at(-1) !== 1)
  if (misfit || product(loop.dims.slice(0, loop.dims.length - inner.axes)) > MOST_LOOPS) {
    // An operand that is neither in this order nor repeated in a simple way is written out in full, the first in any case.
    const inOrder = (strides: readonly number[]) => strides.every((stride, i) => stride === so[i])
    const repeated = (strides: readonly number[]) => strides.every((stride) => stride === 0)
    const fb = inOrder(sb) || repeated(sb) ? b : emitter.ordered(b, order)
    const fa = inOrder(sa) || (repeated(sa) && !repeated(sb)) ? a : emitter.ordered(a, order)
    if (fa !== a || fb !== b) return loopOf(emitter, dims, order, fa, fb, out)
  }
  return { dims: loop.dims, a: { at: a.at, strides: sa }, b: { at: b.at, strides: sb }, out: so }
}

type Inner = 'same' | 'scalar' | 'vector' | 'column'

/** How b repeats against a over the last two axes (or the last), where a lies packed. */
function innerKind(
  dims: readonly number[],
  sa: readonly number[],
  sb: readonly number[],
): { kind: Inner; axes: number; swapped: boolean } {
  const last = dims.length - 1
  if (last < 0) return { kind: 'same', axes: 0, swapped: false }
  const packed = (s: readonly number[], i: number) => s[last] === 1 && (i === 1 || s[last - 1] === dims[last])
  for (const [one, two, swapped] of [
    [sa, sb, false],
    [sb, sa, true],
  ] as const) {
    if (last >= 1 && packed(one, 2) && two[last] === 1 && two[last - 1] === 0)
      return { kind: 'vector', axes: 2, swapped }
    if (last >= 1 && packed(one, 2) && two[last] === 0 && two[last - 1] === 1)
      return { kind: 'column', axes: 2, swapped }
    if (packed(one, 1) && two[last] === 0) return { kind: 'scalar', axes: 1, swapped }
  }
  return { kind: 'same', axes: 1, swapped: false }
}

function write(emitter: Emitter, op: number, { dims, a, b, out: so }: Operands, out: Tensor): void {
  const { kind, axes, swapped } = innerKind(dims, a.strides, b.strides)
  const outer = dims.slice(0, dims.length - axes)
  const inner = dims.slice(dims.length - axes)
  const [one, two] = swapped ? [b, a] : [a, b]
  for (let index = 0; index < product(outer); index++) {
    let rest = index
    const at = [0, 0, 0]
    for (let axis = outer.length - 1; axis >= 0; axis--) {
      const i = rest % outer[axis]!
      rest = Math.floor(rest / outer[axis]!)
      at[0]! += i * one.strides[axis]!
      at[1]! += i * two.strides[axis]!
      at[2]! += i * so[axis]!
    }
    const [x, y, z] = [moved(one.at, at[0]!), moved(two.at, at[1]!), moved(out.at, at[2]!)]
    const flag = swapped ? 1 : 0
    if (kind === 'vector') emitter.call('binaryVector', [op, x, y, z, inner[0]!, inner[1]!, flag], out.at.buffer)
    else if (kind === 'column') emitter.call('binaryColumn', [op, x, y, z, inner[0]!, inner[1]!, flag], out.at.buffer)
    else if (kind === 'scalar') emitter.call('binaryScalar', [op, x, y, z, inner[0]!, flag], out.at.buffer)
    else emitter.call('binary', [op, x, y, z, inner[0] ?? 1], out.at.buffer)
  }
}
