/** Results as a table: a column for each thing that some result has, for spreadsheets and data frames. Pure. */
import { canonicalJson } from '../core/canonical'
import { axisLabel } from './axis'
import type { Result } from './result'

export type Column = { readonly name: string } & (
  | { readonly kind: 'number'; readonly values: readonly (number | null)[] }
  | { readonly kind: 'text'; readonly values: readonly (string | null)[] }
)

/** Keys in the order in which they first come. */
const keysOf = (records: readonly Readonly<Record<string, unknown>>[]): readonly string[] => [
  ...new Set(records.flatMap((record) => Object.keys(record))),
]

/** A value of an axis as a number; null where it is no number, such as the name of a method. */
export function numberOf(text: string): number | null {
  if (text === 'inf') return Infinity
  return /^-?\d/.test(text) && Number.isFinite(Number(text)) ? Number(text) : null
}

const METRICS: Readonly<Record<string, string>> = {
  frechet: 'Fréchet distance',
  agreement: 'Class agreement',
  precision: 'Precision',
  recall: 'Recall',
  clarity: 'Clear details',
  shift: 'Shift of details',
}

/** What a column is called to people. */
export const titleOf = (name: string): string => METRICS[name] ?? axisLabel(name)

/** The numbers that some result has: the judge's first, in the order in which they are told everywhere. */
export function metricNames(results: readonly Result[]): readonly string[] {
  const names = keysOf(results.map(({ metrics }) => metrics))
  const judges = Object.keys(METRICS)
  return [...judges.filter((name) => names.includes(name)), ...names.filter((name) => !judges.includes(name))]
}

function axisColumn(key: string, results: readonly Result[]): Column {
  const texts = results.map(({ values }) => values[key] ?? null)
  const numbers = texts.map((text) => (text === null ? null : numberOf(text)))
  return numbers.every((number, i) => number !== null || texts[i] === null)
    ? { name: key, kind: 'number', values: numbers }
    : { name: key, kind: 'text', values: texts }
}

/** What was varied first, then the numbers with half their 95 % intervals, then where they are from. */
export function columnsOf(results: readonly Result[]): readonly Column[] {
  const text = (name: string, of: (result: Result) => string | null): Column => ({
    name,
    kind: 'text',
    values: results.map(of),
  })
  const number = (name: string, of: (result: Result) => number | null): Column => ({
    name,
    kind: 'number',
    values: results.map(of),
  })
  return [
    ...keysOf(results.map(({ values }) => values)).map((key) => axisColumn(key, results)),
    ...metricNames(results).flatMap((name) => [
      number(name, ({ metrics }) => metrics[name]?.value ?? null),
      number(`${name} ±`, ({ metrics }) => metrics[name]?.margin ?? null),
    ]),
    // An axis may be called so, too.
    ...(results.some(({ values }) => 'seed' in values) ? [] : [number('seed', ({ seed }) => seed)]),
    number('images', ({ images }) => images),
    number('rows', ({ rows }) => rows),
    number('seconds', ({ seconds }) => seconds),
    text('id', ({ id }) => id),
    text('preset', ({ preset }) => canonicalJson(preset)),
    text('judge', ({ judge }) => judge),
    text('source', ({ source }) => canonicalJson(source)),
    text('made', ({ made }) => made),
    text('by', ({ by }) => by),
  ]
}
