/**
 * A little language over the text of WebAssembly: typed expressions (`Int` i32, `Num` f32, `Vec` four f32) and a builder of functions.
 * An expression is text that is evaluated where it stands; what is used twice is put into a local (`f.vec(…)`).
 */

export type IntLike = Int | number

const int = (value: IntLike): Int => (typeof value === 'number' ? new Int(`(i32.const ${value})`, value) : value)

export class Int {
  readonly type = 'i32'
  constructor(
    readonly text: string,
    /** What it is, where that is known as the module is written. */
    readonly known?: number,
  ) {}
  private two(name: string, other: IntLike): Int {
    return new Int(`(i32.${name} ${this.text} ${int(other).text})`)
  }
  plus(other: IntLike): Int {
    if (int(other).known === 0) return this
    return this.known === 0 ? int(other) : this.two('add', other)
  }
  minus(other: IntLike): Int {
    return int(other).known === 0 ? this : this.two('sub', other)
  }
  times(other: IntLike): Int {
    const { known } = int(other)
    if (this.known !== undefined && known !== undefined) return int(this.known * known)
    return known === 0 ? int(0) : known === 1 ? this : this.two('mul', other)
  }
  over(other: IntLike): Int {
    return this.two('div_u', other)
  }
  modulo(other: IntLike): Int {
    return this.two('rem_u', other)
  }
  and(other: IntLike): Int {
    return this.two('and', other)
  }
  or(other: IntLike): Int {
    return this.two('or', other)
  }
  /** Floats to bytes. */
  bytes(): Int {
    return this.known === undefined ? this.two('shl', 2) : int(4 * this.known)
  }
  shr(bits: number): Int {
    return this.two('shr_u', bits)
  }
  below(other: IntLike): Int {
    return this.two('lt_s', other)
  }
  atLeast(other: IntLike): Int {
    return this.two('ge_s', other)
  }
  above(other: IntLike): Int {
    return this.two('gt_s', other)
  }
  /** Without a sign: a negative number is above all. */
  inside(other: IntLike): Int {
    return this.two('lt_u', other)
  }
  is(other: IntLike): Int {
    return this.two('eq', other)
  }
  isNot(other: IntLike): Int {
    return this.two('ne', other)
  }
  not(): Int {
    return new Int(`(i32.eqz ${this.text})`)
  }
  choose(yes: IntLike, no: IntLike): Int {
    return new Int(`(select ${int(yes).text} ${int(no).text} ${this.text})`)
  }
  least(other: IntLike): Int {
    return this.below(other).choose(this, other)
  }
  greatest(other: IntLike): Int {
    return this.above(other).choose(this, other)
  }
  toNum(): Num {
    return new Num(`(f32.convert_i32_s ${this.text})`)
  }
}

export type NumLike = Num | number

/** A literal of WebAssembly: its text has the names of what is no number. */
const literal = (value: number) => (Number.isNaN(value) ? 'nan' : String(value).replace('Infinity', 'inf'))

const num = (value: NumLike): Num => (typeof value === 'number' ? new Num(`(f32.const ${literal(value)})`) : value)

export class Num {
  readonly type = 'f32'
  constructor(readonly text: string) {}
  private two(name: string, other: NumLike): Num {
    return new Num(`(f32.${name} ${this.text} ${num(other).text})`)
  }
  plus(other: NumLike): Num {
    return this.two('add', other)
  }
  minus(other: NumLike): Num {
    return this.two('sub', other)
  }
  times(other: NumLike): Num {
    return this.two('mul', other)
  }
  over(other: NumLike): Num {
    return this.two('div', other)
  }
  max(other: NumLike): Num {
    return this.two('max', other)
  }
  min(other: NumLike): Num {
    return this.two('min', other)
  }
  notAbove(other: NumLike): Int {
    return new Int(`(i32.eqz (f32.gt ${this.text} ${num(other).text}))`)
  }
  sqrt(): Num {
    return new Num(`(f32.sqrt ${this.text})`)
  }
  splat(): Vec {
    return new Vec(`(f32x4.splat ${this.text})`)
  }
}

export type VecLike = Vec | number

const vec = (value: VecLike): Vec => (typeof value === 'number' ? splat(value) : value)
export const splat = (value: number) => new Vec(`(v128.const f32x4${` ${literal(value)}`.repeat(4)})`)
export const splatInt = (value: number) => new Vec(`(v128.const i32x4${` ${value}`.repeat(4)})`)

export class Vec {
  readonly type = 'v128'
  constructor(readonly text: string) {}
  /** Any instruction of two vectors. */
  two(name: string, other: VecLike): Vec {
    return new Vec(`(${name} ${this.text} ${vec(other).text})`)
  }
  one(name: string): Vec {
    return new Vec(`(${name} ${this.text})`)
  }
  plus(other: VecLike): Vec {
    return this.two('f32x4.add', other)
  }
  minus(other: VecLike): Vec {
    return this.two('f32x4.sub', other)
  }
  times(other: VecLike): Vec {
    return this.two('f32x4.mul', other)
  }
  over(other: VecLike): Vec {
    return this.two('f32x4.div', other)
  }
  /** The lesser; not a number where this is not. One instruction, as `f32x4.min` is not. */
  least(other: VecLike): Vec {
    return this.two('f32x4.pmin', other)
  }
  most(other: VecLike): Vec {
    return this.two('f32x4.pmax', other)
  }
  and(other: Vec): Vec {
    return this.two('v128.and', other)
  }
  or(other: Vec): Vec {
    return this.two('v128.or', other)
  }
  xor(other: Vec): Vec {
    return this.two('v128.xor', other)
  }
  without(other: Vec): Vec {
    return this.two('v128.andnot', other)
  }
  below(other: VecLike): Vec {
    return this.two('f32x4.lt', other)
  }
  above(other: VecLike): Vec {
    return this.two('f32x4.gt', other)
  }
  is(other: VecLike): Vec {
    return this.two('f32x4.eq', other)
  }
  isNot(other: VecLike): Vec {
    return this.two('f32x4.ne', other)
  }
  negated(): Vec {
    return this.one('f32x4.neg')
  }
  absolute(): Vec {
    return this.one('f32x4.abs')
  }
  shiftLeft(bits: number): Vec {
    return new Vec(`(i32x4.shl ${this.text} (i32.const ${bits}))`)
  }
  shiftRight(bits: number): Vec {
    return new Vec(`(i32x4.shr_s ${this.text} (i32.const ${bits}))`)
  }
  /** A mask takes of each lane either. */
  choose(yes: VecLike, no: VecLike): Vec {
    return new Vec(`(v128.bitselect ${vec(yes).text} ${vec(no).text} ${this.text})`)
  }
  lane(index: number): Num {
    return new Num(`(f32x4.extract_lane ${index} ${this.text})`)
  }
  /** Lanes of this (0 to 3) and of another (4 to 7). */
  shuffle(other: Vec, ...lanes: readonly number[]): Vec {
    const bytes = lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte)).join(' ')
    return new Vec(`(i8x16.shuffle ${bytes} ${this.text} ${other.text})`)
  }
}

const at = (offset: number) => (offset === 0 ? '' : ` offset=${offset}`)

export const load = (address: Int, offset = 0) => new Vec(`(v128.load${at(offset)} ${address.text})`)
export const loadSplat = (address: Int, offset = 0) => new Vec(`(v128.load32_splat${at(offset)} ${address.text})`)
/** One float in the first lane, zeros behind it. */
export const loadOne = (address: Int, offset = 0) => new Vec(`(v128.load32_zero${at(offset)} ${address.text})`)
export const loadTwo = (address: Int, offset = 0) => new Vec(`(v128.load64_zero${at(offset)} ${address.text})`)
export const loadNum = (address: Int, offset = 0) => new Num(`(f32.load${at(offset)} ${address.text})`)
export const loadInt = (address: Int, offset = 0) => new Int(`(i32.load${at(offset)} ${address.text})`)

export type Value = Int | Num | Vec
export { int, num, vec }
