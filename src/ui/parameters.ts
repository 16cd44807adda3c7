/** From a method's metadata to its controls. Pure. */
import type { Parameter } from '../guidance/types'
import type { ParameterValue } from '../settings/types'

type NumberParameter = Extract<Parameter, { kind: 'number' }>

/** Whether a parameter means anything beside the values of the others. */
export function applies(parameter: Parameter, values: Readonly<Record<string, ParameterValue>>): boolean {
  return parameter.when === undefined || parameter.when.in.includes(String(values[parameter.when.key]))
}

/** Values at the stops of a logarithmic slider: 0 and ∞ where the range reaches them, powers of two by `step` between. */
export function logStops(parameter: NumberParameter, range: { readonly from: number; readonly to: number }): number[] {
  const count = Math.round((range.to - range.from) / parameter.step)
  const powers = Array.from({ length: count + 1 }, (_, i) => Number((2 ** (range.from + i * parameter.step)).toPrecision(3)))
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
