/** Runs of variants of a graph on the same rows, as proofs compare them. */
import { clone } from '@bufbuild/protobuf'
import { ModelProtoSchema } from 'onnx-buf'
import { narrowToHalf, widenHalf } from '../../core/half'
import type { Feeds, GraphTensor, OpenGraph } from '../maps/types'
import { GraphError, type ModelProto } from '../onnx'

export const copyOf = (model: ModelProto): ModelProto => clone(ModelProtoSchema, model)

export function floatsOf(tensor: GraphTensor | undefined, name: string): Float32Array {
  if (tensor?.type === 'float32') return tensor.data
  if (tensor?.type === 'float16') return widenHalf(tensor.data)
  throw new GraphError(`${name} holds no floats`)
}

export function tensorOf(type: GraphTensor['type'], dims: readonly number[], data: Float32Array): GraphTensor {
  if (type === 'float16') return { type, dims, data: narrowToHalf(data) }
  return { type: 'float32', dims, data }
}

/** The same rows, all of them the last one; what all rows share stays. */
export function lastRows(feeds: Feeds, rows: number): Feeds {
  const repeated = Object.entries(feeds).map(([name, tensor]): [string, GraphTensor] => {
    if (tensor.dims[0] !== rows) return [name, tensor]
    const copy = structuredClone(tensor)
    const each = copy.data.length / rows
    for (let row = 0; row < rows - 1; row++) copy.data.copyWithin(row * each, (rows - 1) * each)
    return [name, copy]
  })
  return Object.fromEntries(repeated)
}

/** Loads the graph once, runs it with each of the feeds, and keeps what `keep` makes of the outputs. */
export async function runAll<T>(
  open: OpenGraph,
  model: ModelProto,
  feeds: readonly Feeds[],
  keep: (outputs: Readonly<Record<string, GraphTensor>>) => T,
): Promise<readonly T[]> {
  const session = await open(model)
  try {
    const all: T[] = []
    for (const feed of feeds) all.push(keep(await session.run(feed)))
    return all
  } finally {
    await session.release()
  }
}

/** The largest difference, in standard deviations of what is wanted; infinite where a number is none. */
export function apart(found: Float32Array, wanted: Float32Array): number {
  let [sum, squares, most] = [0, 0, 0]
  for (const [i, value] of wanted.entries()) {
    sum += value
    squares += value * value
    const difference = Math.abs(found[i]! - value)
    if (!(difference <= most)) most = Number.isNaN(difference) ? Infinity : difference
  }
  const variance = squares / wanted.length - (sum / wanted.length) ** 2
  return most === 0 ? 0 : most / Math.sqrt(Math.max(variance, 0))
}
