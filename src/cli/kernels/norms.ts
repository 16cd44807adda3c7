/** What is divided by its own size: norms over groups of channels, over tokens, and softmax. Means first, then what is left of them. */
import { loadSome, storeSome } from './edges'
import type { Fn, Module } from './function'
import { exp, silu } from './maths'
import { type Int, num, type Num, Vec } from './wat'

/** The sum of the four lanes. */
export function across(f: Fn, x: Vec): Num {
  const halves = f.vec(x.plus(x.shuffle(x, 2, 3, 2, 3)))
  return f.num(halves.lane(0).plus(halves.lane(1)))
}

const most = (a: Vec, b: Vec) => a.two('f32x4.max', b)

export function mostAcross(f: Fn, x: Vec): Num {
  const halves = f.vec(most(x, x.shuffle(x, 2, 3, 2, 3)))
  return f.num(halves.lane(0).max(halves.lane(1)))
}

/** A mask of the first lanes: `count` of them. */
const firstLanes = (count: Int) => new Vec(`(i32x4.gt_s (i32x4.splat ${count.text}) (v128.const i32x4 0 1 2 3))`)

/** Pixel by pixel over channels of one group from `x`; rows of c floats. The sum of what `term` makes of four floats. */
function overGroup(f: Fn, x: Int, hw: Int, stride: Int, size: Int, term: (value: Vec) => Vec): Num {
  const total = f.vec(0)
  const row = f.int(x)
  f.each(hw, 1, () => {
    f.each(size, 4, (i) => {
      const left = f.int(size.minus(i))
      f.set(total, total.plus(term(loadSome(f, row.plus(i.bytes()), left)).and(firstLanes(left))))
    })
    f.add(row, stride)
  })
  return across(f, total)
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
      f.each(hw, 1, () => {
        const value = f.vec(f.fma(loadSome(f, from, left).minus(mean), scale, shift))
        storeSome(f, to, f.vec(finish(f, value)), left)
        f.add(from, stride)
        f.add(to, stride)
      })
    })
  })
}

function groupNorm(module: Module): void {
  applyGroup(module, 'applyGroup0', (_, value) => value)
  applyGroup(module, 'applyGroup1', silu)
  module.exported('groupNorm', (f) => {
    const { x, y, gamma, gammaStride, beta, betaStride, rows, hw, c, groups } = f.intParams(
      'x y gamma gammaStride beta betaStride rows hw c groups',
    )
    const eps = f.numParam()
    const act = f.intParam()
    const [size, stride] = [f.int(c.over(groups)), f.int(c.bytes())]
    const count = f.num(size.times(hw).toNum())
    f.each(rows, 1, () => {
      f.each(groups, 1, (group) => {
        const at = f.int(group.times(size).bytes())
        const from = f.int(x.plus(at))
        const mean = f.num(overGroup(f, from, hw, stride, size, (value) => value).over(count))
        const around = f.vec(mean.splat())
        const squares = overGroup(f, from, hw, stride, size, (value) => {
          const rest = f.vec(value.minus(around))
          return rest.times(rest)
        })
        const inverse = f.num(num(1).over(squares.over(count).plus(eps).sqrt()))
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

/** exp(value − greatest) of a row, and their sum; y may be x. */
export function exponentials(f: Fn, x: Int, y: Int, n: Int): Num {
  const greatest = f.vec(-Infinity)
  f.each(n, 4, (i) => {
    const left = f.int(n.minus(i))
    const mask = f.vec(firstLanes(left))
    f.set(greatest, most(greatest, mask.choose(loadSome(f, x.plus(i.bytes()), left), -Infinity)))
  })
  const top = f.vec(mostAcross(f, greatest).splat())
  const total = f.vec(0)
  f.each(n, 4, (i) => {
    const left = f.int(n.minus(i))
    const value = f.vec(exp(f, f.vec(loadSome(f, x.plus(i.bytes()), left).minus(top))))
    f.set(total, total.plus(value.and(firstLanes(left))))
    storeSome(f, y.plus(i.bytes()), value, left)
  })
  return across(f, total)
}

function softmax(module: Module): void {
  module.exported('softmax', (f) => {
    const { x, y, m, n } = f.intParams('x y m n')
    f.each(m, 1, () => {
      const scale = f.vec(
        num(1)
          .over(exponentials(f, x, y, n))
          .splat(),
      )
      f.each(n, 4, (i) => {
        const left = f.int(n.minus(i))
        storeSome(f, y.plus(i.bytes()), f.vec(loadSome(f, y.plus(i.bytes()), left).times(scale)), left)
      })
      f.add(x, n.bytes())
      f.add(y, n.bytes())
    })
  })
}

export function norms(module: Module): void {
  groupNorm(module)
  tokenNorm(module, 'layerNorm', true)
  tokenNorm(module, 'rmsNorm', false)
  softmax(module)
}
