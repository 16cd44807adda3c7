/** Chosen seeds: the one of a class, where Next goes from it, and when what is known of all seeds may be said. Pure. */
import type { ModelInfo, SeedShares } from '../../model/types'
import { OWN, parsePreset, sameSettings } from '../../settings'
import type { Settings } from '../../settings/types'

/** The seed that was chosen for a class; null where none was. */
export function chosenSeed(label: number | null, { chosen }: ModelInfo): number | null {
  return label === null ? null : (chosen?.classes[label]?.seed ?? null)
}

/** From a chosen seed to the first one of all, and from there one by one: nobody has looked at what comes. */
export function seedAfter(seed: number, chosen: number | null): number {
  if (seed !== chosen) return (seed + 1) % (OWN.seed.max + 1)
  return chosen === 1 ? 2 : 1
}

/** What seeds were chosen with, in the settings' class, seed and number of images. */
function chosenWith({ class: label, seed, samples }: Settings, model: ModelInfo): Settings | null {
  if (!model.chosen) return null
  const result = parsePreset({ ...model.chosen.preset, class: label ?? 'none', seed, samples }, model)
  return result.ok ? result.settings : null
}

/** On which share of all seeds guidance helps and harms: of the class, and of all. Null under settings with which that was not counted. */
export function sharesWith(
  settings: Settings,
  model: ModelInfo,
): { readonly ofClass: SeedShares; readonly ofAll: SeedShares } | null {
  const { chosen } = model
  const ofClass = settings.class === null ? undefined : chosen?.classes[settings.class]
  const counted = chosenWith(settings, model)
  return chosen && ofClass && counted && sameSettings(settings, counted) ? { ofClass, ofAll: chosen } : null
}
