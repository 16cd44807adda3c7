/** A second, worse network beside a model that is kept: brought, taken away, and which models a graph could be one for. */
import { disagreement } from '../../../engine/opened/agreement'
import { keptOf, parseKept } from '../../../model/kept'
import { filesOf } from '../../../model/manifest'
import { openedParts } from '../../../model/opened'
import type { ModelInfo, NetworkInfo } from '../../../model/types'
import { withoutSecond } from '../../../engine/opened/networks'
import type { KeptModel, OpenedModels } from '../../../storage/opened-models'
import type { Opener } from '../../../worker/opener/client'
import { type BroughtFile, graphsOf } from '../../../worker/opener/files'
import type { Looked } from '../../../worker/opener/messages'
import type { Watch } from './task'

interface Parts {
  readonly opener: Pick<Opener, 'add'>
  readonly models: OpenedModels
}

async function keptModel(models: OpenedModels, id: string) {
  const kept = (await models.list()).find((one) => one.id === id)
  if (!kept) throw new Error('The first model is not in this browser any more: open it again.')
  return { kept, model: parseKept(kept.model) }
}

const hashesOf = (model: ModelInfo) => filesOf(model).map(({ sha256 }) => sha256)

/**
 * Adds a network to a kept model. `graph`: its path among the files; null: the first among them, or where there is none `original`, whose
 * weights the files then are. Rejects with a sentence.
 */
export async function addSecond(
  { opener, models }: Parts,
  { id, files, graph, original }: SecondAsked,
  watch: Watch,
): Promise<void> {
  const { kept, model } = await keptModel(models, id)
  const own = graph ?? graphsOf(files)[0]?.path
  const path = own ?? original?.path
  if (path === undefined)
    throw new Error('None of these files is a graph: choose the .onnx file of the worse network, too.')
  const { conditioning } = model
  const told = conditioning.kind === 'text' ? [conditioning.embeddings] : []
  const data = Object.fromEntries(
    await Promise.all(told.map(async (file) => [file.file, await models.read(id, file)] as const)),
  )
  const all = original && own === undefined ? [original, ...files] : files
  const manifest = Object.fromEntries(Object.entries(kept.manifest ?? {}))
  const added = await opener.add({ files: all, graph: path, model, manifest, data }, watch)
  const bytes = filesOf(added.model).flatMap(({ file, sha256 }) =>
    added.files[file] ? [[sha256, added.files[file]] as const] : [],
  )
  const next = { id, model: keptOf(added.model), manifest: added.manifest }
  await models.change(next, Object.fromEntries(bytes), hashesOf(model))
}

export interface SecondAsked {
  readonly id: string
  readonly files: readonly BroughtFile[]
  readonly graph: string | null
  readonly original: BroughtFile | null
}

/** Takes a second network away from a kept model. */
export async function dropSecond(models: OpenedModels, id: string, second: string): Promise<void> {
  const { kept, model } = await keptModel(models, id)
  const left = withoutSecond(model, second)
  const manifest = withoutSecond(Object.fromEntries(Object.entries(kept.manifest ?? {})), second)
  await models.change({ id, model: keptOf(left), manifest }, {}, hashesOf(left))
}

/** Second networks of a kept model; none of one that can't be read. */
export function worseOf({ model }: Pick<KeptModel, 'model'>): readonly NetworkInfo[] {
  try {
    return parseKept(model).networks.filter(({ role }) => role === 'second')
  } catch {
    return []
  }
}

/** Kept models that are asked as this graph is, so that it may be a worse one beside them. */
export function couldBeBeside({ look }: Pick<Looked, 'look'>, kept: readonly KeptModel[]): readonly ModelInfo[] {
  return kept.flatMap(({ id, model }) => {
    try {
      const first = parseKept(model)
      return openedParts(id) && disagreement(look, first) === null ? [first] : []
    } catch {
      return []
    }
  })
}
