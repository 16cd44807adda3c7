/** Puts an opened model where it stays, with the worse networks that were brought beside it when it was opened before. */
import { startingFiles } from '../../../engine/recipe'
import { keptOf, parseKept } from '../../../model/kept'
import { filesOf } from '../../../model/manifest'
import type { ModelInfo, NetworkInfo } from '../../../model/types'
import type { KeptModel, OpenedModels, Place } from '../../../storage/opened-models'
import type { OpenedModel } from '../../../worker/opener/messages'

/** What a network is asked by: a second one was tried in these words, and answered. */
const words = ({ inputs, output, image, prediction, schedule, sigma, conditioning, fixedRows }: ModelInfo) =>
  JSON.stringify([inputs, output, image, prediction, schedule, sigma, conditioning, fixedRows])

interface Before {
  readonly seconds: readonly NetworkInfo[]
  readonly manifest: unknown
}

/** Second networks that stay: those of the same model, as long as it is asked as before. */
function beside(model: ModelInfo, kept: KeptModel | undefined): Before {
  const none = { seconds: [], manifest: null }
  if (!kept) return none
  try {
    const before = parseKept(kept.model)
    if (words(before) !== words(model)) return none
    return { seconds: before.networks.filter(({ role }) => role === 'second'), manifest: kept.manifest }
  } catch {
    return none
  }
}

const listed = (manifest: unknown) =>
  typeof manifest === 'object' && manifest !== null && 'networks' in manifest ? { networks: manifest.networks } : {}

/** The model as it is kept, and where. Rejects where the list of those that are kept can't be read. */
export async function keepOpened(
  models: OpenedModels,
  { model, manifest, files }: Pick<OpenedModel, 'model' | 'manifest' | 'files'>,
  onProgress: (done: number, total: number) => void,
): Promise<Place> {
  const { seconds, manifest: shared } = beside(
    model,
    (await models.list()).find(({ id }) => id === model.id),
  )
  const all = { ...model, networks: [...model.networks, ...seconds] }
  const hashes = new Map(startingFiles(model).map(({ file, sha256 }) => [file, sha256]))
  const bytes = Object.fromEntries(
    Object.entries(files).flatMap(([name, one]) => {
      const hash = hashes.get(name)
      return hash === undefined ? [] : [[hash, one] as const]
    }),
  )
  const record = { id: model.id, model: keptOf(all), manifest: { ...manifest, ...listed(shared) } }
  const stays = filesOf(all).map(({ sha256 }) => sha256)
  return models.keep(record, bytes, onProgress, stays)
}
