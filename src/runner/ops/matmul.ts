/** Products of matrices, with the bias, the activation and the sum behind them. */
import { matmul as emit, following } from '../products'
import type { NodeProto } from '../../network/onnx'
import { float, int } from '../attributes'
import { binary } from '../broadcast'
import type { Operator } from '../operator'
import { transposed, type Tensor } from '../tensor'

/** The last two axes the other way round, where onnxruntime took a Transpose into the product. */
function turned(node: NodeProto, attribute: string, x: Tensor): Tensor {
  if (int(node, attribute, 0) === 0) return x
  const axes = x.dims.map((_, axis) => axis)
  return transposed(x, [...axes.slice(0, -2), axes.length - 1, axes.length - 2])
}

export const matmul: Operator = {
  names: ['MatMul', 'com.microsoft.FusedMatMul'],
  emit(c, node) {
    const [a, b] = [0, 1].map((i) => turned(node, i === 0 ? 'transA' : 'transB', c.tensor(node.input[i]))) as [
      Tensor,
      Tensor,
    ]
    const alpha = float(node, 'alpha', 1)
    if (alpha !== 1)
      return c.set(
        node.output[0]!,
        binary(c.emitter, 'mul', emit(c.emitter, a, b, null), c.emitter.values([], [alpha])),
      )
    const columns = b.dims.length > 1 ? b.dims.at(-1)! : 1
    const after = following(c, node.output[0]!, columns, b.dims.length === 2)
    c.set(after.name, emit(c.emitter, a, b, after))
  },
}
