/** The place before a softmax where a blur of the queries is one of the scores, and how their axes lie there. */
import type { GraphEditor } from '../editor'
import { intsAttribute } from '../onnx'
import type { Measured } from './measure'
import type { Scores } from './scores'
import type { MapLayer, MapLayout } from './types'

/** What cuts the axes of scores anew. */
const RESHAPING = new Set(['Reshape', 'Flatten', 'Squeeze', 'Unsqueeze'])

/** Where a map's axes are before what moves them on the way; null where they are cut anew. */
function axesBelow(editor: GraphEditor, between: readonly string[], own: readonly number[]): readonly number[] | null {
  let axes = own.map((_, axis) => axis)
  for (const tensor of between) {
    const node = editor.producer(tensor)
    if (node && RESHAPING.has(node.opType)) return null
    if (node?.opType !== 'Transpose') continue
    const perm = intsAttribute(node, 'perm') ?? axes.map((_, axis) => axes.length - 1 - axis)
    axes = axes.map((axis) => perm[axis]!)
  }
  return axes
}

/** Where a blur of the queries is one of the scores: the map's own lengths there, or the product's where rows and heads are folded. */
export function blurPlace(
  editor: GraphEditor,
  { full, rows }: Measured,
  scores: Scores,
  map: string,
  layout: MapLayout & { readonly queries: number; readonly keys: number },
): MapLayer['scores'] {
  const dims = full.of(scores.linear)
  const own = full.of(map)!
  if (!dims) return null
  const between = scores.path.slice(0, scores.path.indexOf(scores.linear))
  const axes = axesBelow(editor, between, own)
  if (axes && dims.length === own.length && own.every((length, axis) => length === dims[axes[axis]!])) {
    const before = own.map((_, axis) => axes.indexOf(axis))
    return {
      tensor: scores.linear,
      dims: own.map((_, axis) => layout.dims[before[axis]!]!),
      order: layout.order.map((axis) => axes[axis]!),
      rowAxis: axes[layout.rowAxis]!,
    }
  }
  const total = (lengths: readonly number[]) => lengths.reduce((a, b) => a * b, 1)
  const moved = between.some((tensor) => editor.producer(tensor)?.opType === 'Transpose')
  const plain = layout.order.every((axis, i) => axis === i)
  const folded = total(dims) === total(own) && dims.at(-1) === layout.keys && dims.at(-2) === layout.queries
  if (moved || !plain || !folded || dims[0]! % rows !== 0) return null
  return {
    tensor: scores.linear,
    dims: [dims[0]! / rows, ...dims.slice(1)],
    order: dims.map((_, axis) => axis),
    rowAxis: 0,
  }
}
