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

/** One of the six of G of three values, without G's divisions by 4, −6, −6, 24, 24 and 1. */
export function weightOf(f: Fn, place: number, x: (index: number) => Vec): Vec {
  if (place === 0) return x(0)
  if (place === 5) return x(2)
  const [x0, x1, x2] = [x(0), x(1), x(2)]
  if (place < 3) return f.vec(place === 1 ? x0.plus(x2).plus(x1) : x0.plus(x2).minus(x1))
  return f.vec(f.fma(x1, place === 3 ? 2 : -2, f.fma(x2, 4, x0)))
}

/** All six. */
export const weights = (f: Fn, x: readonly Vec[]): Vec[] =>
  [0, 1, 2, 3, 4, 5].map((place) => weightOf(f, place, (index) => x[index]!))
