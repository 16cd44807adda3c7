/**
 * Matrix product. B is packed in panels of `WIDE` columns, [panel][k][WIDE], zeros beyond its last column. A tile of rows × one panel
 * stays in registers over all of k, so that each output is summed in one order however many rows there are.
 */
import { WIDE } from '../../runner/kernels/sizes'
import type { Fn, Module } from './function'
import { turn } from './movement'
import { Int, load, loadNum, loadSplat, Vec } from './wat'

/** Rows of the largest tile: with the columns of a panel and a product that is not added yet, what fits into V8's registers. */
const tallest = (module: Module) => (module.arithmetic.relaxed ? 6 : 5)
const VECTORS = WIDE / 4

/** Sums of one tile: all of k, of `tall` rows from `a`. */
function sums(f: Fn, tall: number, a: Int, stride: Int, panel: Int, k: Int): readonly Vec[] {
  const total = Array.from({ length: tall * VECTORS }, () => f.vec(0))
  const rows = [f.int(a)]
  while (rows.length < tall) rows.push(f.int(rows.at(-1)!.plus(stride)))
  const b = f.int(panel)
  // One k a round: V8 puts all loads of a round first, and of two rounds they would not fit into registers.
  f.if(k, () =>
    f.repeat(k, () => {
      const columns = Array.from({ length: VECTORS }, (_, j) => f.vec(load(b, 16 * j)))
      for (const [r, row] of rows.entries()) {
        const value = f.vec(loadSplat(row))
        columns.forEach((column, j) => {
          const sum = total[r * VECTORS + j]!
          f.set(sum, f.fma(value, column, sum))
        })
      }
      rows.forEach((row) => f.add(row, 4))
      f.add(b, 4 * WIDE)
    }),
  )
  return total
}

const held = (index: number) => new Vec(`(global.get $held${index})`)

/** (a, bytes of a row of a, panel, bias, residual, c, bytes of a row of c, k, columns): c = a · panel + bias + residual. */
function tile(module: Module, tall: number): void {
  module.inner(`tile${tall}`, (f) => {
    const { a, stride, panel, bias, residual, c, ldc, k, columns } = f.intParams(
      'a stride panel bias residual c ldc k columns',
    )
    const total = sums(f, tall, a, stride, panel, k)
    const cells = Array.from({ length: tall }, (_, r) => Array.from({ length: VECTORS }, (_, j) => ({ r, j }))).flat()
    f.if(columns.atLeast(WIDE), () => {
      f.if(bias, () => {
        const added = Array.from({ length: VECTORS }, (_, j) => f.vec(load(bias, 16 * j)))
        total.forEach((sum, cell) => f.set(sum, sum.plus(added[cell % VECTORS]!)))
      })
      f.if(residual, () => {
        const row = f.int(residual)
        for (const { r, j } of cells) {
          f.set(total[r * VECTORS + j]!, total[r * VECTORS + j]!.plus(load(row, 16 * j)))
          if (j === VECTORS - 1 && r < tall - 1) f.add(row, ldc)
        }
      })
      const row = f.int(c)
      for (const { r, j } of cells) {
        f.store(row, total[r * VECTORS + j]!, 16 * j)
        if (j === VECTORS - 1 && r < tall - 1) f.add(row, ldc)
      }
      f.raw('(return)')
    })
    // Calls here would make the loop keep its sums in memory; globals hold them over the one call that is left.
    total.forEach((sum, cell) => f.raw(`(global.set $held${cell} ${sum.text})`))
    f.call('ragged', bias, residual, c, ldc, tall, columns)
  })
}

/** (bias, residual, c, bytes of a row, rows, columns): what a tile does at the end, for a panel that is not full. */
function ragged(module: Module): void {
  module.inner('finish', (f) => {
    const sum = f.vecParam()
    const { bias, residual, c, count } = f.intParams('bias residual c count')
    f.if(bias, () => f.set(sum, sum.plus(f.callVec('loadSome', bias, count))))
    f.if(residual, () => f.set(sum, sum.plus(f.callVec('loadSome', residual, count))))
    f.call('storeSome', c, sum, count)
  })
  module.inner('ragged', (f) => {
    const { bias, residual, c, ldc, rows, columns } = f.intParams('bias residual c ldc rows columns')
    for (let r = 0; r < tallest(module); r++) {
      f.if(rows.above(r), () => {
        for (let j = 0; j < VECTORS; j++) {
          f.if(columns.above(4 * j), () =>
            f.call(
              'finish',
              held(r * VECTORS + j),
              bias.choose(bias.plus(16 * j), 0),
              residual.choose(residual.plus(16 * j), 0),
              c.plus(16 * j),
              columns.minus(4 * j),
            ),
          )
        }
      })
      f.set(residual, residual.choose(residual.plus(ldc), 0))
      f.add(c, ldc)
    }
  })
}

/** (a, lda, packed, bias, residual, c, ldc, m, n, k), strides in floats: tile by tile, a panel for all rows of a block. */
function product(module: Module): void {
  const tall = tallest(module)
  module.inner('panel', (f) => {
    const { a, stride, panel, bias, residual, c, ldc, m, k, columns } = f.intParams(
      'a stride panel bias residual c ldc m k columns',
    )
    const take = (rows: number) => {
      f.call(`tile${rows}`, a, stride, panel, bias, residual, c, ldc, k, columns)
      f.add(a, stride.times(rows))
      f.add(c, ldc.times(rows))
      f.set(residual, residual.choose(residual.plus(ldc.times(rows)), 0))
    }
    const [whole, rest] = [f.int(m.over(tall)), f.int(m.modulo(tall))]
    // One or two rows take as long as four, so a few that are left are shared out with the last whole tile.
    const few = f.int(
      rest
        .minus(1)
        .inside(tall >> 1)
        .and(whole.above(0)),
    )
    f.set(whole, whole.minus(few))
    f.if(whole, () => f.repeat(whole, () => take(tall)))
    f.set(rest, rest.plus(few.choose(tall, 0)))
    const first = f.int(few.choose(rest.plus(1).shr(1), rest))
    for (const rows of [first, f.int(rest.minus(first))]) {
      for (let some = 1; some <= tall; some++) f.if(rows.is(some), () => take(some))
    }
  })

  module.inner('product', (f) => {
    const { a, lda, packed, bias, residual, c, ldc, m, n, k } = f.intParams('a lda packed bias residual c ldc m n k')
    const [stride, width] = [f.int(lda.bytes()), f.int(ldc.bytes())]
    // So many rows of A stay in the second cache while all panels pass over them.
    const block = f.int(new Int('(i32.const 65536)').over(k.plus(1)).over(tall).plus(1).times(tall))
    const { top, rows, panel, j } = f.ints('top rows panel j')
    f.during(top, m, block, () => {
      f.set(rows, block.least(m.minus(top)))
      f.set(panel, packed)
      f.set(j, 0)
      f.during(j, n, WIDE, () => {
        const place = f.int(top.times(width).plus(j.bytes()))
        f.call(
          'panel',
          a.plus(top.times(stride)),
          stride,
          panel,
          bias.choose(bias.plus(j.bytes()), 0),
          residual.choose(residual.plus(place), 0),
          c.plus(place),
          width,
          rows,
          k,
          n.minus(j),
        )
        f.add(panel, k.times(4 * WIDE))
      })
    })
  })
}

/** (b, ldb, k, n, transposed, packed): whole panels by vectors, what is left float by float. */
function pack(module: Module): void {
  module.exported('pack', (f) => {
    const { b, ldb, k, n, transposed, packed } = f.intParams('b ldb k n transposed packed')
    const [down, right] = [f.int(transposed.choose(4, ldb.bytes())), f.int(transposed.choose(ldb.bytes(), 4))]
    const { j, i, from } = f.ints('j i from')
    f.during(j, n, WIDE, () => {
      f.set(from, b.plus(j.times(right)))
      f.set(i, 0)
      f.if(n.minus(j).atLeast(WIDE), () =>
        f.if(
          transposed,
          () =>
            f.during(i, k.minus(3), 4, () => {
              for (let part = 0; part < VECTORS; part++)
                turn(f, from.plus(ldb.times(4 * part).bytes()), ldb, packed.plus(16 * part), WIDE)
              f.add(from, 16)
              f.add(packed, 16 * WIDE)
            }),
          () =>
            f.during(i, k, 1, () => {
              for (let part = 0; part < VECTORS; part++) f.store(packed, load(from, 16 * part), 16 * part)
              f.add(from, ldb.bytes())
              f.add(packed, 4 * WIDE)
            }),
        ),
      )
      f.during(i, k, 1, () => {
        const { at, x } = { at: f.int(from), x: f.int(j) }
        f.repeat(WIDE, () => {
          f.storeNum(packed, 0)
          f.if(x.below(n), () => f.storeNum(packed, loadNum(at)))
          f.add(at, right)
          f.add(packed, 4)
          f.add(x, 1)
        })
        f.add(from, down)
      })
    })
  })
}

export function gemm(module: Module): void {
  for (let index = 0; index < tallest(module) * VECTORS; index++) {
    module.globals.push(`(global $held${index} (mut v128) (v128.const i32x4 0 0 0 0))`)
  }
  ragged(module)
  for (let tall = 1; tall <= tallest(module); tall++) tile(module, tall)
  product(module)
  pack(module)
  module.exported('gemm', (f) => {
    const { a, lda, packed, bias, residual, c, ldc, m, n, k, act } = f.intParams(
      'a lda packed bias residual c ldc m n k act',
    )
    f.call('product', a, lda, packed, bias, act.choose(0, residual), c, ldc, m, n, k)
    f.if(act, () => f.call('activate', act, c, ldc, residual, m, n))
  })
}
