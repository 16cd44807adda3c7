/** What is divided by its own size: norms over groups of channels, over tokens, and softmax. Means first, then what is left of them. */
import { loadSome, storeSome } from './edges'
import type { Fn, Module } from './function'
import { powerOfTwo, silu } from './maths'
import { type Int, load, num, Num, Vec } from './wat'

/** The sum of the four lanes. */
function across(f: Fn, x: Vec): Num {
  const halves = f.vec(x.plus(x.shuffle(x, 2, 3, 2, 3)))
  return f.num(halves.lane(0).plus(halves.lane(1)))
}

function mostAcross(f: Fn, x: Vec): Num {
  const halves = f.vec(x.most(x.shuffle(x, 2, 3, 2, 3)))
  return f.num(halves.lane(0).max(halves.lane(1)))
}

/** A mask of the first lanes: `count` of them. */
export const firstLanes = (count: Int) => new Vec(`(i32x4.gt_s (i32x4.splat ${count.text}) (v128.const i32x4 0 1 2 3))`)

/** Pixels whose sum is taken in single precision. */
const PIXELS = 64

/** (x, pixels, bytes of a pixel, channels, mean) → the sum over some pixels and channels of what `term` makes of value − mean. */
function groupSum(module: Module, name: string, term: (value: Vec) => Vec): void {
  module.inner(name, (f) => {
    const { x, pixels, stride, size } = f.intParams('x pixels stride size')
    const mean = f.vec(f.numParam().splat())
    const totals = [0, 1, 2, 3].map(() => f.vec(0))
    const rest = (value: Vec) => term(f.vec(value.minus(mean)))
    const { from, left, i } = f.ints('from left i')
    const [twice, thrice] = [f.int(stride.plus(stride)), f.int(stride.times(3))]
    f.each(size, 4, (channel) => {
      f.set(from, x.plus(channel.bytes()))
      f.set(left, size.minus(channel))
      f.set(i, 0)
      f.if(left.atLeast(4), () =>
        f.during(i, pixels.minus(3), 4, () => {
          const values = [from, from.plus(stride), from.plus(twice), from.plus(thrice)].map((at) => f.vec(load(at)))
          values.forEach((value, lane) => f.set(totals[lane]!, totals[lane]!.plus(rest(value))))
          f.add(from, stride.times(4))
        }),
      )
      f.during(i, pixels, 1, () => {
        f.set(totals[0]!, totals[0]!.plus(rest(loadSome(f, from, left)).and(firstLanes(left))))
        f.add(from, stride)
      })
    })
    f.result(across(f, f.vec(totals[0]!.plus(totals[1]!).plus(totals[2]!.plus(totals[3]!)))))
  })
}

/** The mean over a group of what one of these functions sums. */
function groupMean(f: Fn, name: string, x: Int, hw: Int, stride: Int, size: Int, mean: Num): Num {
  const sum = f.double()
  f.raw(`(local.set ${sum} (f64.const 0))`)
  f.each(hw, PIXELS, (first) => {
    const part = f.callNum(name, x.plus(first.times(stride)), hw.minus(first).least(PIXELS), stride, size, mean)
    f.raw(`(local.set ${sum} (f64.add (local.get ${sum}) (f64.promote_f32 ${part.text})))`)
  })
  const count = `(f64.convert_i32_u ${size.times(hw).text})`
  return f.num(new Num(`(f32.demote_f64 (f64.div (local.get ${sum}) ${count}))`))
}

/** (x, y, hw, bytes of a pixel, channels, gamma, beta, mean, 1 / deviation): one group, with SiLU or nothing behind it. */
function applyGroup(module: Module, name: string, finish: (f: Fn, value: Vec) => Vec): void {
  module.inner(name, (f) => {
    const { x, y, hw, stride, size, gamma, beta } = f.intParams('x y hw stride size gamma beta')
    const [mean, inverse] = [f.vec(f.numParam().splat()), f.vec(f.numParam().splat())]
    f.each(size, 4, (i) => {
      const left = f.int(size.minus(i))
      const at = f.int(i.bytes())
      const scale = f.vec(loadSome(f, gamma.plus(at), left).times(inverse))
      const shift = loadSome(f, beta.plus(at), left)
      const [from, to] = [f.int(x.plus(at)), f.int(y.plus(at))]
      const pixels = (read: () => Vec, write: (value: Vec) => void) =>
        f.repeat(hw, () => {
          write(f.vec(finish(f, f.vec(f.fma(f.vec(read().minus(mean)), scale, shift)))))
          f.add(from, stride)
          f.add(to, stride)
        })
      f.if(
        left.atLeast(4),
        () =>
          pixels(
            () => load(from),
            (value) => f.store(to, value),
          ),
        () =>
          pixels(
            () => loadSome(f, from, left),
            (value) => storeSome(f, to, value, left),
          ),
      )
    })
  })
}

function groupNorm(module: Module): void {
  groupSum(module, 'groupSum', (value) => value)
  groupSum(module, 'groupSquares', (value) => value.times(value))
  applyGroup(module, 'applyGroup0', (_, value) => value)
  applyGroup(module, 'applyGroup1', silu)
  module.exported('groupNorm', (f) => {
    const { x, y, gamma, gammaStride, beta, betaStride, rows, hw, c, groups } = f.intParams(
      'x y gamma gammaStride beta betaStride rows hw c groups',
    )
    const eps = f.numParam()
    const act = f.intParam()
    const [size, stride] = [f.int(c.over(groups)), f.int(c.bytes())]
    f.each(rows, 1, () => {
      f.each(groups, 1, (group) => {
        const at = f.int(group.times(size).bytes())
        const from = f.int(x.plus(at))
        const mean = groupMean(f, 'groupSum', from, hw, stride, size, num(0))
        const variance = groupMean(f, 'groupSquares', from, hw, stride, size, mean)
        const inverse = f.num(num(1).over(variance.plus(eps).sqrt()))
        const values = [from, y.plus(at), hw, stride, size, gamma.plus(at), beta.plus(at), mean, inverse]
        f.if(
          act.is(1),
          () => f.call('applyGroup1', ...values),
          () => f.call('applyGroup0', ...values),
        )
      })
      f.if(act.above(1), () => f.call('activate', act, y, c, 0, hw, c))
      f.add(x, stride.times(hw))
      f.add(y, stride.times(hw))
      f.add(gamma, gammaStride.bytes())
      f.add(beta, betaStride.bytes())
    })
  })
}

/** The sum over a row of n floats of what `term` makes of four of them. */
function overRow(f: Fn, x: Int, n: Int, term: (value: Vec) => Vec): Num {
  const total = f.vec(0)
  f.each(n, 4, (i) => {
    const left = f.int(n.minus(i))
    f.set(total, total.plus(term(loadSome(f, x.plus(i.bytes()), left)).and(firstLanes(left))))
  })
  return across(f, total)
}

function tokenNorm(module: Module, name: string, centred: boolean): void {
  module.exported(name, (f) => {
    const { x, y, gamma } = f.intParams('x y gamma')
    const beta = centred ? f.intParam() : null
    const { m, c } = f.intParams('m c')
    const eps = f.numParam()
    f.each(m, 1, () => {
      const mean = f.vec(
        centred
          ? overRow(f, x, c, (value) => value)
              .over(c.toNum())
              .splat()
          : 0,
      )
      const squares = overRow(f, x, c, (value) => {
        const rest = f.vec(value.minus(mean))
        return rest.times(rest)
      })
      const inverse = f.vec(num(1).over(squares.over(c.toNum()).plus(eps).sqrt()).splat())
      f.each(c, 4, (i) => {
        const [left, at] = [f.int(c.minus(i)), f.int(i.bytes())]
        const value = f.vec(loadSome(f, x.plus(at), left).minus(mean).times(inverse))
        f.if(gamma, () => f.set(value, value.times(loadSome(f, gamma.plus(at), left))))
        if (beta) f.if(beta, () => f.set(value, value.plus(loadSome(f, beta.plus(at), left))))
        storeSome(f, y.plus(at), value, left)
      })
      f.add(x, c.bytes())
      f.add(y, c.bytes())
    })
  })
}

/**
 * (x, y, m, n, bytes of a row, sums or 0, factor above 0): y = exp(factor · (x − the greatest)) row by row. Where there are sums, one by
 * the sum of each row goes there; else rows are divided by it. y may be x.
 */
function exponentials(module: Module): void {
  module.inner('exponentials', (f) => {
    const { x, y, m, n, stride, sums } = f.intParams('x y m n stride sums')
    const factor = f.vec(f.numParam().times(Math.LOG2E).splat())
    const { i, left } = f.ints('i left')
    const [whole, total, top] = [f.int(n.and(-4)), f.vec(0), f.vec(0)]
    const at = f.int(whole.bytes())
    f.set(left, n.minus(whole))
    // Of the greatest itself it is 1, exactly.
    const term = (value: Vec) => f.vec(powerOfTwo(f, f.vec(value.minus(top).times(factor))))
    f.each(m, 1, () => {
      f.set(top, greatestOf(f, x, n, i).splat())
      f.set(total, 0)
      f.set(i, 0)
      f.during(i, whole, 4, () => {
        const value = term(load(x.plus(i.bytes())))
        f.set(total, total.plus(value))
        f.store(y.plus(i.bytes()), value)
      })
      f.if(left, () => {
        const value = term(loadSome(f, x.plus(at), left))
        f.set(total, total.plus(value.and(firstLanes(left))))
        storeSome(f, y.plus(at), value, left)
      })
      const inverse = f.num(num(1).over(across(f, total)))
      f.if(
        sums,
        () => {
          f.storeNum(sums, inverse)
          f.add(sums, 4)
        },
        () => f.call('scaleRow', y, inverse, n),
      )
      f.add(x, stride)
      f.add(y, stride)
    })
  })
}

/** Of a row of n floats. */
function greatestOf(f: Fn, x: Int, n: Int, i: Int): Num {
  const greatest = [0, 16, 32, 48].map(() => f.vec(-Infinity))
  f.set(i, 0)
  f.during(i, n.minus(15), 16, () => {
    greatest.forEach((most, lane) => f.set(most, most.most(load(x.plus(i.bytes()), 16 * lane))))
  })
  f.during(i, n, 4, () => {
    const left = f.int(n.minus(i))
    const value = firstLanes(left).choose(loadSome(f, x.plus(i.bytes()), left), -Infinity)
    f.set(greatest[0]!, greatest[0]!.most(value))
  })
  return mostAcross(f, f.vec(greatest[0]!.most(greatest[1]!).most(greatest[2]!.most(greatest[3]!))))
}

function softmax(module: Module): void {
  module.exported('softmax', (f) => {
    const { x, y, m, n } = f.intParams('x y m n')
    f.call('exponentials', x, y, m, n, n.bytes(), 0, num(1))
  })
  module.inner('scaleRow', (f) => {
    const y = f.intParam()
    const scale = f.vec(f.numParam().splat())
    const { n } = f.intParams('n')
    f.each(n, 4, (i) => {
      const left = f.int(n.minus(i))
      storeSome(f, y.plus(i.bytes()), f.vec(loadSome(f, y.plus(i.bytes()), left).times(scale)), left)
    })
  })
}

export function norms(module: Module): void {
  groupNorm(module)
  tokenNorm(module, 'layerNorm', true)
  tokenNorm(module, 'rmsNorm', false)
  exponentials(module)
  softmax(module)
}
