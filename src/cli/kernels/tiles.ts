/** The transforms of Winograd's F(4, 3), of lines and of tiles: points 0, ±1, ±2 and infinity. */
import type { Fn } from './function'
import type { Vec } from './wat'

/** Bᵀ of six values, and by what G would divide. */
export function inputs(f: Fn, x: readonly Vec[]): Vec[] {
  const [x0, x1, x2, x3, x4, x5] = x as [Vec, Vec, Vec, Vec, Vec, Vec]
  const a = f.vec(f.fma(x2, 2 / 3, x4.times(-1 / 6)))
  const b = f.vec(f.fma(x1, 2 / 3, x3.times(-1 / 6)))
  const c = f.vec(x4.minus(x2).times(1 / 24))
  const d = f.vec(x3.minus(x1).times(1 / 12))
  return [
    f.vec(f.fma(x2, -1.25, f.fma(x4, 0.25, x0))),
    f.vec(a.plus(b)),
    f.vec(a.minus(b)),
    f.vec(c.plus(d)),
    f.vec(c.minus(d)),
    f.vec(f.fma(x1, 4, f.fma(x3, -5, x5))),
  ]
}

/** Aᵀ of six values. */
export function outputs(f: Fn, x: readonly Vec[]): Vec[] {
  const [x0, x1, x2, x3, x4, x5] = x as [Vec, Vec, Vec, Vec, Vec, Vec]
  const [a, b] = [f.vec(x1.plus(x2)), f.vec(x1.minus(x2))]
  const [c, d] = [f.vec(x3.plus(x4)), f.vec(x3.minus(x4))]
  return [f.vec(x0.plus(a).plus(c)), f.vec(f.fma(d, 2, b)), f.vec(f.fma(c, 4, a)), f.vec(f.fma(d, 8, b).plus(x5))]
}

/** G of three values, without its divisions by 4, −6, −6, 24, 24 and 1. */
export function weights(f: Fn, x: readonly Vec[]): Vec[] {
  const [x0, x1, x2] = x as [Vec, Vec, Vec]
  const sum = f.vec(x0.plus(x2))
  const far = f.vec(f.fma(x2, 4, x0))
  return [x0, f.vec(sum.plus(x1)), f.vec(sum.minus(x1)), f.vec(f.fma(x1, 2, far)), f.vec(f.fma(x1, -2, far)), x2]
}

export const transposed = (rows: readonly (readonly Vec[])[]) => rows[0]!.map((_, j) => rows.map((row) => row[j]!))
