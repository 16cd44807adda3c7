/** The registry of per-step numbers: what the files of `numbers/` describe. A number is derived when it is looked at, and remembered. */
import type { ImageSize } from '../core/image'
import type { SampleRecord, TermRecord } from '../sampling/records'
import type { StepNumber } from './number'
import { numbers as all } from './numbers/index.generated'

/** Every number in the order in which it is listed. */
export const numbers: readonly StepNumber[] = [...all].sort((a, b) => a.place - b.place)

/** The number of what was applied, beside that of the raw difference. */
export function appliedOf({ id }: StepNumber): StepNumber | null {
  return numbers.find(({ beside }) => beside === id) ?? null
}

// A record never changes, and a transform of one takes some milliseconds.
const known = new WeakMap<TermRecord, Map<string, number | null>>()

/** The sample's negatives: the first is the sample itself. */
export function termsOf(sample: SampleRecord): readonly TermRecord[] {
  return [sample, ...sample.stacked]
}

/** Tells a number of a record that came without the tensors that it takes; `term` 0 is the first. */
export function remember({ id }: StepNumber, sample: SampleRecord, value: number | null, term = 0): void {
  const record = termsOf(sample)[term]
  if (!record) throw new RangeError(`the sample has no negative ${term}`)
  const values = known.get(record) ?? new Map<string, number | null>()
  known.set(record, values.set(id, value))
}

/** The number of a sample; `term` 0 is the first negative. */
export function valueOf(number: StepNumber, sample: SampleRecord, shape: ImageSize, term = 0): number | null {
  const record = termsOf(sample)[term]
  if (!record) return null
  const held = known.get(record)?.get(number.id)
  if (held !== undefined) return held
  const value = number.of({ sample, term: record, shape })
  remember(number, sample, value, term)
  return value
}

/** As a person reads it; a dash where there is none. */
export function valueText({ unit }: StepNumber, value: number | null): string {
  if (value === null) return '–'
  const fixed = (digits: number) => {
    const text = Math.abs(value).toFixed(digits)
    return value < 0 && Number(text) !== 0 ? `−${text}` : text
  }
  switch (unit) {
    case 'share':
      return `${(100 * value).toFixed(value < 0.1 ? 1 : 0)} %`
    case 'cosine':
      return fixed(2)
    case 'length':
      return fixed(1)
    case 'waves':
      return `${value} ${value === 1 ? 'wave' : 'waves'}`
    default:
      return unit satisfies never
  }
}
