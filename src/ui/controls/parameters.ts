/** From a method's metadata to its controls. Pure. */
import type { ModelInfo, NetworkInfo } from '../../model/types'
import { methodById, parametersOf } from '../../guidance/index'
import type { GuidanceMethod, Parameter } from '../../guidance/types'
import { defaultSettings } from '../../settings'
import type { ParameterValue } from '../../settings/types'
import { megabytes, plain } from '../../core/format'

type NumberParameter = Extract<Parameter, { kind: 'number' }>

/** Powers of two that a slider begins and ends with. */
export type LogRange = Exclude<NumberParameter['slider'], 'linear'>

/** Whether a parameter means anything beside the values of the others. */
export function applies(parameter: Parameter, values: Readonly<Record<string, ParameterValue>>): boolean {
  return parameter.when === undefined || parameter.when.in.includes(String(values[parameter.when.key]))
}

/** Values at the stops of a logarithmic slider: 0 and ∞ where the range reaches them, powers of two by `step` between. */
export function logStops(parameter: NumberParameter, range: LogRange): number[] {
  const count = Math.round((range.to - range.from) / parameter.step)
  const powers = Array.from({ length: count + 1 }, (_, i) =>
    Number((2 ** (range.from + i * parameter.step)).toPrecision(3)),
  )
  return [...(parameter.min === 0 ? [0] : []), ...powers, ...(parameter.max === Infinity ? [Infinity] : [])]
}

/** The stop nearest to a value, by ratio. */
export function logStopIndex(value: number, stops: readonly number[]): number {
  const exact = stops.indexOf(value)
  if (exact >= 0) return exact
  let best = 0
  let distance = Infinity
  stops.forEach((stop, index) => {
    const apart = Math.abs(Math.log(stop / value))
    if (apart < distance) [best, distance] = [index, apart]
  })
  return best
}

/** A number of a logarithmic slider as it is read aloud, and the unit that stands beside its field. */
export function numberText(
  value: number,
  { unit = '' }: NumberParameter,
): { readonly text: string; readonly unit: string } {
  if (value === 0) return { text: 'off', unit: 'off' }
  if (value === Infinity) return { text: '∞', unit: '' }
  return { text: `${plain(value)}${unit && ` ${unit}`}`, unit }
}

/** Labels under a logarithmic slider: its ends, and a few round powers between. */
export function logMarks(stops: readonly number[]): readonly { readonly at: number; readonly text: string }[] {
  return stops.flatMap((stop, at) => {
    if (stop === 0) return [{ at, text: 'off' }]
    if (stop === Infinity) return [{ at, text: '∞' }]
    return stop === stops[0] || [1, 4, 16].includes(stop) ? [{ at, text: plain(stop) }] : []
  })
}

type Values = Readonly<Record<string, ParameterValue>>

/** Defaults of the parameters that a method borrows under these values. */
function borrowedDefaults(method: GuidanceMethod, values: Values, model: ModelInfo, label: number | null): Values {
  return (method.borrows?.(values) ?? []).reduce<Values>((all, id) => {
    const lender = methodById(id)
    return {
      ...all,
      ...defaultSettings(model, id, label).parameters,
      ...(lender && borrowedDefaults(lender, values, model, label)),
    }
  }, {})
}

/**
 * The values with one changed: parameters that the change brings in take their defaults (for images of the class `label`),
 * those that it makes meaningless go.
 */
export function withParameter(
  method: GuidanceMethod,
  values: Values,
  key: string,
  value: ParameterValue,
  model: ModelInfo,
  label: number | null,
): Values {
  const changed = { ...values, [key]: value }
  const defaults = borrowedDefaults(method, changed, model, label)
  return Object.fromEntries(
    parametersOf(method, changed).flatMap((parameter) => {
      const next = changed[parameter.key] ?? defaults[parameter.key]
      return next === undefined ? [] : [[parameter.key, next]]
    }),
  )
}

/** Lengths σ_rel that the slider of a weight average stops at, after the weights as stored; fine where the effect is. */
export const EMA_STOPS: readonly number[] = [
  0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09, 0.1, 0.11, 0.125, 0.14, 0.155, 0.17, 0.185, 0.2, 0.225, 0.25,
]

/** The stop nearest to a length; 0 stands for the weights as stored. */
export function emaStopIndex(sigmaRel: number | null): number {
  return sigmaRel === null ? 0 : 1 + logStopIndex(sigmaRel, EMA_STOPS)
}

export function networkById(id: unknown, model: ModelInfo): NetworkInfo | undefined {
  return model.networks.find((network) => network.id === id)
}

/** Whether lengths other than the stored one can be synthesised. */
export function hasAverages(network: NetworkInfo | undefined): boolean {
  return network !== undefined && network.averages.length > 1
}

/** A network in a list to choose from. */
export function networkOption({ id, name, weights }: NetworkInfo): { readonly value: string; readonly label: string } {
  const size = megabytes(weights.bytes)
  // The plane's are too small to be worth a word.
  return { value: id, label: size === '0.0' ? name : `${name} · ${size} MB` }
}
