/**
 * Shapes as a run of the graph shows them. What exporters annotate may be missing or half known, and what inference does not know
 * hides layers; so every tensor's lengths are outputs of one run, which takes no memory worth speaking of.
 */
import { DataType, copyModel, createNode, floatValue, type ModelProto } from './onnx'
import type { Feeds, GraphTensor, OpenGraph } from './maps/types'

/** What these make are not tensors, or not always. */
const NO_TENSORS = new Set([
  'SequenceEmpty',
  'SequenceConstruct',
  'SequenceInsert',
  'SequenceErase',
  'SplitToSequence',
  'Optional',
  'If',
  'Loop',
  'Scan',
])

export class MeasuredShapes {
  constructor(readonly known: ReadonlyMap<string, readonly number[]>) {}

  of(tensor: string): readonly number[] | null {
    return this.known.get(tensor) ?? null
  }
}

const toldName = (i: number) => `told_lengths_${i}`

/** A copy of the model that tells the lengths of its tensors instead of what it computes. */
function telling(model: ModelProto): { readonly model: ModelProto; readonly tensors: readonly string[] } {
  const copy = copyModel(model)
  const graph = copy.graph!
  const tensors = graph.node.flatMap(({ opType, output }) =>
    NO_TENSORS.has(opType) ? [] : output.filter((name) => name !== ''),
  )
  const names = tensors.map((_, i) => toldName(i))
  graph.node.push(...tensors.map((tensor, i) => createNode('Shape', [tensor], [names[i]!], { name: names[i]! })))
  graph.output = names.map((name) => {
    const value = floatValue(name, [null])
    if (value.type?.value.case === 'tensorType') value.type.value.value.elemType = DataType.INT64
    return value
  })
  return { model: copy, tensors }
}

/** The shapes of all tensors at each of the feeds; null for feeds that the graph does not run with. Rejects with what the runtime rejects with where it runs with none. */
export async function measureShapes(
  model: ModelProto,
  open: OpenGraph,
  feeds: readonly Feeds[],
): Promise<readonly (MeasuredShapes | null)[]> {
  const { model: told, tensors } = telling(model)
  const session = await open(told)
  try {
    const all: (MeasuredShapes | null)[] = []
    const failures: unknown[] = []
    for (const feed of feeds) {
      try {
        all.push(shapesOf(model, tensors, feed, await session.run(feed)))
      } catch (error) {
        failures.push(error)
        all.push(null)
      }
    }
    if (failures.length === feeds.length) throw failures[0]
    return all
  } finally {
    await session.release()
  }
}

function shapesOf(
  model: ModelProto,
  tensors: readonly string[],
  feed: Feeds,
  outputs: Readonly<Record<string, GraphTensor>>,
): MeasuredShapes {
  const known = new Map<string, readonly number[]>()
  for (const { name, dims } of model.graph!.initializer) known.set(name, dims.map(Number))
  for (const [name, { dims }] of Object.entries(feed)) known.set(name, dims)
  for (const [i, tensor] of tensors.entries()) {
    const data = outputs[toldName(i)]?.data
    if (data) known.set(tensor, Array.from(data, Number))
  }
  return new MeasuredShapes(known)
}
