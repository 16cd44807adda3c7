/**
 * `npm run starts -- MODEL`: writes where methods start on a model into its manifest: each at what was measured to be its best
 * (`evaluation.json`), for images of a class and for those of none. A method that was not measured starts where its metadata says.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parsePublished, type Published } from '../evaluation/published'
import { isGuided } from '../guidance'
import type { ModelInfo, Start } from '../model/types'
import { startOf } from '../settings'
import { modelFolder, readModel } from './models'
import { runCommand, UsageError } from './usage'

const HELP = 'Usage: npm run starts -- MODEL'

/** Rows of more images first: a gain on few is known less well. Of as many, how much better than no guidance at as many images; distances themselves fall with their number. */
function byTrust(a: Published, b: Published): number {
  return b.images - a.images || (a.against?.value ?? Infinity) - (b.against?.value ?? Infinity)
}

function best(rows: readonly Published[], model: ModelInfo): Record<string, Start> {
  const starts: Record<string, Start> = {}
  for (const row of [...rows].sort(byTrust)) {
    const start = startOf(row.settings, model)
    if (start) starts[row.settings.method] ??= start
  }
  return Object.fromEntries(Object.entries(starts).sort(([a], [b]) => (a < b ? -1 : 1)))
}

export function startsOf(evaluation: unknown, model: ModelInfo): ModelInfo['starts'] {
  // At s < 0 a method is turned round: what is measured there is not where it starts.
  const rows = parsePublished(evaluation, model).filter(
    ({ settings, against }) => isGuided(settings) && settings.scale > 0 && against !== null,
  )
  return {
    class: best(
      rows.filter(({ settings }) => settings.class !== null),
      model,
    ),
    none: best(
      rows.filter(({ settings }) => settings.class === null),
      model,
    ),
  }
}

export async function starts([id, ...rest]: readonly string[]): Promise<string> {
  if (id === undefined || rest.length > 0) throw new UsageError(HELP)
  const model = readModel(id)
  if (model.evaluation === null) throw new UsageError(`the manifest of ${id} names no evaluation`)
  const folder = modelFolder(id)
  const json = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as unknown
  const manifest = json('manifest.json')
  if (typeof manifest !== 'object' || manifest === null) throw new UsageError(`the manifest of ${id} is no object`)
  const found = startsOf(json(model.evaluation), model)
  writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify({ ...manifest, starts: found }, null, 2)}\n`)
  return `${id}: ${Object.keys(found.class).length} methods start where they were best, ${Object.keys(found.none).length} without a class`
}

if (process.argv[1]?.endsWith('starts.ts')) await runCommand(starts)
