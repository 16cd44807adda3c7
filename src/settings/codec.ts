/**
 * Settings in and out: preset files (JSON) and links (the part after `#`). One table of fields serves both, strictly for
 * files (the first fault is an error) and leniently for links (a fault is reported and its default used).
 */
import type { ModelInfo } from '../engine/types'
import { methodById, methods } from '../guidance'
import type { GuidanceMethod, Parameter } from '../guidance/types'
import type { ParameterValue, Settings, Solver } from './types'

/**
 * Version of the link format; a link of another version is refused with a word on why. Links leave defaults out, so a
 * default that changes is another version too (a test holds the defaults of this one).
 */
export const LINK_VERSION = 1

export const LIMITS = {
  scale: { min: 0, max: 20 },
  seed: { min: 0, max: 2 ** 32 - 1 },
  samples: { min: 1, max: 9 },
  steps: { min: 2, max: 64 },
} as const

export const DEFAULT_MODEL = 'avatars'
export const DEFAULT_METHOD = 'pag'
const SOLVERS: readonly Solver[] = ['euler', 'heun']

/** What is wrong with a value, as the rest of a sentence that begins with its key. */
class Fault extends Error {}

export type PresetResult = { readonly ok: true; readonly settings: Settings } | { readonly ok: false; readonly problem: string }

/** Text of a value in an error, short and on one line. */
function shown(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value))
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}

const numberText = (value: number) => (value === Infinity ? 'infinity' : String(value))

function asNumber(value: unknown, min: number, max: number): number {
  const number = value === 'inf' ? Infinity : value
  if (typeof number !== 'number' || Number.isNaN(number)) throw new Fault(`must be a number, not ${shown(value)}`)
  if (number < min || number > max) {
    const range = max === Infinity ? `at least ${numberText(min)}, or "inf"` : `between ${numberText(min)} and ${numberText(max)}`
    throw new Fault(`must be ${range}, not ${shown(value)}`)
  }
  return number
}

function asInteger(value: unknown, { min, max }: { readonly min: number; readonly max: number }): number {
  const number = asNumber(value, min, max)
  if (!Number.isInteger(number)) throw new Fault(`must be a whole number, not ${shown(value)}`)
  return number
}

function asClass(value: unknown, model: ModelInfo): number {
  const { classes } = model.conditioning
  if (typeof value === 'string') {
    const index = classes.findIndex(({ name }) => name.toLowerCase() === value.toLowerCase())
    if (index < 0) throw new Fault(`must be one of ${classes.map(({ name }) => name).join(', ')} or an index, not ${shown(value)}`)
    return index
  }
  return asInteger(value, { min: 0, max: classes.length - 1 })
}

function asLayers(value: unknown, model: ModelInfo): 'all' | readonly number[] {
  if (value === 'all') return 'all'
  if (!Array.isArray(value)) throw new Fault(`must be "all" or a list of layers, not ${shown(value)}`)
  const chosen = value.map((entry: unknown) => {
    if (typeof entry === 'string') {
      const layer = model.layers.find(({ name }) => name === entry)
      if (!layer) throw new Fault(`has no layer ${shown(entry)}; the layers are ${model.layers.map(({ name }) => name).join(', ')}`)
      return layer.index
    }
    if (typeof entry !== 'number' || !model.layers.some(({ index }) => index === entry)) {
      throw new Fault(`has no layer ${shown(entry)}; the layers are 0 to ${model.layers.length - 1}`)
    }
    return entry
  })
  const ascending = [...new Set(chosen)].sort((a, b) => a - b)
  return ascending.length === model.layers.length ? 'all' : ascending
}

function asWindow(value: unknown): readonly [number, number] {
  if (!Array.isArray(value) || value.length !== 2) throw new Fault(`must be [low, high] in sigma, not ${shown(value)}`)
  const low = asNumber(value[0], 0, Infinity)
  const high = asNumber(value[1], 0, Infinity)
  if (low >= high) throw new Fault(`must rise from low to high, not ${shown(value)}`)
  return [low, high]
}

function asParameter(value: unknown, parameter: Parameter): ParameterValue {
  switch (parameter.kind) {
    case 'number':
      return asNumber(value, parameter.min, parameter.max)
    case 'choice':
      if (typeof value !== 'string' || !parameter.choices.some((choice) => choice.value === value)) {
        throw new Fault(`must be one of ${parameter.choices.map((choice) => choice.value).join(', ')}, not ${shown(value)}`)
      }
      return value
    case 'flag':
      if (typeof value !== 'boolean') throw new Fault(`must be true or false, not ${shown(value)}`)
      return value
    default:
      return parameter satisfies never
  }
}

type CoreKey = Exclude<keyof Settings, 'model' | 'method' | 'parameters'>

/** The settings besides model, method and the method's parameters, in the order in which they are written. */
const CORE: { readonly [K in CoreKey]: (value: unknown, model: ModelInfo) => Settings[K] } = {
  scale: (value) => asNumber(value, LIMITS.scale.min, LIMITS.scale.max),
  class: asClass,
  seed: (value) => asInteger(value, LIMITS.seed),
  samples: (value) => asInteger(value, LIMITS.samples),
  steps: (value) => asInteger(value, LIMITS.steps),
  solver: (value) => {
    const solver = SOLVERS.find((name) => name === value)
    if (!solver) throw new Fault(`must be one of ${SOLVERS.join(', ')}, not ${shown(value)}`)
    return solver
  },
  layers: asLayers,
  window: asWindow,
}
const CORE_KEYS = Object.keys(CORE) as readonly CoreKey[]

/** The method of the given id. Throws RangeError for an id that does not exist. */
function requireMethod(id: string): GuidanceMethod {
  const method = methodById(id)
  if (!method) throw new RangeError(`there is no guidance method ${shown(id)}`)
  return method
}

function defaultsOf(model: ModelInfo, method: GuidanceMethod): Settings {
  return {
    model: model.id,
    method: method.id,
    scale: method.scale.default,
    class: 0,
    seed: 1,
    samples: 1,
    steps: 16,
    solver: 'euler',
    layers: method.layers?.default(model) ?? 'all',
    window: [0, Infinity],
    parameters: Object.fromEntries(method.parameters.map(({ key, default: value }) => [key, value])),
  }
}

/** Complete settings of a model and method. Throws RangeError for a method that does not exist. */
export function defaultSettings(model: ModelInfo, method: string = DEFAULT_METHOD): Settings {
  return defaultsOf(model, requireMethod(method))
}

/** The same wish under another method: what both understand is kept, the rest takes the new method's defaults. */
export function withMethod(settings: Settings, method: string, model: ModelInfo): Settings {
  const defaults = defaultSettings(model, method)
  const { class: label, seed, samples, steps, solver, window } = settings
  return { ...defaults, class: label, seed, samples, steps, solver, window }
}

/** Reads a record of raw values; calls `fault` for each key that can't be understood and goes on with its default. */
function read(raw: Readonly<Record<string, unknown>>, model: ModelInfo, fault: (text: string) => void): Settings {
  const attempt = <T>(key: string, parse: () => T, otherwise: T): T => {
    try {
      return parse()
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      fault(`${key} ${error.message}`)
      return otherwise
    }
  }
  if (raw.model !== undefined && raw.model !== model.id) fault(`model must be "${model.id}", not ${shown(raw.model)}`)
  let method = requireMethod(DEFAULT_METHOD)
  if (raw.method !== undefined) {
    const named = typeof raw.method === 'string' ? methodById(raw.method) : undefined
    if (named) method = named
    else fault(`method must be one of ${methods.map(({ id }) => id).join(', ')}, not ${shown(raw.method)}`)
  }
  const why = method.unavailable(model)
  if (why !== null) fault(`method ${method.id}: ${why}`)
  const defaults = defaultsOf(model, method)
  const core: Record<string, unknown> = {}
  const parameters: Record<string, ParameterValue> = { ...defaults.parameters }
  for (const [key, value] of Object.entries(raw)) {
    if (key === 'model' || key === 'method') continue
    const coreKey = CORE_KEYS.find((name) => name === key)
    const parameter = method.parameters.find((candidate) => candidate.key === key)
    if (coreKey) core[coreKey] = attempt<unknown>(key, () => CORE[coreKey](value, model), defaults[coreKey])
    else if (parameter) parameters[key] = attempt(key, () => asParameter(value, parameter), parameter.default)
    else if (methods.some((other) => other.parameters.some((candidate) => candidate.key === key))) {
      fault(`${key} is not a setting of method ${method.id}`)
    } else fault(`${shown(key)} is not a setting`)
  }
  return { ...defaults, ...core, parameters }
}

/** The model that a preset asks for. */
export function presetModel(preset: unknown): string {
  const model = typeof preset === 'object' && preset !== null && 'model' in preset ? preset.model : undefined
  return typeof model === 'string' ? model : DEFAULT_MODEL
}

/** Reads a preset strictly: a missing key takes its default, an unknown key or a value out of range is an error. */
export function parsePreset(preset: unknown, model: ModelInfo): PresetResult {
  if (typeof preset !== 'object' || preset === null || Array.isArray(preset)) {
    return { ok: false, problem: 'a preset must be a JSON object such as {"method": "pag", "scale": 1.5}' }
  }
  const faults: string[] = []
  const settings = read({ ...preset }, model, (text) => faults.push(text))
  return faults[0] === undefined ? { ok: true, settings } : { ok: false, problem: faults[0] }
}

/** Infinity as "inf", which JSON and links can carry. */
function plain(value: unknown): unknown {
  if (value === Infinity) return 'inf'
  return Array.isArray(value) ? value.map(plain) : value
}

/** A complete preset: every key that the settings have, defaults included. */
export function toPreset(settings: Settings): Record<string, unknown> {
  const method = requireMethod(settings.method)
  const entries: [string, unknown][] = [['model', settings.model], ['method', settings.method]]
  for (const key of CORE_KEYS) if (key !== 'layers' || method.layers) entries.push([key, plain(settings[key])])
  for (const { key } of method.parameters) entries.push([key, plain(settings.parameters[key])])
  return Object.fromEntries(entries)
}

function linkText(value: unknown): string {
  return Array.isArray(value) ? value.map(linkText).join('_') : String(plain(value))
}

/** Same settings? By value. */
export function sameSettings(a: Settings, b: Settings): boolean {
  return JSON.stringify(toPreset(a)) === JSON.stringify(toPreset(b))
}

/** Tells the weights that a link was made with, so that one made with others can say so. */
const weightsTag = (model: ModelInfo) => model.weights.sha256.slice(0, 8)

/** The link's hash, without `#`: the version, each setting that is not the default, and a tag of the weights. */
export function encodeLink(settings: Settings, model: ModelInfo): string {
  const defaults = toPreset(defaultSettings(model, settings.method))
  const parts = [`v=${LINK_VERSION}`]
  for (const [key, value] of Object.entries(toPreset(settings))) {
    const isDefault = key === 'model' ? value === DEFAULT_MODEL : key === 'method' ? false : linkText(value) === linkText(defaults[key])
    if (!isDefault) parts.push(`${key}=${encodeURIComponent(linkText(value))}`)
  }
  return [...parts, `weights=${weightsTag(model)}`].join('&')
}

/** A link's text as the value that a preset would hold; each key's own parser judges it afterwards. */
function fromLinkText(key: string, text: string): unknown {
  const scalar = (part: string): unknown => (/^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(part) ? Number(part) : part)
  if (text === 'true' || text === 'false') return text === 'true'
  if (key === 'layers' && text === '') return []
  return (key === 'layers' && text !== 'all') || key === 'window' ? text.split('_').map(scalar) : scalar(text)
}

function splitLink(hash: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(hash.replace(/^#/, '')))
}

/** The model that a link asks for. */
export function linkModel(hash: string): string {
  return splitLink(hash).model ?? DEFAULT_MODEL
}

export interface DecodedLink {
  readonly settings: Settings
  /** Each part that was not understood and was replaced by its default. */
  readonly problems: readonly string[]
  /** What was understood and is still worth saying. */
  readonly notes: readonly string[]
}

/** Reads a link leniently: never throws, whatever it holds. */
export function decodeLink(hash: string, model: ModelInfo): DecodedLink {
  const { v, weights, ...parts } = splitLink(hash)
  const problems: string[] = []
  if (v !== undefined && v !== String(LINK_VERSION)) {
    return { settings: defaultSettings(model), problems: [`v=${v}: this page reads links of version ${LINK_VERSION} only`], notes: [] }
  }
  const notes =
    weights !== undefined && weights !== weightsTag(model) ? ['This link was made with other weights of the model, so its images were not quite these.'] : []
  const raw = Object.fromEntries(Object.entries(parts).map(([key, text]) => [key, fromLinkText(key, text)]))
  return { settings: read(raw, model, (text) => problems.push(text)), problems, notes }
}
