/** Projections of the same tensor by constant matrices, such as queries, keys and values, are one product, whose columns are parted. */
import { intTensor, type NodeProto } from '../onnx'
import type { Places } from '../places'
import type { Rewrite } from '../rewrite'

interface Projection {
  readonly matrix: string
  readonly width: number
  /** Null where nothing is added. */
  readonly bias: string | null
  /** The node whose output is the projection. */
  readonly last: NodeProto
}

function projection(places: Places, product: NodeProto, inner: number): Projection | null {
  const matrix = product.input[1]!
  const dims = places.constant(matrix) ? places.shape(matrix) : null
  if (dims?.length !== 2 || dims[0] !== inner) return null
  const width = dims[1]!
  const sum = places.reader(product.output[0]!, 'Add')
  const bias = sum?.input.find((name) => name !== product.output[0])
  const added = bias !== undefined && places.constant(bias) && places.shape(bias)?.join() === String(width)
  return added ? { matrix, width, bias, last: sum! } : { matrix, width, bias: null, last: product }
}

/** A vector for each projection, of nothing where it adds nothing. */
function biasOf(places: Places, { bias, width }: Projection): string {
  return bias ?? places.filled(width, 0)
}

export const projections: Rewrite = {
  name: 'projections of one tensor as one product',
  order: 40,
  apply(places) {
    let count = 0
    const readers = new Map<string, NodeProto[]>()
    for (const node of places.of('MatMul')) {
      const of = node.input[0]!
      readers.set(of, [...(readers.get(of) ?? []), node])
    }
    for (const [tensor, nodes] of readers) {
      const shape = places.shape(tensor)
      const inner = shape?.at(-1)
      if (nodes.length < 2 || !shape || inner === undefined || places.constant(tensor)) continue
      const found = nodes.map((node) => projection(places, node, inner)).filter((one) => one !== null)
      if (found.length < 2) continue
      const base = `${tensor}/projected`
      const joined = (parts: readonly string[], axis: number, name: string) =>
        places.add('Concat', parts, `${base}/${name}`, { attributes: { axis: { int: axis } } })
      const matrix = joined(
        found.map((one) => one.matrix),
        1,
        'matrix',
      )
      const bias = joined(
        found.map((one) => biasOf(places, one)),
        0,
        'bias',
      )
      const widths = found.map(({ width }) => width)
      const all = widths.reduce((sum, width) => sum + width, 0)
      // The runtime makes a Gemm of a product and a sum only where their constants need no folding.
      const flat = places.reshaped(tensor, [-1, inner], `${base}/flat`)
      const product = places.add('Gemm', [flat, matrix, bias], `${base}/product`)
      const result = places.reshaped(product, [...shape.slice(0, -1), all], base)
      const parts = places.addMany(
        'Split',
        [result, places.editor.addInitializer(intTensor(`${base}/widths`, [widths.length], widths))],
        widths.map((_, i) => `${base}/part_${i}`),
        { name: `${base}/parts`, attributes: { axis: { int: -1 } } },
      )
      for (const [i, { last }] of found.entries()) places.replace(last, parts[i]!)
      count += 1
    }
    return count
  },
}
