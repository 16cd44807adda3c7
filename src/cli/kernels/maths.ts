/**
 * Functions of four floats at a time, by polynomials; each says how far it is off. All pass on what is not a number and have their
 * limits at the ends.
 */
import type { Fn } from './function'
import { splat, splatInt, Vec } from './wat'

/** Σ c[i] x^i, the highest first, by Horner's rule. */
function polynomial(f: Fn, x: Vec, ...coefficients: readonly number[]): Vec {
  const [first, ...rest] = coefficients
  return rest.reduce((sum, coefficient) => f.fma(sum, x, coefficient), splat(first!))
}

/** Added and taken away it rounds to whole numbers, and leaves them in the low bits. */
const ROUND = 12582912

/**
 * exp(r) where |r| ≤ ln 2 / 2: 1 + r + r² · polynomial. `fine` is off by 4e-9, `coarse` by 1e-7, which is one bit; `sign` −1 is of −r.
 */
const FINE = [1.3814540579915047e-3, 8.36874544620514e-3, 4.166838899254799e-2, 0.1666652113199234, 0.4999999403953552]
const COARSE = [8.312501013278961e-3, 4.1890330612659454e-2, 0.16667115688323975, 0.499992311000824]
function expNear(f: Fn, r: Vec, coefficients: readonly number[], sign: 1 | -1 = 1): Vec {
  const signed = coefficients.map((value, index) =>
    (coefficients.length - 1 - index) % 2 === 0 ? value : sign * value,
  )
  const line = sign === 1 ? r.plus(1) : splat(1).minus(r)
  return f.fma(polynomial(f, r, ...signed), f.vec(r.times(r)), line)
}

/** x + n · ln 2, which is small; in two steps where the product is rounded. */
function reduced(f: Fn, x: Vec, n: Vec, sign: 1 | -1): Vec {
  if (f.arithmetic.relaxed) return f.vec(f.fma(n, sign * Math.LN2, x))
  return f.vec(f.fma(n, sign * -2.1219444e-4, f.fma(n, sign * 0.693359375, x)))
}

/** exp(x) = 2^n exp(r): n is in the low bits of `whole`. */
function expParts(f: Fn, x: Vec): { readonly whole: Vec; readonly fraction: Vec } {
  const whole = f.vec(f.fma(x, Math.LOG2E, ROUND))
  const r = reduced(f, x, f.vec(whole.minus(ROUND)), -1)
  return { whole, fraction: f.vec(expNear(f, r, FINE)) }
}

/** A number of at least 2^-126, times a power of two that is in the low bits of `whole`. */
const scaled = (fraction: Vec, whole: Vec) => fraction.two('i32x4.add', whole.shiftLeft(23))

/** exp(x) where |x| ≤ 87.3, within 2 ulp. */
export function expWithin(f: Fn, x: Vec): Vec {
  const { whole, fraction } = expParts(f, x)
  return scaled(fraction, whole)
}

/** 2^x where x ≤ 0, within 2 ulp; 0 where it is below 1e-38. Few constants, so that all of a loop stays in registers. */
export function powerOfTwo(f: Fn, x: Vec): Vec {
  const bounded = f.vec(x.most(-125))
  const whole = f.vec(bounded.plus(ROUND))
  const r = f.vec(bounded.minus(whole.minus(ROUND)))
  const tail = polynomial(f, r, 1.330055994912982e-3, 9.669751860201359e-3, 5.550558865070343e-2, 0.24022281169891357)
  const fraction = f.fma(tail, f.vec(r.times(r)), f.fma(r, Math.LN2, 1))
  return scaled(fraction, whole).without(x.below(-125))
}

/** exp(x) for any x, within 2 ulp: the power of two is laid on in two halves, each of which a float can say. */
export function exp(f: Fn, x: Vec): Vec {
  const { whole, fraction } = expParts(f, f.vec(x.least(110).most(-110)))
  const n = f.vec(whole.minus(ROUND).one('i32x4.trunc_sat_f32x4_s'))
  const half = f.vec(n.shiftRight(1))
  const power = (exponent: Vec) => exponent.two('i32x4.add', splatInt(127)).shiftLeft(23)
  return fraction.times(power(half)).times(power(n.two('i32x4.sub', half)))
}

/** 1 / (1 + exp(−x)); 0 where it is below 1e-38. */
export function sigmoid(f: Fn, x: Vec): Vec {
  const bounded = f.vec(x.negated().least(87).most(-87))
  const value = splat(1).over(expWithin(f, bounded).plus(1))
  return f.vec(value.without(x.below(-87)))
}

/** x / (1 + exp(−k x)), within 3 ulp and 1e-35. */
function gated(f: Fn, x: Vec, k: number): Vec {
  const above = f.vec(x.most(-87 / k))
  const inner = f.vec(k === 1 ? above.least(87) : above.times(k).least(87))
  const whole = f.vec(f.fma(inner, -Math.LOG2E, ROUND))
  const r = reduced(f, inner, f.vec(whole.minus(ROUND)), 1)
  return above.over(scaled(expNear(f, r, COARSE, -1), whole).plus(1))
}
export const silu = (f: Fn, x: Vec) => gated(f, x, 1)
export const quickGelu = (f: Fn, x: Vec) => gated(f, x, 1.702)

/** The sign of one and the size of another. */
const signed = (size: Vec, sign: Vec) => splatInt(-2147483648).choose(sign, size)

/** tanh(x), within 3 ulp: a polynomial near 0, by exp(2x) beyond. */
export function tanh(f: Fn, x: Vec): Vec {
  const size = f.vec(x.absolute())
  const square = f.vec(x.times(x))
  const odd = polynomial(
    f,
    square,
    -5.70498872745e-3,
    2.06390887954e-2,
    -5.37397155531e-2,
    1.33314422036e-1,
    -3.33332819422e-1,
  )
  const small = f.vec(f.fma(f.vec(odd.times(square)), x, x))
  const power = expWithin(f, f.vec(size.plus(size).least(40)))
  const large = f.vec(splat(1).minus(splat(2).over(power.plus(1))))
  return f.vec(size.below(0.625).choose(small, signed(large, x)))
}

/** erf(x), within 2 ulp: a polynomial near 0, 1 − exp(polynomial) beyond. After Norbert Juffa. */
export function erf(f: Fn, x: Vec): Vec {
  const size = f.vec(x.absolute().least(4))
  const square = f.vec(x.times(x))
  const near = polynomial(
    f,
    square,
    -5.96761703e-4,
    4.99119423e-3,
    -2.67681349e-2,
    1.12819925e-1,
    -3.76125336e-1,
    1.28379166e-1,
  )
  const small = f.vec(f.fma(near, x, x))
  const upper = polynomial(f, size, -1.7285347e-5, 3.83197126e-4)
  const lower = polynomial(f, size, -3.88396438e-3, 2.42546219e-2)
  const both = f.fma(upper, f.vec(size.times(size)), lower)
  const far = f.fma(f.fma(f.fma(both, size, -1.06777877e-1), size, -6.34846687e-1), size, -1.28717512e-1)
  const exponent = f.vec(f.fma(f.vec(far), size, size.negated()))
  const large = f.vec(splat(1).minus(expWithin(f, exponent)))
  return f.vec(x.absolute().above(0.927734375).choose(signed(large, x), small))
}

export function gelu(f: Fn, x: Vec): Vec {
  return erf(f, f.vec(x.times(Math.SQRT1_2)))
    .plus(1)
    .times(x.most(-100).times(0.5))
}

/** log(x), within 2 ulp; after Cephes. */
export function log(f: Fn, x: Vec): Vec {
  const tiny = f.vec(x.below(1.17549435e-38))
  const normal = f.vec(tiny.choose(x.times(8388608), x))
  // The mantissa between √½ and √2, and what power of two is left.
  const bits = f.vec(normal.two('i32x4.sub', splatInt(0x3f3504f3)))
  const power = f.vec(
    bits
      .shiftRight(23)
      .one('f32x4.convert_i32x4_s')
      .minus(tiny.and(splat(23))),
  )
  const mantissa = bits.and(splatInt(0x007fffff)).two('i32x4.add', splatInt(0x3f3504f3))
  const r = f.vec(mantissa.minus(1))
  const square = f.vec(r.times(r))
  const tail = polynomial(
    f,
    r,
    7.0376836292e-2,
    -1.151461031e-1,
    1.167699874e-1,
    -1.2420140846e-1,
    1.4249322787e-1,
    -1.6668057665e-1,
    2.0000714765e-1,
    -2.4999993993e-1,
    3.3333331174e-1,
  )
  const cubic = f.vec(tail.times(r).times(square))
  const low = f.fma(power, -2.1219444e-4, f.fma(square, -0.5, cubic))
  const value = f.vec(f.fma(power, 0.693359375, r.plus(low)))
  const ended = x.is(0).choose(-Infinity, x.is(Infinity).choose(Infinity, value))
  return f.vec(x.below(0).or(x.isNot(x)).choose(NaN, ended))
}

/** log(1 + exp(x)). */
export function softplus(f: Fn, x: Vec): Vec {
  const z = f.vec(exp(f, f.vec(x.absolute().negated())))
  const sum = f.vec(z.plus(1))
  // What the rounding of 1 + z lost is laid on.
  const lost = f.vec(sum.minus(1).minus(z).over(sum))
  const value = f.vec(log(f, sum).minus(lost))
  return f.vec(value.plus(x.isNot(x).choose(x, x.most(0))))
}

const double = (value: number) => new Vec(`(v128.const f64x2 ${value} ${value})`)

/** What is left of two doubles after multiples of π/2, which go to the low bits of `whole`. */
function quarters(f: Fn, x: Vec): { readonly rest: Vec; readonly whole: Vec } {
  const n = f.vec(x.two('f64x2.mul', double(2 / Math.PI)).one('f64x2.nearest'))
  const less = x.two('f64x2.sub', n.two('f64x2.mul', double(1.5707963267341256)))
  const rest = f.vec(less.two('f64x2.sub', n.two('f64x2.mul', double(6.077100506303966e-11))))
  return {
    rest: f.vec(rest.two('f64x2.sub', n.two('f64x2.mul', double(2.0222662487111665e-21)))),
    whole: n.one('i32x4.trunc_sat_f64x2_s_zero'),
  }
}

/** sin(x) (shift 0) or cos(x) (shift 1), within 2 ulp to |x| = 1e9: the multiples of π/2 are taken away in doubles. */
export function sine(f: Fn, x: Vec, shift: 0 | 1): Vec {
  const low = quarters(f, f.vec(x.one('f64x2.promote_low_f32x4')))
  const high = quarters(f, f.vec(x.shuffle(x, 2, 3, 2, 3).one('f64x2.promote_low_f32x4')))
  const rests = [low, high].map(({ rest }) => rest.one('f32x4.demote_f64x2_zero'))
  const r = f.vec(rests[0]!.shuffle(rests[1]!, 0, 1, 4, 5))
  const n = f.vec(low.whole.shuffle(high.whole, 0, 1, 4, 5).two('i32x4.add', splatInt(shift)))
  const square = f.vec(r.times(r))
  const sin = f.fma(
    polynomial(f, square, 2.718311493989822e-6, -1.9839334836096632e-4, 8.333329385889463e-3, -0.16666666641626524),
    f.vec(square.times(r)),
    r,
  )
  const cos = f.fma(
    polynomial(f, square, 2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2),
    f.vec(square.times(square)),
    f.fma(square, -0.5, 1),
  )
  const odd = n.and(splatInt(1)).two('i32x4.eq', splatInt(1))
  const value = f.vec(odd.choose(cos, sin))
  return f.vec(value.xor(n.and(splatInt(2)).shiftLeft(30)))
}
