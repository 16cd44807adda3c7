/**
 * Settings in and out: preset files (JSON) and links (the part after `#`). One table of fields serves both, strictly for
 * files (the first fault is an error) and leniently for links (a fault is reported and its default used).
 */
import type { ModelInfo } from '../model/types'
import { methodById, methods, negativeMethodOf, parametersOf, refusal } from '../guidance'
import { finestDecoderLayers } from '../guidance/layers'
import { needsAverages, needsNull, networkById, unconditionalNetwork } from '../guidance/networks'
import { withTerm } from '../guidance/pair'
import type { GuidanceMethod, Parameter } from '../guidance/types'
import type { ParameterValue, Settings, Solver, Term } from './types'

/**
 * Version of the link format. Links leave defaults out, so a default that changes is another version too (a test holds the
 * defaults of this one). Links of version 1 are read with the defaults of their time; others are refused with a word on why.
 */
export const LINK_VERSION = 2

export const LIMITS = {
  scale: { min: 0, max: 20 },
  seed: { min: 0, max: 2 ** 32 - 1 },
  samples: { min: 1, max: 9 },
  steps: { min: 2, max: 64 },
  rescale: { min: 0, max: 1 },
  /** σ_rel; a power function average has less than 12^(−1/2). */
  ema: { min: 0.02, max: 0.25 },
  /** Negatives beside the first. */
  stack: 4,
} as const

export const DEFAULT_MODEL = 'avatars'
export const DEFAULT_METHOD = 'pag'
const SOLVERS: readonly Solver[] = ['euler', 'heun']

type Raw = Readonly<Record<string, unknown>>
type Values = Readonly<Record<string, ParameterValue>>

/** What is wrong with a value, as the rest of a sentence that begins with its key. */
class Fault extends Error {}

export type PresetResult =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly problem: string }

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
    const range =
      max === Infinity ? `at least ${numberText(min)}, or "inf"` : `between ${numberText(min)} and ${numberText(max)}`
    throw new Fault(`must be ${range}, not ${shown(value)}`)
  }
  return number
}

function asInteger(value: unknown, { min, max }: { readonly min: number; readonly max: number }): number {
  const number = asNumber(value, min, max)
  if (!Number.isInteger(number)) throw new Fault(`must be a whole number, not ${shown(value)}`)
  return number
}

function asClass(value: unknown, model: ModelInfo): number | null {
  if (value === null || value === 'none') return null
  const { classes } = model.conditioning
  if (typeof value === 'string') {
    const index = classes.findIndex(({ name }) => name.toLowerCase() === value.toLowerCase())
    if (index < 0)
      throw new Fault(
        `must be one of ${classes.map(({ name }) => name).join(', ')}, an index, or none, not ${shown(value)}`,
      )
    return index
  }
  return asInteger(value, { min: 0, max: classes.length - 1 })
}

function asLayer(value: unknown, { layers }: ModelInfo): number {
  if (typeof value === 'string') {
    const layer = layers.find(({ name }) => name === value)
    if (!layer)
      throw new Fault(`has no layer ${shown(value)}; the layers are ${layers.map(({ name }) => name).join(', ')}`)
    return layer.index
  }
  const index = layers.find((layer) => layer.index === value)?.index
  if (index === undefined) throw new Fault(`has no layer ${shown(value)}; the layers are 0 to ${layers.length - 1}`)
  return index
}

function asLayers(value: unknown, model: ModelInfo): 'all' | readonly number[] {
  if (value === 'all') return 'all'
  if (!Array.isArray(value)) throw new Fault(`must be "all" or a list of layers, not ${shown(value)}`)
  const chosen = value.map((entry: unknown) => asLayer(entry, model))
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

function asNetwork(value: unknown, ids: readonly string[]): string {
  const id = ids.find((name) => name === value)
  if (id === undefined)
    throw new Fault(
      ids.length > 0
        ? `must be one of ${ids.join(', ')}, not ${shown(value)}`
        : 'can’t be chosen: this model has no such network',
    )
  return id
}

/** A weight average's length, or null for the weights as shipped. */
function asEma(value: unknown): number | null {
  return value === null || value === 'stored' ? null : asNumber(value, LIMITS.ema.min, LIMITS.ema.max)
}

function asParameter(value: unknown, parameter: Parameter, model: ModelInfo): ParameterValue {
  switch (parameter.kind) {
    case 'number': {
      const number = asNumber(value, parameter.min, parameter.max)
      if (parameter.whole && !Number.isInteger(number)) throw new Fault(`must be a whole number, not ${shown(value)}`)
      return number
    }
    case 'choice':
      if (typeof value !== 'string' || !parameter.choices.some((choice) => choice.value === value)) {
        throw new Fault(
          `must be one of ${parameter.choices.map((choice) => choice.value).join(', ')}, not ${shown(value)}`,
        )
      }
      return value
    case 'flag':
      if (typeof value !== 'boolean') throw new Fault(`must be true or false, not ${shown(value)}`)
      return value
    case 'network':
      // A model without such a network has nothing to name.
      if (value === '' && parameter.default(model) === '') return ''
      return asNetwork(
        value,
        model.networks.filter((network) => parameter.among(network, model)).map(({ id }) => id),
      )
    case 'layer':
      return asLayer(value, model)
    case 'ema':
      return asEma(value) ?? 'stored'
    default:
      return parameter satisfies never
  }
}

/** The value that a parameter has on this model, for images of this class, unless somebody chooses another. */
function parameterDefault(parameter: Parameter, model: ModelInfo, label: number | null): ParameterValue {
  switch (parameter.kind) {
    case 'network':
      return parameter.default(model, label)
    case 'layer':
      return parameter.default(model)
    case 'choice':
      return typeof parameter.default === 'string' ? parameter.default : parameter.default(model)
    default:
      return parameter.default
  }
}

/** A method's parameters, those that it borrows included, each by `read`: its own first, since they decide what it borrows. */
function parametersBy(
  method: GuidanceMethod,
  read: (parameter: Parameter) => ParameterValue,
): Record<string, ParameterValue> {
  const values: Record<string, ParameterValue> = {}
  const collect = (lender: GuidanceMethod) => {
    for (const parameter of lender.parameters) values[parameter.key] ??= read(parameter)
    for (const id of lender.borrows?.(values) ?? []) collect(requireMethod(id))
  }
  collect(method)
  return values
}

type TermKey = 'scale' | 'layers' | 'window'
type OwnKey = Exclude<keyof Settings, 'model' | 'method' | 'parameters' | 'stack' | TermKey>

/** What each term has beside its method and the method's parameters, in the order in which it is written. */
const TERM: { readonly [K in TermKey]: (value: unknown, model: ModelInfo) => Term[K] } = {
  scale: (value) => asNumber(value, LIMITS.scale.min, LIMITS.scale.max),
  layers: asLayers,
  window: asWindow,
}

/** What the settings have beside their terms. */
const OWN: { readonly [K in OwnKey]: (value: unknown, model: ModelInfo) => Settings[K] } = {
  network: (value, { networks }) =>
    asNetwork(
      value,
      networks.map(({ id }) => id),
    ),
  ema: asEma,
  class: asClass,
  seed: (value) => asInteger(value, LIMITS.seed),
  samples: (value) => asInteger(value, LIMITS.samples),
  steps: (value) => asInteger(value, LIMITS.steps),
  solver: (value) => {
    const solver = SOLVERS.find((name) => name === value)
    if (!solver) throw new Fault(`must be one of ${SOLVERS.join(', ')}, not ${shown(value)}`)
    return solver
  },
  rescale: (value) => asNumber(value, LIMITS.rescale.min, LIMITS.rescale.max),
}
const TERM_KEYS = Object.keys(TERM) as readonly TermKey[]
const OWN_KEYS = Object.keys(OWN) as readonly OwnKey[]

/** The method of the given id. Throws RangeError for an id that does not exist. */
function requireMethod(id: string): GuidanceMethod {
  const method = methodById(id)
  if (!method) throw new RangeError(`there is no guidance method ${shown(id)}`)
  return method
}

function defaultParameters(method: GuidanceMethod, model: ModelInfo, label: number | null): Values {
  return parametersBy(method, (parameter) => parameterDefault(parameter, model, label))
}

/** What a method starts with; a combiner takes what it has no word on from its negative. */
function startOf(method: GuidanceMethod, parameters: Values, model: ModelInfo) {
  const maker = negativeMethodOf({ method: method.id, parameters })
  return {
    layers: maker?.layers?.default(model) ?? ('all' as const),
    ...maker?.defaults?.(model),
    ...method.defaults?.(model),
  }
}

function termDefaults(method: GuidanceMethod, parameters: Values, model: ModelInfo): Term {
  const { layers, window = [0, Infinity] } = startOf(method, parameters, model)
  return { method: method.id, scale: method.scale.default, layers, window, parameters }
}

/** The settings beside the terms, where nothing is said about them; without a class the network is one that knows how. */
function ownDefaults(
  method: GuidanceMethod,
  parameters: Values,
  model: ModelInfo,
  label: number | null,
): Omit<Settings, keyof Term> {
  const network = networkById(startOf(method, parameters, model).network ?? '', model) ?? model.networks[0]!
  const able = label === null && !network.labelDropout ? (unconditionalNetwork(model) ?? network) : network
  return {
    model: model.id,
    network: able.id,
    ema: null,
    class: label,
    seed: 1,
    samples: 1,
    steps: 16,
    solver: 'euler',
    rescale: 0,
    stack: [],
  }
}

function defaultsOf(model: ModelInfo, method: GuidanceMethod, parameters: Values, label: number | null): Settings {
  return { ...ownDefaults(method, parameters, model, label), ...termDefaults(method, parameters, model) }
}

/** Complete settings of a model and method, and of a class. Throws RangeError for a method that does not exist. */
export function defaultSettings(model: ModelInfo, method: string = DEFAULT_METHOD, label: number | null = 0): Settings {
  const named = requireMethod(method)
  return defaultsOf(model, named, defaultParameters(named, model, label), label)
}

const sameWindow = (a: Settings['window'], b: Settings['window']) => a[0] === b[0] && a[1] === b[1]

/**
 * The same wish under another method: what both understand is kept, the rest takes the new method's defaults. A network or
 * window that came with the old method goes with it, and so does a network under which the new one can't run.
 */
export function withMethod(settings: Settings, method: string, model: ModelInfo): Settings {
  const { class: label, seed, samples, steps, solver, rescale, stack } = settings
  const before = defaultsOf(model, requireMethod(settings.method), settings.parameters, label)
  const after = defaultSettings(model, method, label)
  const next = {
    ...after,
    seed,
    samples,
    steps,
    solver,
    rescale,
    stack,
    window: sameWindow(settings.window, before.window) ? after.window : settings.window,
  }
  if (settings.network === before.network && settings.ema === null) return next
  const kept = { ...next, network: settings.network, ema: settings.ema }
  return settingsRefusal(kept, model) === null ? kept : next
}

/** A setting that can't be served beside the others. */
export interface SettingsFault {
  /** Where: a key, or a term. */
  readonly at: string
  /** Why not and what to do, in a sentence. */
  readonly why: string
}

/** Why the settings can't run although each of them is in range; empty where they can. */
export function settingsFaults(settings: Settings, model: ModelInfo): readonly SettingsFault[] {
  const { network, ema, method, stack } = settings
  const found: readonly (readonly [string, string | null])[] = [
    ['class', settings.class === null ? needsNull(network, model, 'network') : null],
    ['ema', needsAverages(network, ema, model, 'ema')],
    [`method ${method}`, refusal(settings, model)],
    ...stack.map(
      (term, index) => [`stack, ${index + 1}, ${term.method}`, refusal(withTerm(settings, term), model)] as const,
    ),
  ]
  return found.flatMap(([at, why]) => (why === null ? [] : [{ at, why }]))
}

/** The first of them in one sentence that begins with the setting, or null. */
export function settingsRefusal(settings: Settings, model: ModelInfo): string | null {
  const [first] = settingsFaults(settings, model)
  return first ? `${first.at}: ${first.why}` : null
}

/** The nearest settings that can run, and what was changed for that, in words; the settings themselves where they can. */
function runnable(settings: Settings, model: ModelInfo): { readonly settings: Settings; readonly change: string } {
  const runs = (candidate: Settings) => settingsRefusal(candidate, model) === null
  const stack = settings.stack.filter((term) => refusal(withTerm(settings, term), model) === null)
  const method = requireMethod(settings.method)
  const plain = {
    ...settings,
    ema: null,
    network: ownDefaults(method, settings.parameters, model, settings.class).network,
  }
  const standard = { ...plain, parameters: defaultParameters(method, model, settings.class) }
  const labelled = defaultSettings(model, method.id, 0)
  const { seed, samples, steps, scale } = settings
  const others = { seed, samples, steps, scale }
  const none = { ...defaultSettings(model, 'none'), ...others, scale: 0 }
  const candidates: readonly (readonly [Settings, string])[] = [
    [settings, ''],
    [{ ...settings, stack }, 'without it'],
    [{ ...settings, ema: null }, 'with ema stored'],
    [plain, `with network ${plain.network}`],
    [{ ...plain, stack }, `with network ${plain.network} and without it`],
    [{ ...settings, solver: 'euler' }, 'with solver euler'],
    [standard, `with the defaults of ${method.id}`],
    [
      { ...labelled, ...others },
      `with class ${model.conditioning.classes[0]?.name ?? 0} and the defaults of ${method.id}`,
    ],
    [none, 'without guidance'],
  ]
  const [found, change] = candidates.find(([candidate]) => runs(candidate)) ?? [none, 'without guidance']
  return { settings: found, change }
}

/** Reports what can't be understood: what is wrong, and how the reading goes on. */
type Report = (problem: string, change?: string) => void

function attempt<T>(key: string, fault: Report, parse: () => T, otherwise: T): T {
  try {
    return parse()
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    fault(`${key} ${error.message}`)
    return otherwise
  }
}

/** Reads what is said about one term; keys that `elsewhere` knows are left to others. */
function readTerm(
  raw: Raw,
  among: readonly GuidanceMethod[],
  model: ModelInfo,
  label: number | null,
  fault: Report,
  elsewhere: (key: string) => boolean,
): Term {
  let method = requireMethod(DEFAULT_METHOD)
  let asked = true
  if (raw.method !== undefined) {
    const named = among.find(({ id }) => id === raw.method)
    if (named) method = named
    else fault(`method must be one of ${among.map(({ id }) => id).join(', ')}, not ${shown(raw.method)}`)
  }
  const why = method.unavailable(model)
  if (why !== null) {
    const other =
      among.find(({ id, unavailable }) => (id === DEFAULT_METHOD || id === 'none') && unavailable(model) === null) ??
      method
    fault(`method ${method.id}: ${why}`, `with ${other.id}`)
    method = other
    asked = false
  }
  const parameters = parametersBy(method, (parameter) => {
    const standard = parameterDefault(parameter, model, label)
    const value = raw[parameter.key]
    return value === undefined
      ? standard
      : attempt(parameter.key, fault, () => asParameter(value, parameter, model), standard)
  })
  const defaults = termDefaults(method, parameters, model)
  const read = <K extends TermKey>(key: K): Term[K] =>
    raw[key] === undefined ? defaults[key] : attempt(key, fault, () => TERM[key](raw[key], model), defaults[key])
  for (const key of Object.keys(raw)) {
    if (key === 'method' || Object.hasOwn(parameters, key) || elsewhere(key) || TERM_KEYS.some((name) => name === key))
      continue
    const known = methods.some((other) => other.parameters.some((parameter) => parameter.key === key))
    if (!known) fault(`${shown(key)} is not a setting`)
    else if (asked) fault(`${key} is not a setting of method ${method.id}`)
  }
  return { ...defaults, scale: read('scale'), layers: read('layers'), window: read('window') }
}

function readStack(value: unknown, model: ModelInfo, label: number | null, fault: Report): readonly Term[] {
  if (value === undefined) return []
  if (!Array.isArray(value)) {
    fault(`stack must be a list such as [{"method": "seg", "scale": 0.5}], not ${shown(value)}`)
    return []
  }
  if (value.length > LIMITS.stack) fault(`stack must have at most ${LIMITS.stack} negatives, not ${value.length}`)
  const among = methods.filter(({ kind }) => kind === 'negative')
  return value.slice(0, LIMITS.stack).flatMap((entry: unknown, index) => {
    const report: Report = (problem, change) => fault(`stack, ${index + 1}: ${problem}`, change)
    if (
      typeof entry !== 'object' ||
      entry === null ||
      !among.some(({ id }) => 'method' in entry && id === entry.method)
    ) {
      report(
        `method must be one of ${among.map(({ id }) => id).join(', ')}, not ${shown(typeof entry === 'object' && entry !== null && 'method' in entry ? entry.method : entry)}`,
      )
      return []
    }
    return [readTerm({ ...entry }, among, model, label, report, () => false)]
  })
}

/** Reads a record of raw values; calls `fault` for each key that can't be understood and goes on with its default, and with settings that can run. */
function read(raw: Raw, model: ModelInfo, fault: Report): Settings {
  if (raw.model !== undefined && raw.model !== model.id) fault(`model must be "${model.id}", not ${shown(raw.model)}`)
  const label = raw.class === undefined ? 0 : attempt('class', fault, () => OWN.class(raw.class, model), 0)
  const first = readTerm(
    raw,
    methods,
    model,
    label,
    fault,
    (key) => key === 'model' || key === 'stack' || OWN_KEYS.some((name) => name === key),
  )
  const method = requireMethod(first.method)
  const defaults = defaultsOf(model, method, first.parameters, label)
  const own = <K extends OwnKey>(key: K): Settings[K] =>
    raw[key] === undefined ? defaults[key] : attempt(key, fault, () => OWN[key](raw[key], model), defaults[key])
  const settings: Settings = {
    ...defaults,
    ...first,
    network: own('network'),
    ema: own('ema'),
    seed: own('seed'),
    samples: own('samples'),
    steps: own('steps'),
    solver: own('solver'),
    rescale: own('rescale'),
    stack: readStack(raw.stack, model, label, fault),
  }
  const why = settingsRefusal(settings, model)
  if (why === null) return settings
  const nearest = runnable(settings, model)
  fault(why, nearest.change)
  return nearest.settings
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
  const settings = read({ ...preset }, model, (problem) => faults.push(problem))
  return faults[0] === undefined ? { ok: true, settings } : { ok: false, problem: faults[0] }
}

/** Infinity as "inf", which JSON and links can carry. */
function plain(value: unknown): unknown {
  if (value === Infinity) return 'inf'
  return Array.isArray(value) ? value.map(plain) : value
}

/** A term's keys beside its method, without layers where the method acts on none. */
function termEntries(term: Term): [string, unknown][] {
  const acts = negativeMethodOf(term)?.layers
  return [
    ...TERM_KEYS.filter((key) => key !== 'layers' || acts).map((key): [string, unknown] => [key, plain(term[key])]),
    ...parametersOf(requireMethod(term.method), term.parameters).map(({ key }): [string, unknown] => [
      key,
      plain(term.parameters[key]),
    ]),
  ]
}

/** The settings' keys beside their terms. */
function ownEntries({
  network,
  ema,
  class: label,
  ...others
}: Omit<Settings, keyof Term | 'stack' | 'model'>): [string, unknown][] {
  const said: Record<OwnKey, unknown> = {
    network,
    ema: ema ?? 'stored',
    class: label ?? 'none',
    seed: others.seed,
    samples: others.samples,
    steps: others.steps,
    solver: others.solver,
    rescale: others.rescale,
  }
  return OWN_KEYS.map((key) => [key, said[key]])
}

/** A complete preset: every key that the settings have, defaults included. */
export function toPreset(settings: Settings): Record<string, unknown> {
  const { model, method, stack } = settings
  return {
    model,
    method,
    ...Object.fromEntries([...ownEntries(settings), ...termEntries(settings)]),
    stack: stack.map((term) => ({ method: term.method, ...Object.fromEntries(termEntries(term)) })),
  }
}

function linkText(value: unknown): string {
  return Array.isArray(value) ? value.map(linkText).join('_') : encodeURIComponent(String(plain(value)))
}

/** Same settings? By value. */
export function sameSettings(a: Settings, b: Settings): boolean {
  return JSON.stringify(toPreset(a)) === JSON.stringify(toPreset(b))
}

/** The entries whose value is not the default, as `key=value`. */
function changed(entries: readonly [string, unknown][], defaults: Readonly<Record<string, unknown>>): string[] {
  return entries.flatMap(([key, value]) =>
    linkText(value) === linkText(defaults[key]) ? [] : `${key}=${linkText(value)}`,
  )
}

/** What a term says beside its method and defaults. */
function changedTerm(term: Term, model: ModelInfo, label: number | null): string[] {
  const method = requireMethod(term.method)
  const { scale, layers, window } = termDefaults(method, term.parameters, model)
  const parameters = parametersOf(method, term.parameters).map((parameter): [string, unknown] => [
    parameter.key,
    parameterDefault(parameter, model, label),
  ])
  return changed(termEntries(term), { scale, layers, window, ...Object.fromEntries(parameters) })
}

/** Tells the weights that a link was made with, so that one made with others can say so: the beginning of each network's hash. */
function weightsTag(settings: Settings, model: ModelInfo): string {
  const named = [settings, ...settings.stack].flatMap((term) =>
    parametersOf(requireMethod(term.method), term.parameters).flatMap(({ kind, key }) =>
      kind === 'network' ? String(term.parameters[key]) : [],
    ),
  )
  const hashes = [settings.network, ...named].flatMap((id) => networkById(id, model)?.weights.sha256.slice(0, 8) ?? [])
  return [...new Set(hashes)].join('.')
}

/**
 * The link's hash, without `#`: the version, each setting that is not the default, and a tag of the weights. Negatives beside
 * the first are written as `stack=seg:scale=0.5,sigma=inf;icg`.
 */
export function encodeLink(settings: Settings, model: ModelInfo): string {
  const { class: label, parameters } = settings
  const defaults = { ...ownDefaults(requireMethod(settings.method), parameters, model, label), class: 0 }
  const stack = settings.stack.map((term) =>
    [term.method, changedTerm(term, model, label).join(',')].filter((part) => part !== '').join(':'),
  )
  return [
    `v=${LINK_VERSION}`,
    ...(settings.model === DEFAULT_MODEL ? [] : [`model=${linkText(settings.model)}`]),
    `method=${linkText(settings.method)}`,
    ...changed(ownEntries(settings), Object.fromEntries(ownEntries(defaults))),
    ...changedTerm(settings, model, label),
    ...(stack.length === 0 ? [] : [`stack=${stack.join(';')}`]),
    `weights=${weightsTag(settings, model)}`,
  ].join('&')
}

/** A link's text as the value that a preset would hold; each key's own parser judges it afterwards. */
function fromLinkText(key: string, text: string): unknown {
  const scalar = (part: string): unknown => (/^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(part) ? Number(part) : part)
  if (text === 'true' || text === 'false') return text === 'true'
  if (key === 'layers' && text === '') return []
  if (key === 'stack') return text === '' ? [] : text.split(';').map(fromTermText)
  return (key === 'layers' && text !== 'all') || key === 'window' ? text.split('_').map(scalar) : scalar(text)
}

/** `seg:scale=0.5,sigma=inf` as a preset would hold it. */
function fromTermText(text: string): Record<string, unknown> {
  const [method = '', ...rest] = text.split(':')
  const pairs = rest
    .join(':')
    .split(',')
    .filter((part) => part !== '')
  return {
    ...Object.fromEntries(
      pairs.map((part) => {
        const [key = '', ...value] = part.split('=')
        return [key, fromLinkText(key, value.join('='))]
      }),
    ),
    method,
  }
}

function splitLink(hash: string): Record<string, string> {
  // A plus is a plus here (`method=cfg++`), and not a space as in forms.
  return Object.fromEntries(new URLSearchParams(hash.replace(/^#/, '').replaceAll('+', '%2B')))
}

/** The model that a link asks for. */
export function linkModel(hash: string): string {
  return splitLink(hash).model ?? DEFAULT_MODEL
}

/** What a link of version 1 left out: the defaults of that version. */
function firstDefaults(method: string, model: ModelInfo): Raw {
  const shared = {
    method,
    network: model.networks[0]?.id,
    class: 0,
    seed: 1,
    samples: 1,
    steps: 16,
    solver: 'euler',
    window: [0, 'inf'],
  }
  switch (method) {
    case 'pag':
      return {
        ...shared,
        scale: 1,
        layers: 'all',
        perturbation: 'identity',
        mix: 1,
        rate: 0.9,
        keepDiagonal: true,
        temperature: 0.25,
      }
    case 'seg':
      return { ...shared, scale: 0.75, layers: finestDecoderLayers(model), sigma: 1 }
    case 'icg':
      return { ...shared, scale: 0.5, redraw: 'step', exclude: false }
    default:
      return shared
  }
}

export interface DecodedLink {
  readonly settings: Settings
  /** Each part that was not understood and was replaced by its default. */
  readonly problems: readonly string[]
  /** What was understood and is still worth saying. */
  readonly notes: readonly string[]
}

/** Reads a link leniently: never throws, whatever it holds, and gives settings that can run. */
export function decodeLink(hash: string, model: ModelInfo): DecodedLink {
  const { v, weights, ...parts } = splitLink(hash)
  const problems: string[] = []
  if (v !== undefined && v !== '1' && v !== String(LINK_VERSION)) {
    return {
      settings: defaultSettings(model),
      problems: [`v=${v}: this page reads links of version ${LINK_VERSION} and before`],
      notes: [],
    }
  }
  const said = Object.fromEntries(Object.entries(parts).map(([key, text]) => [key, fromLinkText(key, text)]))
  const raw = v === '1' ? { ...firstDefaults(parts.method ?? DEFAULT_METHOD, model), ...said } : said
  const settings = read(raw, model, (problem, change) =>
    problems.push(change ? `${problem} Shown ${change}.` : problem),
  )
  const notes =
    weights !== undefined && weights !== weightsTag(settings, model)
      ? ['This link was made with other weights of the model, so its images were not quite these.']
      : []
  return { settings, problems, notes }
}
