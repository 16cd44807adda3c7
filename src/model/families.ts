/** The model families to choose from, in order: what each manifest says of itself to people. Pure: the caller brings the manifests. */
import { ManifestError, parseFamilyEntry } from './manifest'
import type { ModelInfo } from './types'

/** The part of a model that menus and links need. */
export type FamilyInfo = Pick<ModelInfo, 'id' | 'name' | 'family'>

/** The family that a manifest describes; its entries `id`, `name` and `family` are enough. Throws ManifestError. */
export function parseFamily(manifest: unknown): FamilyInfo {
  if (typeof manifest !== 'object' || manifest === null || !('id' in manifest && 'name' in manifest))
    throw new ManifestError('manifest.json: has no id or no name')
  const { id, name } = manifest
  if (typeof id !== 'string' || typeof name !== 'string')
    throw new ManifestError('manifest.json: id and name must be texts')
  return { id, name, family: parseFamilyEntry(id, 'family' in manifest ? manifest.family : undefined) }
}

/** In the order of menus, hidden ones included. */
export function inOrder<T extends FamilyInfo>(families: readonly T[]): readonly T[] {
  return [...families].sort((a, b) => a.family.order - b.family.order || (a.id < b.id ? -1 : 1))
}

/** Those that people choose from, in the order of menus. */
export function shownFamilies<T extends FamilyInfo>(families: readonly T[]): readonly T[] {
  return inOrder(families.filter(({ family }) => !family.hidden))
}

/** The family where nobody names one: the first that is shown. Throws RangeError where there is none. */
export function defaultFamily<T extends FamilyInfo>(families: readonly T[]): T {
  const [first] = shownFamilies(families)
  if (!first) throw new RangeError('no model family is there to choose: models/*/manifest.json are all hidden')
  return first
}
