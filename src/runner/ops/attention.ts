/** Attention of several heads in one operator: Microsoft's, whose tokens lie as [rows, tokens, heads · width]. */
import { float, int } from '../attributes'
import type { Emitter } from '../emitter'
import { attentionScratchFloats } from '../kernels/sizes'
import type { Operator } from '../operator'
import { expanded, rowOf, type Ref, type Tensor } from '../tensor'
import { Unsupported } from '../unsupported'
import type { NodeProto } from '../../network/onnx'

/** Tokens whose channels lie together, however far one token is from the next. */
function tokens(emitter: Emitter, x: Tensor): Tensor {
  return x.strides[2] === 1 ? x : emitter.ordered(x, [0, 1, 2])
}

function checked(node: NodeProto): void {
  const others = node.input.filter((name, i) => i > 2 && i !== 5 && name !== '')
  if (others.length > 0 || int(node, 'unidirectional', 0) === 1 || node.output.slice(1).some((name) => name !== ''))
    throw new Unsupported('attention with packed operands, a cache or a mask of keys')
}

export const attention: Operator = {
  names: ['com.microsoft.MultiHeadAttention'],
  emit(c, node) {
    checked(node)
    const { emitter } = c
    const [q, k, v] = [0, 1, 2].map((i) => c.tensor(node.input[i]))
    if (!q || !k || !v || [q, k, v].some(({ dims }) => dims.length !== 3))
      throw new Unsupported('attention whose operands are packed')
    const heads = int(node, 'num_heads', 1)
    const [rows, n, width] = [q.dims[0]!, q.dims[1]!, q.dims[2]!]
    const [m, d] = [k.dims[1]!, width / heads]
    if (k.dims[2] !== width || v.dims[2] !== width) throw new Unsupported('attention with heads of two widths')
    const [tq, tk, tv] = [tokens(emitter, q), tokens(emitter, k), tokens(emitter, v)]
    const told = c.optional(node.input[5])
    const bias = told && biasOf(emitter, told, [rows, heads, n, m])
    const out = emitter.result([rows, n, width], [tq, tk, tv, ...(bias ? [bias] : [])])
    const scratch = emitter.buffer(attentionScratchFloats(n, m, d), [out.at.buffer])
    const scale = float(node, 'scale', 0) || 1 / Math.sqrt(d)
    for (let row = 0; row < rows; row++) {
      const [a, b, e, y] = [rowOf(tq, row), rowOf(tk, row), rowOf(tv, row), rowOf(out, row)]
      const at: Ref | 0 = bias ? rowOf(bias, row).at : 0
      const operands = [a, b, e, y].flatMap((one) => [one.at, one.strides[0]!])
      emitter.call(
        'attention',
        [...operands, at, bias?.strides[1] ?? 0, heads, n, m, d, scale, { buffer: scratch, offset: 0 }],
        out.at.buffer,
        [scratch],
      )
    }
    c.set(node.output[0]!, out)
  },
}

/** [rows, heads, n, m], repeated over rows and heads without a copy. */
function biasOf(emitter: Emitter, bias: Tensor, dims: readonly number[]): Tensor {
  const full = bias.dims.slice(-2).every((length, i) => length === dims[i + 2])
  const packed = full
    ? emitter.ordered(
        bias,
        bias.dims.map((_, i) => i),
      )
    : emitter.ordered(
        expanded(bias, [...bias.dims.slice(0, -2), ...dims.slice(2)]),
        bias.dims.map((_, i) => i),
      )
  return expanded(packed, dims)
}
