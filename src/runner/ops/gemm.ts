/** A product of two matrices, scaled, and a sum. */
import { float, int } from '../attributes'
import { binary } from '../broadcast'
import type { Operator } from '../operator'
import { following, matmul } from '../products'
import { product, transposed } from '../tensor'

export const gemm: Operator = {
  names: ['Gemm'],
  emit(c, node) {
    const { emitter } = c
    const a = c.tensor(node.input[0])
    const b = c.tensor(node.input[1])
    const bias = c.optional(node.input[2])
    const [left, right] = [
      int(node, 'transA', 0) === 1 ? transposed(a, [1, 0]) : a,
      int(node, 'transB', 0) === 1 ? transposed(b, [1, 0]) : b,
    ]
    const [alpha, beta] = [float(node, 'alpha', 1), float(node, 'beta', 1)]
    const columns = right.dims[1]!
    if (alpha === 1 && beta === 1 && (!bias || (product(bias.dims) === columns && bias.dims.at(-1) === columns))) {
      const after = following(c, node.output[0]!, columns, true, bias)
      return c.set(after.name, matmul(emitter, left, right, after))
    }
    const scaled = (x: typeof a, by: number) => (by === 1 ? x : binary(emitter, 'mul', x, emitter.values([], [by])))
    const out = scaled(matmul(emitter, left, right, null), alpha)
    c.set(node.output[0]!, bias ? binary(emitter, 'add', out, scaled(bias, beta)) : out)
  },
}
