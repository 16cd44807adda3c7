/** Floats brought from one place to another: copies, transposes, patches of images; pools and convolutions of single channels. */
import { loadSome, storeSome } from './edges'
import type { Fn, Module } from './function'
import { int, type Int, type IntLike, load, loadInt, loadNum, type Vec } from './wat'

/** (x, ldx, y, ldy, m, n) and (x, index, y, count, n). */
function rows(module: Module): void {
  module.inner('copyRow', (f) => {
    const { x, y, n } = f.intParams('x y n')
    const i = f.int(0)
    f.during(i, n.minus(15), 16, () => {
      for (const offset of [0, 16, 32, 48]) f.store(y.plus(i.bytes()), load(x.plus(i.bytes()), offset), offset)
    })
    f.during(i, n, 4, () => {
      const left = f.int(n.minus(i))
      storeSome(f, y.plus(i.bytes()), loadSome(f, x.plus(i.bytes()), left), left)
    })
  })
  module.exported('copyRows', (f) => {
    const { x, ldx, y, ldy, m, n } = f.intParams('x ldx y ldy m n')
    f.each(m, 1, () => {
      f.call('copyRow', x, y, n)
      f.add(x, ldx.bytes())
      f.add(y, ldy.bytes())
    })
  })
  module.exported('gatherRows', (f) => {
    const { x, index, y, count, n } = f.intParams('x index y count n')
    f.each(count, 1, () => {
      f.call('copyRow', x.plus(loadInt(index).times(n).bytes()), y, n)
      f.add(index, 4)
      f.add(y, n.bytes())
    })
  })
}

/** (x, y, d2, d3, s2, s3): one plane, wherever its floats are. */
function plane(module: Module): void {
  module.inner('scattered', (f) => {
    const { x, y, d2, d3, s2, s3 } = f.intParams('x y d2 d3 s2 s3')
    f.each(d2, 1, () => {
      const from = f.int(x)
      f.each(d3, 1, () => {
        f.storeNum(y, loadNum(from))
        f.add(from, s3.bytes())
        f.add(y, 4)
      })
      f.add(x, s2.bytes())
    })
  })
  // Rows of x are columns of y (s2 = 1): blocks of 4×4, and single floats at the ends.
  module.inner('transposed', (f) => {
    const { x, y, d2, d3, s3 } = f.intParams('x y d2 d3 s3')
    const [down, right] = [f.int(d2.and(-4)), f.int(d3.and(-4))]
    const { i, j, from, to } = f.ints('i j from to')
    const single = () => f.storeNum(y.plus(i.times(d3).plus(j).bytes()), loadNum(x.plus(j.times(s3).plus(i).bytes())))
    f.during(i, down, 4, () => {
      f.set(j, 0)
      f.during(j, right, 4, () => {
        f.set(from, x.plus(j.times(s3).plus(i).bytes()))
        f.set(to, y.plus(i.times(d3).plus(j).bytes()))
        turn(f, from, s3, to, d3)
      })
    })
    f.set(i, 0)
    f.during(i, d2, 1, () => {
      f.set(j, i.below(down).choose(right, 0))
      f.during(j, d3, 1, single)
    })
  })
}

/** 4×4 floats, transposed; rows so many floats apart. */
export function turn(f: Fn, from: Int, stride: Int, to: Int, wide: IntLike): void {
  const lines = [0, 1, 2, 3].map((line) => f.vec(load(from.plus(stride.times(line).bytes()))))
  const [a, b, c, d] = lines as [Vec, Vec, Vec, Vec]
  const pairs = [
    [f.vec(a.shuffle(b, 0, 4, 1, 5)), f.vec(c.shuffle(d, 0, 4, 1, 5))],
    [f.vec(a.shuffle(b, 2, 6, 3, 7)), f.vec(c.shuffle(d, 2, 6, 3, 7))],
  ] as const
  const columns = pairs.flatMap(([left, right]) => [left.shuffle(right, 0, 1, 4, 5), left.shuffle(right, 2, 3, 6, 7)])
  columns.forEach((column, line) => f.store(to.plus(int(wide).times(line).bytes()), column))
}

/** (x, y, d0, d1, d2, d3, s0, s1, s2, s3). */
function copy(module: Module): void {
  module.exported('copy', (f) => {
    const { x, y, d0, d1, d2, d3, s0, s1, s2, s3 } = f.intParams('x y d0 d1 d2 d3 s0 s1 s2 s3')
    f.each(d0, 1, () => {
      const from = f.int(x)
      f.each(d1, 1, () => {
        f.if(
          s3.is(1),
          () => f.call('copyRows', from, s2, y, d3, d2, d3),
          () =>
            f.if(
              s2.is(1),
              () => f.call('transposed', from, y, d2, d3, s3),
              () => f.call('scattered', from, y, d2, d3, s2, s3),
            ),
        )
        f.add(from, s1.bytes())
        f.add(y, d2.times(d3).bytes())
      })
      f.add(x, s0.bytes())
    })
  })
}

/** (x, out, h, w, c, kh, kw, sh, sw, dh, dw, pt, pl, oh, ow): line by line of a window where it lies in the image, else pixel by pixel. */
function im2col(module: Module): void {
  module.exported('im2col', (f) => {
    const { x, out, h, w, c, kh, kw, sh, sw, dh, dw, pt, pl, oh, ow } = f.intParams(
      'x out h w c kh kw sh sw dh dw pt pl oh ow',
    )
    const { row, column, line } = f.ints('row column line')
    const [pixel, window] = [f.int(c.bytes()), f.int(kw.times(c))]
    const lines = (each: () => void) =>
      f.each(kh, 1, (a) => {
        f.set(row, line.plus(a.times(dh)))
        f.if(
          row.inside(h),
          () => f.if(dw.is(1).and(column.inside(w.minus(kw).plus(1).greatest(0))), whole, each),
          () => {
            f.raw(`(memory.fill ${out.text} (i32.const 0) ${window.bytes().text})`)
            f.add(out, window.bytes())
          },
        )
      })
    const whole = () => {
      f.call('copyRow', x.plus(row.times(w).plus(column).times(pixel)), out, window)
      f.add(out, window.bytes())
    }
    const single = () =>
      f.each(kw, 1, (b) => {
        const place = f.int(column.plus(b.times(dw)))
        f.if(
          place.inside(w),
          () => f.call('copyRow', x.plus(row.times(w).plus(place).times(pixel)), out, c),
          () => f.raw(`(memory.fill ${out.text} (i32.const 0) ${pixel.text})`),
        )
        f.add(out, pixel)
      })
    f.each(oh, 1, (i) => {
      f.set(line, i.times(sh).minus(pt))
      f.each(ow, 1, (j) => {
        f.set(column, j.times(sw).minus(pl))
        lines(single)
      })
    })
  })
}

/** Over each output pixel and four channels: what `body` makes of the places of the window that lie in the image. */
function windows(
  f: Fn,
  size: Readonly<Record<'x' | 'y' | 'h' | 'w' | 'c' | 'kh' | 'kw' | 'sh' | 'sw' | 'pt' | 'pl' | 'oh' | 'ow', Int>>,
  begin: (at: Int, left: Int) => void,
  body: (value: Vec, tap: Int, at: Int, left: Int) => void,
  end: () => Vec,
): void {
  const { x, y, h, w, c, kh, kw, sh, sw, pt, pl, oh, ow } = size
  const { row, column } = f.ints('row column')
  f.each(oh, 1, (i) =>
    f.each(ow, 1, (j) => {
      f.each(c, 4, (channel) => {
        const [left, at] = [f.int(c.minus(channel)), f.int(channel.bytes())]
        begin(at, left)
        f.each(kh, 1, (a) => {
          f.set(row, i.times(sh).plus(a).minus(pt))
          f.if(row.inside(h), () =>
            f.each(kw, 1, (b) => {
              f.set(column, j.times(sw).plus(b).minus(pl))
              f.if(column.inside(w), () => {
                const from = x.plus(row.times(w).plus(column).times(c).bytes()).plus(at)
                body(loadSome(f, from, left), f.int(a.times(kw).plus(b)), at, left)
              })
            }),
          )
        })
        storeSome(f, y.plus(at), f.vec(end()), left)
      })
      f.add(y, c.bytes())
    }),
  )
}

/** (x, weights, bias, y, …, act). */
function depthwise(module: Module): void {
  module.exported('depthwise', (f) => {
    const { x, weights, bias, y, h, w, c, kh, kw, sh, sw, pt, pl, oh, ow, act } = f.intParams(
      'x weights bias y h w c kh kw sh sw pt pl oh ow act',
    )
    const sum = f.vec(0)
    const first = f.int(y)
    windows(
      f,
      { x, y, h, w, c, kh, kw, sh, sw, pt, pl, oh, ow },
      (at, left) => {
        f.set(sum, 0)
        f.if(bias, () => f.set(sum, loadSome(f, bias.plus(at), left)))
      },
      (value, tap, at, left) =>
        f.set(sum, f.fma(value, loadSome(f, weights.plus(tap.times(c).bytes()).plus(at), left), sum)),
      () => sum,
    )
    f.if(act, () => f.call('activate', act, first, c, 0, oh.times(ow), c))
  })
}

/** (x, y, …, kind): averages without the padding in their count, with it, and the greatest. */
function pool(module: Module): void {
  module.exported('pool', (f) => {
    const { x, y, h, w, c, kh, kw, sh, sw, pt, pl, oh, ow, kind } = f.intParams(
      'x y h w c kh kw sh sw pt pl oh ow kind',
    )
    const value = f.vec(0)
    const count = f.num(0)
    windows(
      f,
      { x, y, h, w, c, kh, kw, sh, sw, pt, pl, oh, ow },
      () => {
        f.set(value, 0)
        f.if(kind.is(2), () => f.set(value, -Infinity))
        f.set(count, 0)
        f.if(kind.is(1), () => f.set(count, kh.times(kw).toNum()))
      },
      (one) => {
        const seen = f.vec(one)
        f.if(
          kind.is(2),
          () => f.set(value, value.two('f32x4.max', seen)),
          () => f.set(value, value.plus(seen)),
        )
        f.if(kind.not(), () => f.set(count, count.plus(1)))
      },
      () => {
        f.if(kind.below(2), () => f.set(value, value.over(count.splat())))
        return value
      },
    )
  })
}

export function movement(module: Module): void {
  rows(module)
  plane(module)
  copy(module)
  im2col(module)
  depthwise(module)
  pool(module)
}
