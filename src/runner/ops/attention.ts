/** Attention of several heads in one operator: ONNX's of opset 23, and Microsoft's. */
import type { NodeProto } from '../../network/onnx'
import { float, int } from '../attributes'
import type { Compilation } from '../compilation'
import type { Emitter } from '../emitter'
import { attentionScratchFloats } from '../kernels/sizes'
import type { Operator } from '../operator'
import { expanded, product, reshaped, rowOf, transposed, type Ref, type Tensor } from '../tensor'
import { Unsupported } from '../unsupported'

/** Tokens by head, [rows, heads, tokens, width]. */
interface Heads {
  readonly q: Tensor
  readonly k: Tensor
  readonly v: Tensor
  readonly bias: Tensor | null
  readonly scale: number
}

/** The heads of a token side by side in memory, as the kernel takes them, however far one token is from the next. */
function sideBySide(emitter: Emitter, x: Tensor): Tensor {
  const [heads, width] = [x.dims[1]!, x.dims[3]!]
  const fits = (x.strides[3] === 1 || width === 1) && (x.strides[1] === width || heads === 1)
  return fits ? x : emitter.ordered(x, [0, 2, 1, 3])
}

/** softmax(scale · Q Kᵀ + bias) V of each row and head. */
function attend(emitter: Emitter, { bias: told, scale, ...operands }: Heads): Tensor {
  const [q, k, v] = [operands.q, operands.k, operands.v].map((one) => sideBySide(emitter, one)) as [
    Tensor,
    Tensor,
    Tensor,
  ]
  const [rows, heads, n, d] = q.dims as [number, number, number, number]
  const m = k.dims[2]!
  const alike = [k, v].every(({ dims }) => dims[0] === rows && dims[1] === heads && dims[2] === m && dims[3] === d)
  if (!alike) throw new Unsupported('attention whose heads are of two widths, or shared')
  const bias = told && biasOf(emitter, told, [rows, heads, n, m])
  const out = emitter.result([rows, heads, n, d], [q, k, v, ...(bias ? [bias] : [])], [0, 2, 1, 3])
  const scratch = emitter.buffer(attentionScratchFloats(n, m, d), [out.at.buffer])
  for (let row = 0; row < rows; row++) {
    const each = [q, k, v, out].map((one) => rowOf(one, row))
    const at: Ref | 0 = bias ? rowOf(bias, row).at : 0
    emitter.call(
      'attention',
      [
        ...each.flatMap((one) => [one.at, one.strides[1]!]),
        at,
        bias?.strides[1] ?? 0,
        heads,
        n,
        m,
        d,
        scale,
        { buffer: scratch, offset: 0 },
      ],
      out.at.buffer,
      [scratch],
    )
  }
  return out
}

/** [rows, heads, n, m], repeated over rows and heads without a copy. */
function biasOf(emitter: Emitter, bias: Tensor, dims: readonly number[]): Tensor {
  const plain = bias.dims.map((_, axis) => axis)
  const full = bias.dims.slice(-2).every((length, i) => length === dims[i + 2])
  const whole = full ? bias : expanded(bias, [...bias.dims.slice(0, -2), ...dims.slice(2)])
  return expanded(emitter.ordered(whole, plain), dims)
}

/** [rows, tokens, heads · width] by head; what is by head already stays. */
function byHead(x: Tensor, heads: number): Tensor {
  if (x.dims.length === 4) return x
  const [rows, tokens, width] = x.dims as [number, number, number]
  const apart = x.dims.length === 3 && reshaped(x, [rows, tokens, heads, width / heads])
  if (!apart) throw new Unsupported('attention whose operands are packed')
  return transposed(apart, [0, 2, 1, 3])
}

/** The other way round. */
function together(x: Tensor): Tensor {
  const [rows, heads, tokens, width] = x.dims as [number, number, number, number]
  return reshaped(transposed(x, [0, 2, 1, 3]), [rows, tokens, heads * width])!
}

function withoutExtras(node: NodeProto, bias: number): void {
  const extra = node.input.some((name, i) => i > 2 && i !== bias && name !== '')
  const masked =
    int(node, 'unidirectional', 0) === 1 || int(node, 'is_causal', 0) === 1 || float(node, 'softcap', 0) !== 0
  if (extra || masked || node.output.slice(1).some((name) => name !== ''))
    throw new Unsupported('attention with a cache, a mask of keys or of what comes later')
}

function headsOf(c: Compilation, node: NodeProto, counts: readonly [number, number], bias: number): Heads {
  withoutExtras(node, bias)
  const [q, k, v] = [0, 1, 2].map((i) => byHead(c.tensor(node.input[i]), counts[i === 0 ? 0 : 1])) as [
    Tensor,
    Tensor,
    Tensor,
  ]
  return { q, k, v, bias: c.optional(node.input[bias]), scale: float(node, 'scale', 0) || 1 / Math.sqrt(q.dims[3]!) }
}

export const attention: Operator = {
  names: ['com.microsoft.MultiHeadAttention', 'Attention'],
  emit(c, node) {
    const microsoft = node.opType === 'MultiHeadAttention'
    const one = int(node, microsoft ? 'num_heads' : 'q_num_heads', 1)
    const other = microsoft ? one : int(node, 'kv_num_heads', one)
    const heads = headsOf(c, node, [one, other], microsoft ? 5 : 3)
    if (product(heads.q.dims) === 0) throw new Unsupported('attention of nothing')
    const out = attend(c.emitter, heads)
    c.set(node.output[0]!, c.dims(node.input[0]).length === 4 ? out : together(out))
  },
}
