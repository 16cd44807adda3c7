/** A model that a person opened, from this browser's storage. Loaded for such a model only. */
import { EngineError, descriptionFailed, fileGone, messageOf } from '../../core/failure'
import { startingFiles } from '../../engine/recipe'
import { parseKept } from '../../model/kept'
import type { ModelFile, ModelInfo } from '../../model/types'
import { openedModels } from '../../storage/opened-models'
import type { ModelPackage } from './parts'

/** With the files that it starts with. Rejects with EngineError. */
export async function openedPackage(id: string): Promise<ModelPackage> {
  const opened = openedModels()
  const kept = (await opened.list()).find((one) => one.id === id)
  if (!kept) throw new EngineError(fileGone(id))
  let model: ModelInfo
  try {
    model = parseKept(kept.model)
  } catch (error) {
    throw new EngineError(descriptionFailed(id, messageOf(error), false))
  }
  const files = startingFiles(model)
  const bytes = await Promise.all(files.map((file) => opened.read(id, file)))
  return { model, files: Object.fromEntries(files.map(({ file }, i) => [file, bytes[i]!])) }
}

/** One more file of it. Rejects with EngineError. */
export const openedFile = (id: string, file: ModelFile) => openedModels().read(id, file)
