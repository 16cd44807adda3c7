/** Lengths of all tensors as runs of a graph with two rows and with one show them. */
import { measureShapes, type MeasuredShapes } from '../measured-shapes'
import type { ModelProto } from '../onnx'
import type { Feeds, OpenGraph } from './types'

/** What a graph is run with. */
export interface Ran {
  readonly model: ModelProto
  readonly open: OpenGraph
  /** Values of the graph's inputs for so many rows. */
  readonly feeds: (rows: number) => Feeds
  /** The number of rows that the graph was exported for; null: any. */
  readonly batch: number | null
}

/** One row's and two rows' shapes, or those of the one number of rows that the graph takes. */
export interface Measured {
  readonly full: MeasuredShapes
  readonly single: MeasuredShapes | null
  readonly rows: number
}

/** An exporter may have written the number of rows that it saw into the graph, which then gives as many whatever it is given. */
function followsRows({ graph }: ModelProto, two: MeasuredShapes, one: MeasuredShapes): boolean {
  const count = (shapes: MeasuredShapes, name: string) =>
    shapes.of(name)?.reduce((product, length) => product * length, 1)
  return graph!.output.some(({ name }) => count(two, name) !== count(one, name))
}

export async function measured({ model, open, feeds, batch }: Ran): Promise<Measured> {
  if (batch !== null) {
    const [full] = await measureShapes(model, open, [feeds(batch)])
    return { full: full!, single: null, rows: batch }
  }
  // Some graphs say that they take any number of rows, and take one.
  const [two, one] = await measureShapes(model, open, [feeds(2), feeds(1)])
  if (two) return { full: two, single: one && followsRows(model, two, one) ? one : null, rows: 2 }
  return { full: one!, single: null, rows: 1 }
}
