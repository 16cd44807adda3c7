/** What a still figure can go along: one setting, and the values that it takes on the way. */
import { parametersOf } from '../guidance'
import { networkById } from '../guidance/networks'
import { lowestScale } from '../guidance/scale'
import type { Parameter } from '../guidance/types'
import type { ModelInfo } from '../model/types'
import { solverById } from '../sampling/solver-registry'
import { EMA_RANGE, FLAG_KEYS, OWN, parsePreset, presetOfFlags, toPreset, withFlags } from '../settings'
import { requireMethod } from '../settings/defaults'
import type { Settings } from '../settings/types'
import { plain } from '../core/format'
import { layerName, methodName } from '../settings/words'
import { FigureError } from './error'

export interface Value {
  /** As a link has it. */
  readonly text: string
  /** As a person reads it. */
  readonly words: string
}

interface AlongBase {
  readonly key: string
  readonly label: string
  /** Whether each value takes weights of its own, which a page would have to fetch. */
  readonly fetches?: boolean
}

interface Numbers extends AlongBase {
  readonly kind: 'numbers'
  readonly min: number
  readonly max: number
  readonly whole: boolean
  /** Whether values lie at equal distances, or at equal ratios. */
  readonly spacing: 'even' | 'ratio'
  /** What is taken where nobody says. */
  readonly from: number
  readonly to: number
  readonly unit: string
}

interface Choices extends AlongBase {
  readonly kind: 'choices'
  readonly values: readonly Value[]
}

export type Along = Numbers | Choices

/** More would be a film: each value holds a picture, and has its place under the slider. */
export const MOST_VALUES = 32
export const USUAL_COUNT = 9

const even = { kind: 'numbers', whole: false, spacing: 'even', unit: '' } as const

function average(key: string, label: string, network: unknown, model: ModelInfo): readonly Along[] {
  if ((networkById(String(network), model)?.averages.length ?? 0) < 2) return []
  const { min, max } = EMA_RANGE
  return [{ ...even, key, label, min, max, from: min, to: max, fetches: true }]
}

type NumberRow = Pick<Extract<Parameter, { kind: 'number' }>, 'key' | 'label' | 'min' | 'max' | 'slider'> &
  Partial<Pick<Extract<Parameter, { kind: 'number' }>, 'whole' | 'unit' | 'heads'>>

function ofNumber(row: NumberRow): readonly Along[] {
  const { key, label, min, max, whole = false, unit = '', slider } = row
  if (row.heads) return []
  const base = { ...even, key, label, min, max, whole, unit }
  if (slider === 'linear') return [{ ...base, from: min, to: max }]
  return [{ ...base, spacing: 'ratio', from: 2 ** slider.from, to: 2 ** slider.to }]
}

/** What a method's parameter can be, where it means anything beside the others. */
function ofParameter(parameter: Parameter, settings: Settings, model: ModelInfo): readonly Along[] {
  const { key, label, when } = parameter
  const { parameters } = settings
  if (when && !when.in.includes(String(parameters[when.key]))) return []
  const choices = (values: readonly Value[]): readonly Along[] =>
    values.length < 2 ? [] : [{ kind: 'choices', key, label, values }]
  switch (parameter.kind) {
    case 'number':
      return ofNumber(parameter)
    case 'choice':
      return choices(parameter.choices.map(({ value, label: words }) => ({ text: value, words })))
    case 'flag':
      return choices([
        { text: 'false', words: 'off' },
        { text: 'true', words: 'on' },
      ])
    case 'network':
      return choices(
        model.networks
          .filter((network) => parameter.among(network, model))
          .map(({ id, name }) => ({ text: id, words: name })),
      ).map((along) => ({ ...along, fetches: true }))
    case 'layer':
      return choices(model.layers.map(({ index }) => ({ text: String(index), words: layerName(index, model) })))
    case 'ema':
      return average(key, label, parameters[parameter.of], model)
    default:
      return parameter satisfies never
  }
}

function ofLayers({ layers }: ModelInfo): readonly Value[] {
  return [{ text: 'all', words: 'all' }, ...layers.map(({ index, name }) => ({ text: String(index), words: name }))]
}

/** Everything that a figure of these settings can go along, the scale first. */
export function alongChoices(settings: Settings, model: ModelInfo): readonly Along[] {
  const method = requireMethod(settings.method)
  const { classes } = model.conditioning
  const guided = method.kind !== 'none'
  const parameters = parametersOf(method, settings.parameters)
  const scale: Along = {
    ...even,
    key: 'scale',
    label: 'scale s',
    min: lowestScale(method),
    max: 20,
    from: 0,
    // Nine values of it are half a unit apart, the usual scales among them.
    to: Math.min(4, method.scale.max),
  }
  const layers: Along = { kind: 'choices', key: 'layers', label: 'layers', values: ofLayers(model) }
  return [
    ...(guided ? [scale, ...(method.kind === 'negative' && method.layers ? [layers] : [])] : []),
    ...parameters.flatMap((parameter) => ofParameter(parameter, settings, model)),
    {
      kind: 'choices',
      key: 'class',
      label: 'class',
      values: classes.map(({ name }, index) => ({ text: String(index), words: name })),
    },
    { ...even, key: 'seed', label: 'seed', whole: true, ...seeds(settings.seed) },
    { ...even, key: 'steps', label: 'steps', whole: true, min: OWN.steps.min, max: OWN.steps.max, from: 4, to: 32 },
    ...(guided ? [{ ...even, key: 'rescale', label: 'rescale φ', min: 0, max: 1, from: 0, to: 1 }] : []),
    ...average('ema', 'average σ_rel', settings.network, model),
    ...solverById(settings.solver).parameters.flatMap(ofNumber),
  ]
}

function seeds(seed: number) {
  const { min, max } = OWN.seed
  return { min, max, from: seed, to: Math.min(max, seed + USUAL_COUNT - 1) }
}

/** The setting of that key. Throws FigureError where a figure can't go along it. */
export function alongOf(key: string, settings: Settings, model: ModelInfo): Along {
  const choices = alongChoices(settings, model)
  const found = choices.find((one) => one.key === key)
  if (found) return found
  throw new FigureError(
    `A figure of these settings can't go along ${key}. It can go along ${choices.map((one) => one.key).join(', ')}.`,
  )
}

/** Values that somebody wrote, as in a link, of any setting. */
export function givenValues(key: string, texts: readonly string[], settings: Settings, model: ModelInfo): Choices {
  if (!FLAG_KEYS.includes(key)) throw new FigureError(`There is no setting ${key}.`)
  const known = alongChoices(settings, model).find((one) => one.key === key)
  const words = (text: string) => {
    if (key === 'method') return methodName({ method: text })
    if (known?.kind === 'choices') return known.values.find((value) => value.text === text)?.words ?? text
    return known ? numberWords(Number(text), known) : text
  }
  return {
    kind: 'choices',
    key,
    label: known?.label ?? key,
    values: texts.map((text) => ({ text, words: words(text) })),
  }
}

function numberWords(value: number, { unit }: Numbers): string {
  return unit === '' || !Number.isFinite(value) ? plain(value) : `${plain(value)} ${unit}`
}

export interface Range {
  readonly from: number
  readonly to: number
  readonly count: number
}

/** The values of a range, its ends among them, each once. Throws FigureError. */
export function rangeValues(along: Numbers, { from, to, count }: Range): readonly Value[] {
  const { label, min, max, whole, spacing } = along
  if (!Number.isInteger(count) || count < 2 || count > MOST_VALUES)
    throw new FigureError(`A figure shows 2 to ${MOST_VALUES} values, not ${count}.`)
  for (const end of [from, to])
    if (!(end >= min && end <= max))
      throw new FigureError(`${label} goes from ${plain(min)} to ${plain(max)}, so ${end} can't be shown.`)
  const ratio = spacing === 'ratio' && from > 0 && to > 0
  const at = (share: number) => (ratio ? from * (to / from) ** share : from + (to - from) * share)
  const rounded = (value: number) => (whole ? Math.round(value) : Number(value.toPrecision(ratio ? 3 : 6)))
  const values = Array.from({ length: count }, (_, i) => rounded(at(i / (count - 1))))
  const once = [...new Set(values)]
  if (once.length < 2) throw new FigureError(`A figure needs two different values of ${label}.`)
  return once.map((value) => ({ text: String(value), words: numberWords(value, along) }))
}

/** The settings with another value of one. Throws FigureError with what is wrong with it. */
export function settingsAt(key: string, { text }: Value, settings: Settings, model: ModelInfo): Settings {
  const preset = withFlags(toPreset(settings), presetOfFlags({ [key]: text }))
  const result = parsePreset(preset, model)
  if (!result.ok) throw new FigureError(`With ${key} ${text}: ${result.problem}`)
  return result.settings
}

/** The value that a figure opens with: the settings' own, of numbers the nearest to it, else the first. */
export function startOf({ key, kind }: Along, values: readonly Value[], settings: Settings): number {
  const own = toPreset(settings)[key]
  const same = values.findIndex(({ text }) => text === String(own))
  if (same >= 0 || kind === 'choices' || typeof own !== 'number') return Math.max(0, same)
  const away = values.map(({ text }) => Math.abs(Number(text) - own))
  return away.indexOf(Math.min(...away))
}
