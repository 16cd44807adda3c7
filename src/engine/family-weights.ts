/** The weights of one network of a family: as a file stores them, or a sum of several files. */
import type { ModelFile, ModelInfo, NetworkRef } from '../model/types'
import { parseModel } from '../network/onnx'
import { combineWeights, readWeights, type Weights } from '../network/weights'
import { networkOf, type Part, partsOf } from './recipe'

/** Gives the bytes of a file, checked. */
export type ReadFile = (file: ModelFile) => Promise<Uint8Array>

/** Told before each part that is added to a sum of weights, and at its end; what it returns is waited for. */
export type CombineProgress = (done: number, total: number) => void | Promise<void>

/**
 * Prepared weights of a network: as stored, a synthesised average, or Neon's (1 + w) θ − w θ_against (arXiv 2510.03597),
 * summed in single precision. Rejects with RangeError as `requiredFiles` throws it, with GraphError for files that do not
 * fit the graph, and with what `read` rejects with.
 */
export async function weightsOf(
  ref: NetworkRef,
  model: ModelInfo,
  read: ReadFile,
  onCombine: CombineProgress = () => undefined,
): Promise<Weights> {
  const parts = partsOf(ref, model)
  const graph = parseModel(await read(networkOf(ref.id, model).graph))
  const stored = async ({ file, others }: Part) => {
    const bytes = await read(file)
    // What somebody brought may compute in halves, and then can’t do it in singles.
    const half = model.brought ? 'keep' : 'widen'
    if (others.length === 0) return readWeights(graph, bytes, half)
    const files: Record<string, Uint8Array> = { [file.file]: bytes }
    for (const other of others) files[other.file] = await read(other)
    return readWeights(graph, files, half)
  }
  const [first] = parts
  if (parts.length === 1 && first!.factor === 1) return stored(first!)
  const prepared: { readonly weights: Weights; readonly factor: number }[] = []
  for (const part of parts) {
    await onCombine(prepared.length, parts.length + 1)
    prepared.push({ weights: await stored(part), factor: part.factor })
  }
  await onCombine(parts.length, parts.length + 1)
  const combined = combineWeights(prepared)
  await onCombine(parts.length + 1, parts.length + 1)
  return combined
}
