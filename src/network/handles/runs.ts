/** Runs of variants of a graph, as proofs compare them. */
import { narrowToHalf } from '../../core/half'
import { opened } from '../maps/trial'
import type { Feeds, GraphTensor, OpenGraph } from '../maps/types'
import type { ModelProto } from '../onnx'

export function tensorOf(type: GraphTensor['type'], dims: readonly number[], data: Float32Array): GraphTensor {
  if (type === 'float16') return { type, dims, data: narrowToHalf(data) }
  return { type: 'float32', dims, data }
}

/** Loads the graph once, runs it with each of the feeds, and keeps what `keep` makes of the outputs. */
export function runAll<T>(
  open: OpenGraph,
  model: ModelProto,
  feeds: readonly Feeds[],
  keep: (outputs: Readonly<Record<string, GraphTensor>>) => T,
): Promise<readonly T[]> {
  return opened(open, model, async (session) => {
    const all: T[] = []
    for (const feed of feeds) all.push(keep(await session.run(feed)))
    return all
  })
}
