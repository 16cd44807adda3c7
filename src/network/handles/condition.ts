/** What a class adds to the embedding of the noise level (ICG's Gaussian condition takes its place), found by what the graph computes. */
import type { GraphEditor } from '../editor'
import { Dependence } from '../maps/dependence'
import type { FoundEmbedding, HandleSearch, Refused } from './types'

/** The tensor that is computed of the condition alone, and added to the embedding wherever that is read. */
export function conditionAdded(
  editor: GraphEditor,
  { tensors }: FoundEmbedding,
  { noise, sample }: Pick<HandleSearch, 'noise'> & { readonly sample: string },
): { readonly kind: 'found'; readonly tensor: string } | Refused {
  const depends = new Dependence(editor, sample)
  const timed = depends.after(noise === null ? [] : [noise])
  const ofCondition = (tensor: string) => depends.onInputs(tensor) && !depends.onSample(tensor) && !timed.has(tensor)
  const found = new Set<string>()
  const views = tensors.flatMap((tensor) => depends.views(tensor))
  for (const view of views) {
    for (const reader of depends.readers(view)) {
      if (reader.output.some((name) => views.includes(name))) continue
      const other = reader.opType === 'Add' ? reader.input.find((name) => name !== view) : undefined
      if (other === undefined || !ofCondition(other))
        return {
          kind: 'refused',
          reason: `${reader.name || reader.output[0]!} reads the embedding before a class is added to it`,
        }
      found.add(other)
    }
  }
  const [tensor, ...more] = found
  if (tensor === undefined || more.length > 0)
    return { kind: 'refused', reason: `what a class adds to the embedding ${tensors[0]!} is not one tensor` }
  return { kind: 'found', tensor }
}
