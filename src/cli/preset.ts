/** Finds the settings that a person means: a preset file, or a link copied from the page, and flags in the place of some of its keys. */
import { existsSync, readFileSync } from 'node:fs'
import { meansModel } from '../model/opened'
import type { ModelInfo } from '../model/types'
import {
  COMMON_FLAGS,
  decodeLink,
  FLAG_KEYS,
  hashOf,
  isLink,
  linkModel,
  linkParts,
  parsePreset,
  presetModel,
  presetOfFlags,
  toPreset,
  withFlags,
} from '../settings'
import type { Settings } from '../settings/types'
import { readSettingsFile } from '../storage/settings-file'
import { defaultModel, families, isBroughtFolder } from './models'
import { UsageError } from './usage'

export interface PresetSource {
  readonly model: string
  /** Whether it names a class. A link that leaves the class out does not, though it means the default one. */
  readonly fixesClass: boolean
  /** What it says, flags in force; not judged yet. Throws UsageError for a link that can't be understood. */
  preset(model: ModelInfo): unknown
  /** Throws UsageError for what can't be understood, or can't run. */
  settings(model: ModelInfo): Settings
}

type Raw = Readonly<Record<string, unknown>>

/** What a preset file or a link says; how a link reads depends on the model. */
interface Said {
  readonly model: string | null
  readonly fixesClass: boolean
  preset(model: ModelInfo): unknown
}

function fromLink(link: string): Said {
  const hash = hashOf(link)
  return {
    model: linkModel(hash, families()),
    fixesClass: Object.hasOwn(linkParts(hash), 'class'),
    preset(model) {
      const { settings, problems, notes } = decodeLink(hash, model)
      for (const note of notes) console.error(note)
      if (problems[0] !== undefined) throw new UsageError(problems[0])
      return toPreset(settings)
    },
  }
}

function bytesOf(file: string): Uint8Array {
  if (!existsSync(file)) throw new UsageError(`there is no preset file ${file}`)
  try {
    return readFileSync(file)
  } catch (error) {
    throw new UsageError(`${file} can't be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function fromFile(file: string): Said {
  const found = readSettingsFile(bytesOf(file))
  switch (found.kind) {
    case 'link':
      return fromLink(found.link)
    case 'fault':
      throw new UsageError(`${file}: ${found.why}`)
    case 'preset': {
      const { preset } = found
      const fixesClass = typeof preset === 'object' && preset !== null && 'class' in preset
      return { model: presetModel(preset), fixesClass, preset: () => preset }
    }
    default:
      return found satisfies never
  }
}

const isRecord = (value: unknown): value is Raw => typeof value === 'object' && value !== null && !Array.isArray(value)

/** `given`: the command's `--preset`, if there is one; `flags`: as `presetOfFlags` reads them. */
export function openPreset(given: string | undefined, flags: Raw): PresetSource {
  const link = given !== undefined && isLink(given)
  const none: Said = { model: null, fixesClass: false, preset: () => ({}) }
  const said = given === undefined ? none : link ? fromLink(given) : fromFile(given)
  const wanted = presetModel(flags)
  const brought = wanted !== null && isBroughtFolder(wanted)
  const named = (model: ModelInfo): unknown => {
    const preset = said.preset(model)
    const made = presetModel(preset)
    if (brought && made !== null && !meansModel(made, model.id))
      console.error(`the settings were made with ${made}, and ${wanted} is ${model.id}`)
    const whole = isRecord(preset) ? withFlags(preset, flags) : preset
    // A folder of one's own goes before what a preset or a link was made with.
    return isRecord(whole) && brought ? { ...whole, model: model.id } : whole
  }
  return {
    model: wanted ?? said.model ?? defaultModel(),
    fixesClass: said.fixesClass || 'class' in flags,
    preset: named,
    settings(model) {
      const result = parsePreset(named(model), model)
      if (!result.ok) throw new UsageError(result.problem)
      return result.settings
    },
  }
}

/** The settings among a command's values. Those of `own` belong to the command, although settings have the same name. */
export function settingFlags(values: Raw, own: readonly string[] = []): Raw {
  return presetOfFlags(Object.fromEntries(Object.entries(values).filter(([key]) => !own.includes(key))))
}

/** The flags of the settings, as options of `parseArgs`. */
export const SETTING_OPTIONS: Readonly<Record<string, { readonly type: 'string' }>> = Object.fromEntries(
  FLAG_KEYS.map((key) => [key, { type: 'string' }]),
)

const WIDTH = 100

/** Breaks a text into lines, and indents them from the second one on. */
function wrapped(text: string, indent: string): string {
  const lines: string[] = ['']
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!
    if (line.length + word.length > WIDTH) lines.push(word)
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`
  }
  return lines.join(`\n${indent}`)
}

/** Help on the keys that presets and flags share, without the command’s `own`. */
export function settingsHelp(own: readonly string[] = []): string {
  const indent = ' '.repeat(15)
  return COMMON_FLAGS.filter(({ key }) => !own.includes(key))
    .map(({ key, help }) => `  --${key.padEnd(11)} ${wrapped(help, indent)}`)
    .join('\n')
}
