/** How a map lies in the tensor that its softmax makes: read off by its lengths with two rows and with one, and by where its axes come from. */
import { wholeAxis, type Digit } from './digit'
import type { Measured } from './measure'
import { shows } from './origin'
import type { Tracer } from './trace'
import type { MapLayout } from './types'

export interface CountedLayout extends MapLayout {
  readonly heads: number
  readonly queries: number
  readonly keys: number
}

export class Layouts {
  constructor(
    private readonly measured: Measured,
    private readonly tracer: Tracer,
    private readonly sample: string,
  ) {}

  /** How queries, keys, rows and heads lie in a map. Null where they lie in no way that is known. */
  of(map: string): CountedLayout | null {
    const { full, single, rows } = this.measured
    const dims = full.of(map)
    if (!dims || dims.length < 2) return null
    const key = dims.length - 1
    const keys = dims[key]!
    const query = this.#queryAxis(map, dims, keys)
    const lead = dims.map((_, axis) => axis).filter((axis) => axis !== key && !query.includes(axis))
    const queries = query.reduce((product, axis) => product * dims[axis]!, 1)
    const count = lead.reduce((product, axis) => product * dims[axis]!, 1)
    const alone = single?.of(map)
    const one = alone ? lead.reduce((product, axis) => product * (alone[axis] ?? 0), 1) : count / rows
    if (!Number.isInteger(one) || count !== one * rows) return null
    // Axes of several rows: the leading one, unless heads come first.
    const own = alone ?? dims.map((length, axis) => (axis === lead[0] ? length / rows : length))
    const axis = lead.find((at) => own[at] !== dims[at]) ?? lead[0]
    return {
      dims: own,
      order: [...lead, ...query, key],
      rowAxis: axis ?? 0,
      headsFirst: rows > 1 && axis !== undefined && this.#headsFirst(map, dims, own, lead, axis),
      heads: one,
      queries,
      keys,
    }
  }

  /** The axis of the queries: the one before the keys, another one that is as long as they are, or two that are it together. */
  #queryAxis(map: string, dims: readonly number[], keys: number): readonly number[] {
    const before = dims.length - 2
    if (dims[before] === keys) return [before]
    const two = [before - 1, before]
    if (dims.length > 3 && dims[before]! * dims[before - 1]! === keys && this.#isImage(map, dims, two)) return two
    const other = dims.findIndex((length, axis) => axis > 0 && axis < before && length === keys)
    return other > 0 ? [other] : this.#askingAxis(map, dims)
  }

  /** Of a map that is not square: where the image's tokens are that ask, else the axis before the keys. */
  #askingAxis(map: string, dims: readonly number[]): readonly number[] {
    const before = dims.length - 2
    const asks = (axis: number) => dims[axis]! > 1 && shows(this.tracer.origin(map, wholeAxis(dims, axis)), this.sample)
    if (dims.length < 4 || asks(before)) return [before]
    if (this.#isImage(map, dims, [before - 1, before])) return [before - 1, before]
    const inner = dims.map((_, axis) => axis).filter((axis) => axis > 0 && axis < before)
    return [inner.find(asks) ?? before]
  }

  #isImage(map: string, dims: readonly number[], axes: readonly number[]): boolean {
    const digits = axes.map((axis) => wholeAxis(dims, axis))
    return this.tracer.imageOf(map, digits) !== null
  }

  #headsFirst(
    map: string,
    dims: readonly number[],
    own: readonly number[],
    lead: readonly number[],
    axis: number,
  ): boolean {
    const { rows } = this.measured
    const heads = own[axis]!
    const between = lead.filter((at) => at < axis).reduce((product, at) => product * dims[at]!, 1)
    if (between > 1) return true
    if (heads === 1) return false
    const isRows = (digit: Digit) => {
      const origin = this.tracer.origin(map, digit)
      return origin.kind === 'input' && origin.axis === 0
    }
    return !isRows({ axis, length: rows, inner: heads }) && isRows({ axis, length: rows, inner: 1 })
  }
}
