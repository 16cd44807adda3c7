/** Settings that were measured, as what a manifest says about where their method starts. */
import type { ModelInfo, Start } from '../model/types'
import { defaultSettings, requireMethod, withoutStarts } from './defaults'
import { termEntries } from './preset'
import { TERM_KEYS } from './table'
import type { Settings } from './types'

/** Numbers, words and lists are all that a manifest holds. */
const isStart = (value: unknown): value is Start[string] =>
  ['number', 'string', 'boolean'].includes(typeof value) || (Array.isArray(value) && value.every(isStart))

/**
 * Scale and layers, and what else differs from where the method starts by itself; null for settings that nobody comes to by
 * choosing the method: another network, or more than one negative.
 */
export function startOf(settings: Settings, model: ModelInfo): Start | null {
  const bare = defaultSettings(withoutStarts(model), settings.method, settings.class)
  if (settings.network !== bare.network || settings.ema !== null || settings.stack.length > 0) return null
  const standard = new Map(termEntries(bare))
  // What a method borrows starts where its lender does.
  const own = new Set<string>([...TERM_KEYS, ...requireMethod(settings.method).parameters.map(({ key }) => key)])
  const start: Record<string, Start[string]> = {}
  for (const [key, value] of termEntries(settings)) {
    const same = JSON.stringify(value) === JSON.stringify(standard.get(key))
    if (!own.has(key) || (same && key !== 'scale' && key !== 'layers') || !isStart(value)) continue
    start[key] = value
  }
  return start
}
