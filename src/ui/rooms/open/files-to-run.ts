/** The files that an opened model is run with: in hand until it is kept, and then where they were kept. */
import { startingFiles } from '../../../engine/recipe'
import type { OpenedModels } from '../../../storage/opened-models'
import type { OpenedModel } from '../../../worker/opener/messages'

/** By the names that the model has for them. Rejects with EngineError where one is gone. */
export async function filesToRun(
  { model, files }: Pick<OpenedModel, 'model' | 'files'>,
  models: Pick<OpenedModels, 'read'>,
): Promise<OpenedModel['files']> {
  if (Object.keys(files).length > 0) return files
  const read: Record<string, Uint8Array<ArrayBuffer>> = {}
  for (const file of startingFiles(model)) read[file.file] = await models.read(model.id, file)
  return read
}
