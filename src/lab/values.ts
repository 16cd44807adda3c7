/**
 * The values of an axis as a person writes them: `0, 0.5, 1`, `0..2 by 0.25`, `0.05..5 log 7`, `0..1 in 5`, `pag, seg`; lists and ranges mix.
 * Each value stays a text, as a link writes it, so that it is judged by its setting's own row later. Numbers are decimals, never sums of doubles.
 */
import { LabError } from './error'

/** More would be no picture and no curve any more. */
export const MOST_VALUES = 100
const NUMBER = String.raw`-?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?`
const RANGE = new RegExp(String.raw`^(${NUMBER})\s*\.\.\s*(${NUMBER})\s+(by|in|log)\s+(${NUMBER})$`, 'i')
/** Digits of a value between the ends of a range that is cut into parts: more says nothing that a person would type. */
const DIGITS = 4

/** A decimal as a whole number of units of 10^-places. */
function placesOf(text: string): number {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e')
  return Math.max(0, (mantissa.split('.')[1]?.length ?? 0) - Number(exponent))
}

const plainText = (value: number): string => String(Number(value.toPrecision(12)))

function tooMany(part: string): LabError {
  return new LabError(`“${part}” are more than ${MOST_VALUES} values: take a wider step, or fewer.`)
}

function evenly(part: string, from: string, to: string, by: string): string[] {
  const places = Math.max(...[from, to, by].map(placesOf))
  const unit = 10 ** Math.min(places, 12)
  const [first, last, step] = [from, to, by].map((text) => Math.round(Number(text) * unit))
  if (!(step! > 0)) throw new LabError(`“${part}” takes no steps: write a step above 0, such as 0..2 by 0.25.`)
  if (first! > last!) throw new LabError(`“${part}” runs backwards: write the lower end first.`)
  if ((last! - first!) / step! > MOST_VALUES) throw tooMany(part)
  const count = Math.floor((last! - first!) / step!) + 1
  return Array.from({ length: count }, (_, i) => plainText((first! + i * step!) / unit))
}

function parted(part: string, from: string, to: string, count: string, log: boolean): string[] {
  const [first, last, n] = [from, to, count].map(Number)
  if (!Number.isInteger(n) || n! < 2)
    throw new LabError(`“${part}”: a range is cut into 2 values or more, such as 0..1 in 5.`)
  if (n! > MOST_VALUES) throw tooMany(part)
  if (log && !(first! > 0 && last! > 0))
    throw new LabError(`“${part}”: a logarithmic range needs both ends above 0, such as 0.05..5 log 7.`)
  return Array.from({ length: n! }, (_, i) => {
    if (i === 0) return plainText(first!)
    if (i === n! - 1) return plainText(last!)
    const share = i / (n! - 1)
    const value = log ? first! * (last! / first!) ** share : first! + (last! - first!) * share
    return String(Number(value.toPrecision(DIGITS)))
  })
}

function ofPart(part: string): readonly string[] {
  const [, from, to, how, amount] = RANGE.exec(part) ?? []
  if (from === undefined || to === undefined || how === undefined || amount === undefined) {
    if (part.includes('..'))
      throw new LabError(`“${part}” is no range: write 0..2 by 0.25, 0..1 in 5, or 0.05..5 log 7.`)
    return [part]
  }
  return how.toLowerCase() === 'by' ? evenly(part, from, to, amount) : parted(part, from, to, amount, how !== 'in')
}

/** Throws LabError for what can't be read, for none, for one that comes twice, and for more than `MOST_VALUES`. */
export function valuesOf(text: string): readonly string[] {
  const parts = text
    .split(/[,\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
  if (parts.length === 0) throw new LabError('There is no value: write some, such as 0, 0.5, 1 or 0..2 by 0.25.')
  const values = parts.flatMap(ofPart)
  const twice = values.find((value, i) => values.indexOf(value) < i)
  if (twice !== undefined) throw new LabError(`“${twice}” comes twice: leave one out.`)
  if (values.length > MOST_VALUES) throw tooMany(text.trim())
  return values
}

/** The values in the shortest form that `valuesOf` reads as the same. */
export function shortText(values: readonly string[]): string {
  const list = values.join(', ')
  const [first, second] = values
  const last = values.at(-1)
  if (values.length < 4 || first === undefined || second === undefined || last === undefined) return list
  const step = plainText(Number(second) - Number(first))
  const range = `${first}..${last} by ${step}`
  const same = Number(step) > 0 && canRead(range).join() === values.join()
  return same && range.length < list.length ? range : list
}

function canRead(range: string): readonly string[] {
  try {
    return valuesOf(range)
  } catch {
    return []
  }
}
