/** A family's renders, fetched when they are asked for, checked and kept like its networks. */
import { EngineError, unusable } from '../../core/failure'
import type { ModelInfo } from '../../model/types'
import { browserStore, loadModelFiles } from '../../storage/model-files'
import { decodeRenders, type Renders } from '../../storage/renders'

export async function rendersOf(model: ModelInfo, signal: AbortSignal): Promise<Renders> {
  if (!model.renders) throw new EngineError(unusable(`${model.name} has no renders to compare with`))
  const [bytes] = await loadModelFiles({
    model: model.id,
    base: new URL(`models/${encodeURIComponent(model.id)}/`, document.baseURI).href,
    files: [model.renders.sheet],
    signal,
    onProgress: () => undefined,
    // The engine says when storage is full, and the game works without it.
    onNotice: () => undefined,
    store: browserStore(),
  })
  return decodeRenders(bytes!, model)
}
