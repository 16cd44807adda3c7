/** Models that a person opened, from this browser's storage into the page's list: what is kept is read once, when an address or a menu may need it. */
import { inOrder } from '../../model/families'
import { parseKept } from '../../model/kept'
import { openedParts } from '../../model/opened'
import type { ModelInfo } from '../../model/types'
import { openedModels } from '../../storage/opened-models'
import { models, setModels } from './models'

/** One that this version of the page can't read is left out, and opened anew from its file. */
function readable(json: unknown): readonly ModelInfo[] {
  try {
    return [parseKept(json)]
  } catch {
    return []
  }
}

/** What is as it was stays the same object, so that whoever runs it need not begin anew. */
function asBefore(model: ModelInfo): ModelInfo {
  const before = models.find(({ id }) => id === model.id)
  return before && JSON.stringify(before) === JSON.stringify(model) ? before : model
}

/** Reads the list anew, as after one was opened or forgotten. */
export async function readOpened(): Promise<readonly ModelInfo[]> {
  const kept = await openedModels().list()
  const found = kept.flatMap(({ model }) => readable(model)).filter(({ id }) => openedParts(id) !== null)
  const built = models.filter(({ id }) => openedParts(id) === null)
  setModels(inOrder([...built, ...found.map(asBefore)]))
  return found
}

export async function forgetOpened(id: string): Promise<void> {
  await openedModels().forget(id)
  await readOpened()
}
