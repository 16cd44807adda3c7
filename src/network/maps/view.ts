/** How a map lies in its tensor, and the plain operators that bring it into the order [rows, maps, queries, keys] and back. */
import type { GraphEditor } from '../editor'
import { intTensor } from '../onnx'
import type { MapLayer, MapLayout } from './types'

export class MapView {
  constructor(
    private readonly editor: GraphEditor,
    private readonly found: MapLayer,
    private readonly prefix: string,
  ) {}

  add(op: string, inputs: readonly string[], base: string, options: Parameters<GraphEditor['add']>[3] = {}): string {
    return this.editor.add(op, inputs, `${this.prefix}/${base}`, options)
  }

  ints(values: readonly number[], base: string): string {
    return this.editor.addInitializer(intTensor(`${this.prefix}/${base}`, [values.length], values))
  }

  reshape(input: string, dims: readonly number[], base: string): string {
    return this.add('Reshape', [input, this.ints(dims, `${base}_shape`)], base)
  }

  transpose(input: string, perm: readonly number[], base: string): string {
    return perm.every((axis, i) => axis === i)
      ? input
      : this.add('Transpose', [input], base, { attributes: { perm: { ints: perm } } })
  }

  /** Maps of a row. */
  get maps(): number {
    return this.found.heads * this.found.windows
  }

  /** [rows, heads, queries, keys] of a tensor that lies as `layout` says. */
  view(tensor: string, { dims, order, headsFirst }: MapLayout, base: string): string {
    const { queries, keys } = this.found
    const heads = this.maps
    const turned = this.transpose(tensor, order, `${base}_turned`)
    if (headsFirst)
      return this.transpose(this.reshape(turned, [heads, -1, queries, keys], `${base}_heads`), [1, 0, 2, 3], base)
    const is = dims.length === 4 && dims[order[1]!] === heads && dims[order[2]!] === queries
    return is ? turned : this.reshape(turned, [-1, heads, queries, keys], base)
  }

  /** The way back. */
  unview(tensor: string, { dims, order, headsFirst, rowAxis }: MapLayout, base: string): string {
    const turned = order.map((axis) => (axis === rowAxis ? -1 : dims[axis]!))
    const heads = headsFirst ? this.transpose(tensor, [1, 0, 2, 3], `${base}_heads_first`) : tensor
    const folded = this.reshape(heads, turned, `${base}_folded`)
    const back = order.map((_, axis) => order.indexOf(axis))
    return this.transpose(folded, back, `${base}_back`)
  }

  slice(tensor: string, start: number, end: number, axis: number, base: string): string {
    const bounds = [
      this.ints([start], `${base}_start`),
      this.ints([end], `${base}_end`),
      this.ints([axis], `${base}_axis`),
    ]
    return this.add('Slice', [tensor, ...bounds], base)
  }

  concat(parts: readonly string[], axis: number, base: string): string {
    return parts.length === 1 ? parts[0]! : this.add('Concat', parts, base, { attributes: { axis: { int: axis } } })
  }

  /** What `change` makes of the entries from `start` on along an axis, with the others as they were. */
  within(
    tensor: string,
    axis: 2 | 3,
    all: number,
    { start, count }: { readonly start: number; readonly count: number },
    base: string,
    change: (part: string) => string,
  ): string {
    if (count === all) return change(tensor)
    const before = start > 0 ? [this.slice(tensor, 0, start, axis, `${base}_before`)] : []
    const after = start + count < all ? [this.slice(tensor, start + count, all, axis, `${base}_after`)] : []
    const own = change(this.slice(tensor, start, start + count, axis, `${base}_own`))
    return this.concat([...before, own, ...after], axis, `${base}_whole`)
  }
}
