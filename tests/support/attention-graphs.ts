/** The graphs of attention over a picture in forms that are drawn. */
import type { GraphEditor } from '../../src/network/editor'
import { DataType, floatTensor, floatValue, intTensor } from '../../src/network/onnx'
import { emptyModel } from '../unit/network/graphs'
import { CAP, HIDDEN, sizesOf, TEXTS, weightsOf, type Form } from './attention-forms'

type Options = Parameters<GraphEditor['add']>[3]

class Writer {
  readonly e = emptyModel()
  readonly #weights
  readonly #sizes

  constructor(private readonly form: Form) {
    this.#weights = weightsOf(form)
    this.#sizes = sizesOf(form)
  }

  op(op: string, inputs: readonly string[], options?: Options): string {
    return this.e.add(op, inputs, op.toLowerCase(), options)
  }
  ints(...values: readonly number[]): string {
    return this.e.addInitializer(intTensor('ints', [values.length], values))
  }
  float(dims: readonly number[], data: ArrayLike<number>): string {
    return this.e.addInitializer(floatTensor('float', dims, data))
  }
  number(value: number): string {
    return this.float([], [value])
  }
  reshape(tensor: string, ...dims: readonly number[]): string {
    return this.op('Reshape', [tensor, this.ints(...dims)])
  }
  turn(tensor: string, ...perm: readonly number[]): string {
    return this.op('Transpose', [tensor], { attributes: { perm: { ints: perm } } })
  }
  joined(first: boolean, other: string, own: string): string {
    return this.op('Concat', first ? [other, own] : [own, other], { attributes: { axis: { int: 1 } } })
  }
  cast(tensor: string, to: DataType): string {
    return this.op('Cast', [tensor], { attributes: { to: { int: to } } })
  }
  project(tensor: string, weights: Float32Array): string {
    return this.op('MatMul', [tensor, this.float([this.#sizes.c, this.#sizes.c], weights)])
  }

  /** A learned tensor for every row, as PyTorch expands one. */
  #forRows(tensor: string, like: string, ...dims: readonly number[]): string {
    const rows = this.op('Slice', [this.op('Shape', [like]), this.ints(0), this.ints(1)])
    const shape = this.op('Concat', [rows, this.ints(...dims)], { attributes: { axis: { int: 0 } } })
    return this.op('Expand', [tensor, shape])
  }

  #others(tokens: string): string {
    const { beside, c } = this.#sizes
    if (this.form.extra.startsWith('text')) return this.e.addInput(floatValue('text', ['rows', TEXTS, c]))
    return this.#forRows(this.float([1, beside, c], this.#weights.learned), tokens, beside, c)
  }

  /** Queries, keys and values [rows, tokens, c]. */
  #operands(tokens: string): readonly [string, string, string] {
    const { q, k, v, otherK, otherV } = this.#weights
    const { extra } = this.form
    if (extra === 'none') return [this.project(tokens, q), this.project(tokens, k), this.project(tokens, v)]
    const others = this.#others(tokens)
    if (this.#sizes.asks) {
      const all = this.joined(true, others, tokens)
      return [this.project(all, q), this.project(all, k), this.project(all, v)]
    }
    const before = extra.endsWith('before')
    return [
      this.project(tokens, q),
      this.joined(before, this.project(others, otherK), this.project(tokens, k)),
      this.joined(before, this.project(others, otherV), this.project(tokens, v)),
    ]
  }

  #perHead(tensor: string, tokens: number): string {
    const { heads, d, layout } = this.form
    const split = this.reshape(tensor, -1, tokens, heads, d)
    if (layout.startsWith('einsum')) return split
    if (layout === 'heads first') return this.reshape(this.turn(split, 2, 0, 1, 3), -1, tokens, d)
    const apart = this.turn(split, 0, 2, 1, 3)
    return layout === 'apart' ? apart : this.reshape(apart, -1, tokens, d)
  }

  /** Axes of the map, in the order of its tensor. */
  get #axes(): string {
    const { layout, turned } = this.form
    const plain = layout === 'apart' || layout === 'einsum' ? 'bhnm' : layout === 'einsum, heads last' ? 'bnhm' : 'xnm'
    if (!turned) return plain
    return plain.replace('n', '?').replace('m', 'n').replace('?', 'm')
  }

  #einsum(equation: string, ...inputs: readonly string[]): string {
    return this.op('Einsum', inputs, { attributes: { equation: { string: equation } } })
  }

  #last(tensor: string): string {
    return this.form.layout === 'apart' ? this.turn(tensor, 0, 1, 3, 2) : this.turn(tensor, 0, 2, 1)
  }

  #products(q: string, k: string): string {
    if (this.form.layout.startsWith('einsum')) return this.#einsum(`bnhd,bmhd->${this.#axes}`, q, k)
    return this.form.turned ? this.op('MatMul', [k, this.#last(q)]) : this.op('MatMul', [q, this.#last(k)])
  }

  /** A constant along queries and keys, as the map's tensor lies. */
  #along(values: ArrayLike<number>, queries: number): string {
    const { keys } = this.#sizes
    const axes = this.#axes
    const dims = [...axes].map((axis) => (axis === 'n' ? queries : axis === 'm' ? keys : 1))
    const isTurned = axes.indexOf('m') < axes.indexOf('n')
    const data = Array.from({ length: queries * keys }, (_, at) => {
      const [i, j] = isTurned ? [at % queries, Math.floor(at / queries)] : [Math.floor(at / keys), at % keys]
      return values[i * keys + j]!
    })
    return this.float(dims, data)
  }

  #biased(scores: string, as: (tensor: string) => string): string {
    const { biasOfKeys, biasOfAll } = this.#weights
    const { queries, keys } = this.#sizes
    switch (this.form.bias) {
      case 'none':
        return scores
      case 'keys':
        return this.op('Add', [scores, as(this.#along(biasOfKeys, 1))])
      case 'all':
        return this.op('Add', [as(this.#along(biasOfAll, queries)), scores])
      case 'hidden': {
        const seen = Array.from({ length: keys }, (_, key) => (key === HIDDEN ? 0 : 1))
        const mask = this.cast(this.#along(seen, 1), DataType.BOOL)
        return this.op('Where', [mask, scores, as(this.number(-1e4))])
      }
      default:
        return this.form.bias satisfies never
    }
  }

  #softmax(scores: string): string {
    const axis = this.#axes.indexOf('m')
    const sum = (tensor: string) => this.op('ReduceSum', [tensor, this.ints(axis)])
    const exponentials = (tensor: string) => {
      const exp = this.op('Exp', [tensor])
      return [exp, sum(exp)] as const
    }
    switch (this.form.softmax) {
      case 'node':
        return this.op('Softmax', [scores], { attributes: { axis: { int: axis } } })
      case 'log':
        return this.op('Exp', [this.op('LogSoftmax', [scores], { attributes: { axis: { int: axis } } })])
      case 'divided':
        return this.op('Div', exponentials(scores))
      case 'reciprocal': {
        const [exp, total] = exponentials(scores)
        return this.op('Mul', [exp, this.op('Reciprocal', [total])])
      }
      case 'less most': {
        const most = this.op('ReduceMax', [scores], { attributes: { axes: { ints: [axis] } } })
        return this.op('Div', exponentials(this.op('Sub', [scores, most])))
      }
      default:
        return this.form.softmax satisfies never
    }
  }

  #attended(q: string, k: string, v: string): string {
    const { scale, layout, turned, cap, double } = this.form
    const { factor } = this.#weights
    const times = (tensor: string, by: number) => this.op('Mul', [tensor, this.number(by)])
    const own = scale === 'queries' ? times(q, factor) : scale === 'both' ? times(q, Math.sqrt(factor)) : q
    const other = scale === 'keys' ? times(k, factor) : scale === 'both' ? times(k, Math.sqrt(factor)) : k
    let scores = this.#products(own, other)
    if (scale === 'times') scores = times(scores, factor)
    if (scale === 'over') scores = this.op('Div', [scores, this.number(1 / factor)])
    const as = (tensor: string) => (double ? this.cast(tensor, DataType.DOUBLE) : tensor)
    scores = as(scores)
    if (cap) {
      const bounded = this.op('Tanh', [this.op('Div', [scores, as(this.number(CAP))])])
      scores = this.op('Mul', [bounded, as(this.number(CAP))])
    }
    const made = this.#softmax(this.#biased(scores, as))
    const map = double ? this.cast(made, DataType.FLOAT) : made
    if (layout.startsWith('einsum')) return this.#einsum(`${this.#axes},bmhd->bnhd`, map, v)
    return turned ? this.#last(this.op('MatMul', [this.#last(v), map])) : this.op('MatMul', [map, v])
  }

  #together(sums: string): string {
    const { heads, d, layout } = this.form
    const { queries, c } = this.#sizes
    if (layout.startsWith('einsum')) return this.reshape(sums, -1, queries, c)
    if (layout === 'heads first')
      return this.reshape(this.turn(this.reshape(sums, heads, -1, queries, d), 1, 2, 0, 3), -1, queries, c)
    const apart = layout === 'apart' ? sums : this.reshape(sums, -1, heads, queries, d)
    return this.reshape(this.turn(apart, 0, 2, 1, 3), -1, queries, c)
  }

  model() {
    const { height, width, order, residual } = this.form
    const { n, c, queries, keys, start, asks } = this.#sizes
    const x = this.e.addInput(floatValue('x', ['rows', c, height, width]))
    const picture = order === 'rows' ? x : this.turn(x, 0, 1, 3, 2)
    const tokens = this.turn(this.reshape(picture, -1, c, n), 0, 2, 1)
    const [q, k, v] = this.#operands(tokens)
    const sums = this.#attended(this.#perHead(q, queries), this.#perHead(k, keys), this.#perHead(v, keys))
    const all = this.project(this.#together(sums), this.#weights.o)
    const own = asks ? this.op('Slice', [all, this.ints(start), this.ints(start + n), this.ints(1)]) : all
    const out = residual ? this.op('Add', [own, tokens]) : own
    this.e.addOutput(this.turn(out, 0, 2, 1), floatValue('y', ['rows', c, n]))
    this.e.finish()
    return this.e.model
  }
}

export const modelOf = (form: Form) => new Writer(form).model()
