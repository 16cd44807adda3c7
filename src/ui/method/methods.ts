/** The methods as the chooser lists them: in groups, with what stands in the way of each and what it would fetch. Pure. */
import type { ModelFile, ModelInfo } from '../../model/types'
import { methodGroups } from '../../guidance/index'
import { withTerm } from '../../guidance/pair'
import type { GuidanceMethod } from '../../guidance/types'
import { settingsFaults } from '../../settings'
import type { Settings } from '../../settings/types'
import { needsOf } from '../../engine/needs'
import type { Fetched } from '../engine/slice'
import { addTerm, termOf, withTermMethod } from '../equation/terms'

export interface MethodEntry {
  readonly method: GuidanceMethod
  /** Why it can't be chosen now and what to do, or null. */
  readonly reason: string | null
  /** Bytes that choosing it would fetch. */
  readonly bytes: number
}

export interface MethodGroup {
  readonly label: string
  readonly entries: readonly MethodEntry[]
}

/** What a method is, in a whole sentence. */
export function methodSentence({ kind, sentence }: GuidanceMethod): string {
  return `The ${kind === 'combiner' ? 'difference' : 'negative'} ${sentence}`
}

/** The files that a run under these settings needs, each once. */
export function filesOf(settings: Settings, model: ModelInfo): readonly ModelFile[] {
  const files = needsOf(settings, model, false).flatMap((need) => need.files)
  return [...new Map(files.map((file) => [file.sha256, file])).values()]
}

export function missingBytes(settings: Settings, model: ModelInfo, fetched: Fetched): number {
  return filesOf(settings, model).reduce((sum, { sha256, bytes }) => sum + (fetched.has(sha256) ? 0 : bytes), 0)
}

/** Why the settings can't run, a sentence for each fault; empty where they can. */
export function settingsRefusals(settings: Settings, model: ModelInfo): readonly string[] {
  const faults = settingsFaults(settings, model)
  return faults.length > 0 ? faults.map(({ why }) => why) : unservable(settings, model)
}

/** What only shows when the weights are asked for, such as an average that was never stored. */
function unservable(settings: Settings, model: ModelInfo): readonly string[] {
  try {
    filesOf(settings, model)
    return []
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return [`These weights can’t be had: ${error.message}.`]
  }
}

function entryOf(
  method: GuidanceMethod,
  settings: Settings,
  at: number,
  model: ModelInfo,
  fetched: Fetched,
): MethodEntry {
  const unavailable = method.unavailable(model)
  if (unavailable !== null) return { method, reason: unavailable, bytes: 0 }
  const chosen =
    at > settings.stack.length ? addTerm(settings, method.id, model) : withTermMethod(settings, at, method.id, model)
  const view = at === 0 ? chosen : withTerm(chosen, termOf(chosen, at))
  const reason = method.refuses?.(view, model) ?? unservable(chosen, model)[0] ?? null
  return { method, reason, bytes: reason === null ? missingBytes(chosen, model, fetched) : 0 }
}

/**
 * What term `at` can become, in groups; one beyond the stack is a term to be added. Only the first term can be nothing, or
 * follow a combiner. Groups without a method are left out.
 */
export function chooserGroups(
  settings: Settings,
  at: number,
  model: ModelInfo,
  fetched: Fetched,
): readonly MethodGroup[] {
  return methodGroups
    .map(({ label, methods }) => ({
      label,
      entries: methods
        .filter(({ kind }) => at === 0 || kind === 'negative')
        .map((method) => entryOf(method, settings, at, model, fetched)),
    }))
    .filter(({ entries }) => entries.length > 0)
}
