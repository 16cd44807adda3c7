/** Builds one function of the module: parameters, locals, loops. What `wat.ts` cannot say is a line of text. */
import { Int, int, type IntLike, Num, num, type NumLike, type Value, Vec, vec, type VecLike } from './wat'

/** How a product is added: in one instruction where the module is for engines that have it. */
export interface Arithmetic {
  readonly relaxed: boolean
}

type Words<Text extends string> = Text extends `${infer First} ${infer Rest}` ? First | Words<Rest> : Text

export class Fn {
  private readonly heads: string[] = []
  private readonly lines: string[] = []
  private count = 0

  constructor(
    readonly name: string,
    readonly arithmetic: Arithmetic,
  ) {}

  private name_(): string {
    return `$v${this.count++}`
  }

  intParam(): Int {
    const name = this.name_()
    this.heads.push(`(param ${name} i32)`)
    return new Int(`(local.get ${name})`)
  }
  /** Parameters in this order; their names with spaces between them. */
  intParams<Names extends string>(names: Names): Readonly<Record<Words<Names>, Int>> {
    return Object.fromEntries(names.split(' ').map((name) => [name, this.intParam()])) as Record<Words<Names>, Int>
  }
  /** New locals, 0 at first. */
  ints<Names extends string>(names: Names): Readonly<Record<Words<Names>, Int>> {
    return Object.fromEntries(names.split(' ').map((name) => [name, this.int(0)])) as Record<Words<Names>, Int>
  }
  numParam(): Num {
    const name = this.name_()
    this.heads.push(`(param ${name} f32)`)
    return new Num(`(local.get ${name})`)
  }
  vecParam(): Vec {
    const name = this.name_()
    this.heads.push(`(param ${name} v128)`)
    return new Vec(`(local.get ${name})`)
  }
  result(value: Value): void {
    this.heads.push(`(result ${value.type})`)
    this.lines.push(value.text)
  }

  /** A new local with a value. */
  int(value: IntLike): Int {
    const local = new Int(this.local('i32'))
    this.set(local, value)
    return local
  }
  num(value: NumLike): Num {
    const local = new Num(this.local('f32'))
    this.set(local, value)
    return local
  }
  vec(value: VecLike): Vec {
    const local = new Vec(this.local('v128'))
    this.set(local, value)
    return local
  }
  /** The name of a new local of 64 bits, for lines of text. */
  double(): string {
    return this.local('f64').slice('(local.get '.length, -1)
  }
  private readonly locals: string[] = []
  private local(type: string): string {
    const name = this.name_()
    this.locals.push(`(local ${name} ${type})`)
    return `(local.get ${name})`
  }

  set(local: Int, value: IntLike): void
  set(local: Num, value: NumLike): void
  set(local: Vec, value: VecLike): void
  set(local: Value, value: Value | number): void {
    const typed =
      typeof value !== 'number'
        ? value
        : local.type === 'i32'
          ? int(value)
          : local.type === 'f32'
            ? num(value)
            : vec(value)
    this.lines.push(`${local.text.replace('local.get', 'local.set').slice(0, -1)} ${typed.text})`)
  }
  add(local: Int, step: IntLike): void {
    this.set(local, local.plus(step))
  }

  store(address: Int, value: Vec, offset = 0): void {
    this.lines.push(`(v128.store${offset === 0 ? '' : ` offset=${offset}`} ${address.text} ${value.text})`)
  }
  storeNum(address: Int, value: NumLike, offset = 0): void {
    this.lines.push(`(f32.store${offset === 0 ? '' : ` offset=${offset}`} ${address.text} ${num(value).text})`)
  }
  /** A line as it is. */
  raw(line: string): void {
    this.lines.push(line)
  }

  /** a · b + c. */
  fma(a: VecLike, b: VecLike, c: VecLike): Vec {
    if (!this.arithmetic.relaxed) return vec(a).times(b).plus(c)
    return new Vec(`(f32x4.relaxed_madd ${vec(a).text} ${vec(b).text} ${vec(c).text})`)
  }

  if(condition: Int, then: () => void, otherwise?: () => void): void {
    this.lines.push(`(if ${condition.text} (then`)
    then()
    if (otherwise) {
      this.lines.push(') (else')
      otherwise()
    }
    this.lines.push('))')
  }

  /** From what the index is until it is at the end, by steps; the last may go beyond. The body is left out where there is nothing. */
  during(index: Int, end: IntLike, step: IntLike, body: () => void): void {
    const limit = typeof end === 'number' || end.text.startsWith('(local.get') ? end : this.int(end)
    const top = this.name_()
    this.lines.push(`(if ${index.below(limit).text} (then (loop ${top}`)
    body()
    this.add(index, step)
    this.lines.push(`(br_if ${top} ${index.below(limit).text}))))`)
  }
  each(end: IntLike, step: IntLike, body: (index: Int) => void): void {
    const index = this.int(0)
    this.during(index, end, step, () => body(index))
  }
  /** The body so many times, at least once, with a counter that goes down. */
  repeat(times: IntLike, body: () => void): void {
    const left = this.int(times)
    const top = this.name_()
    this.lines.push(`(loop ${top}`)
    body()
    this.set(left, left.minus(1))
    this.lines.push(`(br_if ${top} ${left.text}))`)
  }

  call(name: string, ...values: readonly (Value | number)[]): void {
    this.lines.push(callText(name, values))
  }
  callNum(name: string, ...values: readonly (Value | number)[]): Num {
    return new Num(callText(name, values))
  }
  callVec(name: string, ...values: readonly (Value | number)[]): Vec {
    return new Vec(callText(name, values))
  }

  text(exported: boolean): string {
    const head = exported ? `(export "${this.name}") ` : ''
    return `(func $${this.name} ${head}${[...this.heads, ...this.locals, ...this.lines].join('\n')})`
  }
}

const callText = (name: string, values: readonly (Value | number)[]) =>
  `(call $${name} ${values.map((value) => (typeof value === 'number' ? int(value).text : value.text)).join(' ')})`

/** One module: functions by their names. */
export class Module {
  private readonly functions: string[] = []
  readonly globals: string[] = []
  constructor(readonly arithmetic: Arithmetic) {}

  private add(name: string, exported: boolean, build: (f: Fn) => void): void {
    const f = new Fn(name, this.arithmetic)
    build(f)
    this.functions.push(f.text(exported))
  }
  /** A function that others of the module call. */
  inner(name: string, build: (f: Fn) => void): void {
    this.add(name, false, build)
  }
  exported(name: string, build: (f: Fn) => void): void {
    this.add(name, true, build)
  }

  text(): string {
    const imports = '(import "e" "memory" (memory 0)) (import "e" "pow" (func $pow (param f64 f64) (result f64)))'
    return `(module ${imports}\n${[...this.globals, ...this.functions].join('\n')})`
  }
}
