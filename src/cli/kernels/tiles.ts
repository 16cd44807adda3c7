/**
 * The transforms of Winograd's F(4, 3), of lines. At the points 0, ±¾, ±1½ and infinity the error is 2.2 times less than at the usual
 * 0, ±1, ±2 and infinity (root of the mean square; the greatest 5 times). The products are of weights at these points and of inputs by Lagrange's polynomials, which vanish at all
 * other points; what these are divided by is laid on the inputs.
 */
import type { Fn } from './function'
import type { Vec } from './wat'

const [A, B] = [0.75, 1.5]
const [AA, BB] = [A * A, B * B]

/** What the polynomials of a point and of its negative have in common, of even and of odd inputs: the sum and the difference. */
function pair(f: Fn, x: readonly Vec[], point: number, other: number): readonly [Vec, Vec] {
  const scale = 1 / (2 * point * point * (point * point - other))
  const even = f.vec(f.fma(x[2]!, -other * scale, x[4]!.times(scale)))
  const odd = f.vec(f.fma(x[1]!, -other * scale * point, x[3]!.times(scale * point)))
  return [f.vec(even.plus(odd)), f.vec(even.minus(odd))]
}

/** Of six inputs. */
export function inputs(f: Fn, x: readonly Vec[]): Vec[] {
  const [x0, x1, x2, x3, x4, x5] = x as [Vec, Vec, Vec, Vec, Vec, Vec]
  return [
    f.vec(f.fma(x2, -(AA + BB) / (AA * BB), f.fma(x4, 1 / (AA * BB), x0))),
    ...pair(f, x, A, BB),
    ...pair(f, x, B, AA),
    f.vec(f.fma(x1, AA * BB, f.fma(x3, -(AA + BB), x5))),
  ]
}

/** Of six products. */
export function outputs(f: Fn, x: readonly Vec[]): Vec[] {
  const [x0, x1, x2, x3, x4, x5] = x as [Vec, Vec, Vec, Vec, Vec, Vec]
  const [a, b] = [f.vec(x1.plus(x2)), f.vec(x1.minus(x2))]
  const [c, d] = [f.vec(x3.plus(x4)), f.vec(x3.minus(x4))]
  return [
    f.vec(x0.plus(a).plus(c)),
    f.vec(f.fma(d, B, b.times(A))),
    f.vec(f.fma(c, BB, a.times(AA))),
    f.vec(f.fma(d, B * BB, f.fma(b, A * AA, x5))),
  ]
}

/** Three weights, as a polynomial, at one of the six points. */
export function weightOf(f: Fn, place: number, x: (index: number) => Vec): Vec {
  if (place === 0) return x(0)
  if (place === 5) return x(2)
  const point = [A, -A, B, -B][place - 1]!
  const [x0, x1, x2] = [x(0), x(1), x(2)]
  return f.vec(f.fma(x1, point, f.fma(x2, point * point, x0)))
}

/** At all six. */
export const weights = (f: Fn, x: readonly Vec[]): Vec[] =>
  [0, 1, 2, 3, 4, 5].map((place) => weightOf(f, place, (index) => x[index]!))
