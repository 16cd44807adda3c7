/** Attention of one row of the batch: scores of a block of queries stay in the cache between the two products. */
import { QUERIES, WIDE } from '../../runner/kernels/sizes'
import { loadSome, storeSome } from './edges'
import type { Module } from './function'
import type { Int } from './wat'

/** (scores, n, m, bytes of a row, bias or 0, sums, scale): scores ← exp of them, sums ← one by their sums. */
function weigh(module: Module): void {
  module.inner('weigh', (f) => {
    const { scores, n, m, stride, bias, sums } = f.intParams('scores n m stride bias sums')
    const scale = f.numParam()
    // A scale that turns the order round is laid on before the greatest is looked for, and so it is where something is added.
    f.if(bias.or(scale.notAbove(0)), () => {
      const row = f.int(scores)
      f.each(n, 1, () => {
        f.call('scaleAndAdd', row, bias, m, scale)
        f.add(row, stride)
        f.set(bias, bias.choose(bias.plus(m.bytes()), 0))
      })
      f.set(scale, 1)
    })
    f.call('exponentials', scores, scores, n, m, stride, sums, scale)
  })
  module.inner('scaleAndAdd', (f) => {
    const { x, bias, n } = f.intParams('x bias n')
    const scale = f.vec(f.numParam().splat())
    f.each(n, 4, (i) => {
      const left = f.int(n.minus(i))
      const at = f.int(x.plus(i.bytes()))
      const value = f.vec(loadSome(f, at, left).times(scale))
      f.if(bias, () => f.set(value, value.plus(loadSome(f, bias.plus(i.bytes()), left))))
      storeSome(f, at, value, left)
    })
  })
  module.inner('scaleRows', (f) => {
    const { x, n, d, stride, sums } = f.intParams('x n d stride sums')
    f.each(n, 1, () => {
      f.call('mul_one', x, sums, x, d)
      f.add(x, stride)
      f.add(sums, 4)
    })
  })
}

export function attention(module: Module): void {
  weigh(module)
  module.exported('attention', (f) => {
    const { q, ldq, k, ldk, v, ldv, out, ldo, bias, biasHeadStride, heads, n, m, d } = f.intParams(
      'q ldq k ldk v ldv out ldo bias biasHeadStride heads n m d',
    )
    const scale = f.numParam()
    const scratch = f.intParam()
    const round = (x: Int) => x.plus(WIDE - 1).and(-WIDE)
    // Keys, values, sums and scores of a block: see attentionScratchFloats.
    const values = f.int(scratch.plus(round(m).times(d).bytes()))
    const sums = f.int(values.plus(round(d).times(m).bytes()))
    const scores = f.int(sums.plus(4 * QUERIES))
    const ld = f.int(m.plus(3).and(-4))
    const { top, rows, mask } = f.ints('top rows mask')
    f.each(heads, 1, () => {
      f.call('pack', k, ldk, d, m, 1, scratch)
      f.call('pack', v, ldv, m, d, 0, values)
      f.set(top, 0)
      f.during(top, n, QUERIES, () => {
        f.set(rows, n.minus(top).least(QUERIES))
        f.call('product', q.plus(top.times(ldq).bytes()), ldq, scratch, 0, 0, scores, ld, rows, m, d)
        f.set(mask, bias.choose(bias.plus(top.times(m).bytes()), 0))
        f.call('weigh', scores, rows, m, ld.bytes(), mask, sums, scale)
        const to = f.int(out.plus(top.times(ldo).bytes()))
        f.call('product', scores, ld, values, 0, 0, to, ldo, rows, d, m)
        f.call('scaleRows', to, rows, d, ldo.bytes(), sums)
      })
      for (const one of [q, k, v, out]) f.add(one, d.bytes())
      f.set(bias, bias.choose(bias.plus(biasHeadStride.bytes()), 0))
    })
  })
}
