/** The model families on this disk: the folders of `models/` that have a manifest. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { defaultFamily, inOrder, parseFamily, type FamilyInfo } from '../model/families'
import { parseManifest } from '../model/manifest'
import { openedParts } from '../model/opened'
import type { ModelInfo } from '../model/types'
import { UsageError } from './usage'

const MODELS = join(import.meta.dirname, '../../models')

const manifestOf = (id: string): unknown => JSON.parse(readFileSync(join(MODELS, id, 'manifest.json'), 'utf8'))

/** All families, in the order of menus; hidden ones are among them. */
export function families(): readonly FamilyInfo[] {
  const ids = readdirSync(MODELS).filter((id) => existsSync(join(MODELS, id, 'manifest.json')))
  return inOrder(ids.map((id) => parseFamily(manifestOf(id))))
}

/** The family that is taken where nobody names one. */
export const defaultModel = (): string => defaultFamily(families()).id

const isFamily = (id: string) => /^[\w-]+$/.test(id) && existsSync(join(MODELS, id, 'manifest.json'))

/** Whether somebody means a folder of their own by the name of a model. */
export const isBroughtFolder = (name: string): boolean =>
  !isFamily(name) && existsSync(name) && statSync(name).isDirectory()

/** The folder of a model that somebody named. Throws UsageError where there is none. */
export function modelFolder(id: string): string {
  if (isFamily(id)) return join(MODELS, id)
  const opened = openedParts(id)
  if (opened)
    throw new UsageError(
      `these settings are of the network “${opened.name}” (the SHA-256 of its files begins ${opened.hash}), which was opened from a folder; name that with --model FOLDER`,
    )
  const known = families().map((family) => family.id)
  throw new UsageError(`there is no model ${id} under models/, and no folder ${id}; there are ${known.join(', ')}`)
}

/** Throws UsageError for a model that is not there, and ManifestError for one that can't be used. */
export function readModel(id: string): ModelInfo {
  modelFolder(id)
  return parseManifest(manifestOf(id))
}
