/** Functions of one and of two numbers, laid over arrays; activations. */
import { loadSome, storeSome } from './edges'
import type { Fn, Module } from './function'
import { erf, exp, gelu, log, quickGelu, sigmoid, silu, sine, softplus, tanh } from './maths'
import { type Int, load, loadNum, loadSplat, splat, splatInt, Vec } from './wat'

type Unary = (f: Fn, x: Vec) => Vec

/** In the order of `UNARY` in src/runner/kernels/operations.ts. */
export const unaries: Readonly<Record<string, Unary>> = {
  neg: (_, x) => x.negated(),
  abs: (_, x) => x.absolute(),
  sqrt: (_, x) => x.one('f32x4.sqrt'),
  exp,
  log,
  sigmoid,
  tanh,
  erf,
  relu: (_, x) => x.most(0),
  silu,
  gelu,
  quickGelu,
  sin: (f, x) => sine(f, x, 0),
  cos: (f, x) => sine(f, x, 1),
  floor: (_, x) => x.one('f32x4.floor'),
  ceil: (_, x) => x.one('f32x4.ceil'),
  reciprocal: (_, x) => splat(1).over(x),
  softplus,
  sign: (_, x) =>
    x
      .is(0)
      .or(x.isNot(x))
      .choose(x, splat(1).or(x.and(splatInt(-2147483648)))),
  round: (_, x) => x.one('f32x4.nearest'),
  square: (_, x) => x.times(x),
}

/** By number; 0 is none. */
const activations = [silu, gelu, quickGelu, unaries['relu']!]

function unary(module: Module): void {
  const names = Object.keys(unaries)
  for (const name of names) {
    module.inner(`unary_${name}`, (f) => {
      const { x, y, n } = f.intParams('x y n')
      f.each(n, 4, (i) => {
        const left = f.int(n.minus(i))
        const value = unaries[name]!(f, loadSome(f, x.plus(i.bytes()), left))
        storeSome(f, y.plus(i.bytes()), f.vec(value), left)
      })
    })
  }
  module.exported('unary', (f) => {
    const { op, x, y, n } = f.intParams('op x y n')
    names.forEach((name, index) => f.if(op.is(index), () => f.call(`unary_${name}`, x, y, n)))
  })
}

/** (act, c, ldc in floats, residual or 0, m, n): c = act(c) + residual. */
function activate(module: Module): void {
  activations.forEach((activation, index) =>
    module.inner(`activate${index + 1}`, (f) => {
      const { c, residual, n } = f.intParams('c residual n')
      f.each(n, 4, (i) => {
        const left = f.int(n.minus(i))
        const value = f.vec(activation(f, loadSome(f, c.plus(i.bytes()), left)))
        f.if(residual, () => f.set(value, value.plus(loadSome(f, residual.plus(i.bytes()), left))))
        storeSome(f, c.plus(i.bytes()), value, left)
      })
    }),
  )
  module.inner('activate', (f) => {
    const { act, c, ldc, residual, m, n } = f.intParams('act c ldc residual m n')
    const step = f.int(ldc.bytes())
    f.each(m, 1, () => {
      activations.forEach((_, index) => f.if(act.is(index + 1), () => f.call(`activate${index + 1}`, c, residual, n)))
      f.add(c, step)
      f.set(residual, residual.choose(residual.plus(step), 0))
    })
  })
}

/** Of JavaScript, which alone has it exactly. */
const power = (a: Vec, b: Vec) => {
  const lane = (index: number) =>
    `(f32.demote_f64 (call $pow (f64.promote_f32 ${a.lane(index).text}) (f64.promote_f32 ${b.lane(index).text})))`
  const first = `(f32x4.splat ${lane(0)})`
  return new Vec([1, 2, 3].reduce((text, index) => `(f32x4.replace_lane ${index} ${text} ${lane(index)})`, first))
}

/** In the order of `BINARY` in src/runner/kernels/operations.ts. `max` and `min` pass on what is not a number. */
export const binaries: Readonly<Record<string, (a: Vec, b: Vec) => Vec>> = {
  add: (a, b) => a.plus(b),
  sub: (a, b) => a.minus(b),
  mul: (a, b) => a.times(b),
  div: (a, b) => a.over(b),
  pow: power,
  max: (a, b) => a.two('f32x4.max', b),
  min: (a, b) => a.two('f32x4.min', b),
}

/** (a, b, y, n), for b of the same shape (`each`) or one number (`one`), and the other way round (`back`). */
function loops(module: Module, name: string): void {
  const combine = binaries[name]!
  const kinds = [
    { kind: 'each', b: (f: Fn, at: Int, i: Int, left: Int) => loadSome(f, at.plus(i.bytes()), left), back: false },
    { kind: 'back', b: (f: Fn, at: Int, i: Int, left: Int) => loadSome(f, at.plus(i.bytes()), left), back: true },
    { kind: 'one', b: (_: Fn, at: Int) => loadSplat(at), back: false },
    { kind: 'oneBack', b: (_: Fn, at: Int) => loadSplat(at), back: true },
  ]
  const symmetric = name !== 'sub' && name !== 'div' && name !== 'pow'
  for (const { kind, b: read, back } of kinds) {
    if (back && symmetric) continue
    module.inner(`${name}_${kind}`, (f) => {
      const { a, b, y, n } = f.intParams('a b y n')
      const both = (left: Vec, right: Vec) => (back ? combine(right, left) : combine(left, right))
      const i = f.int(0)
      if (name !== 'pow') {
        f.during(i, n.minus(15), 16, () => {
          const values = [0, 16, 32, 48].map((offset) => {
            const right = kind.startsWith('one') ? loadSplat(b) : load(b.plus(i.bytes()), offset)
            return f.vec(both(load(a.plus(i.bytes()), offset), right))
          })
          values.forEach((value, index) => f.store(y.plus(i.bytes()), value, 16 * index))
        })
      }
      f.during(i, n, 4, () => {
        const left = f.int(n.minus(i))
        const [x, z] = [loadSome(f, a.plus(i.bytes()), left), f.vec(read(f, b, i, left))]
        storeSome(f, y.plus(i.bytes()), f.vec(both(x, z)), left)
      })
    })
  }
}

function binary(module: Module): void {
  const names = Object.keys(binaries)
  names.forEach((name) => loops(module, name))
  const symmetric = (name: string) => name !== 'sub' && name !== 'div' && name !== 'pow'
  const choose = (f: Fn, op: Int, swapped: Int | null, kind: [string, string], ...values: readonly Int[]) =>
    names.forEach((name, index) =>
      f.if(op.is(index), () => {
        const forward = () => f.call(`${name}_${kind[0]}`, ...values)
        if (swapped === null || symmetric(name)) forward()
        else f.if(swapped, () => f.call(`${name}_${kind[1]}`, ...values), forward)
      }),
    )
  module.exported('binary', (f) => {
    const { op, a, b, y, n } = f.intParams('op a b y n')
    choose(f, op, null, ['each', 'back'], a, b, y, n)
  })
  module.exported('binaryScalar', (f) => {
    const { op, a, b, y, n, swapped } = f.intParams('op a b y n swapped')
    choose(f, op, swapped, ['one', 'oneBack'], a, b, y, n)
  })
  const rows = (name: string, step: (n: Int) => Int | number, kind: [string, string]) =>
    module.exported(name, (f) => {
      const { op, a, b, y, m, n, swapped } = f.intParams('op a b y m n swapped')
      f.each(m, 1, () => {
        choose(f, op, swapped, kind, a, b, y, n)
        f.add(a, n.bytes())
        f.add(y, n.bytes())
        f.add(b, step(n))
      })
    })
  rows('binaryVector', () => 0, ['each', 'back'])
  rows('binaryColumn', () => 4, ['one', 'oneBack'])
}

/** (kind, x, y, m, n): sum, mean, max, min over each row. In doubles, and in order. */
function reduce(module: Module): void {
  module.exported('reduce', (f) => {
    const { kind, x, y, m, n } = f.intParams('kind x y m n')
    const sum = f.double()
    const best = f.num(0)
    f.each(m, 1, () => {
      f.raw(`(local.set ${sum} (f64.const 0))`)
      f.set(best, loadNum(x))
      f.each(n, 1, () => {
        f.raw(`(local.set ${sum} (f64.add (local.get ${sum}) (f64.promote_f32 ${loadNum(x).text})))`)
        f.if(kind.is(2), () => f.set(best, best.max(loadNum(x))))
        f.if(kind.is(3), () => f.set(best, best.min(loadNum(x))))
        f.add(x, 4)
      })
      f.if(
        kind.below(2),
        () =>
          f.raw(`(f32.store ${y.text} (f32.demote_f64 (f64.div (local.get ${sum}) (select (f64.convert_i32_s ${n.text})
          (f64.const 1) ${kind.text}))))`),
        () => f.storeNum(y, best),
      )
      f.add(y, 4)
    })
  })
}

export function elementwise(module: Module): void {
  unary(module)
  activate(module)
  binary(module)
  reduce(module)
}
