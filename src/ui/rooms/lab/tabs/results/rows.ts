/** The rows of the table of results: what is kept, in words, filtered and sorted. Pure. */
import type { Estimate } from '../../../../../evaluation/metrics'
import { METRICS, type MetricName } from '../../../../../evaluation/paired'
import { axisLabel } from '../../../../../lab/axis'
import { readResult, type Result } from '../../../../../lab/result'
import type { ModelInfo } from '../../../../../model/types'
import { parsePreset, presetModel } from '../../../../../settings'
import type { Settings } from '../../../../../settings/types'
import { caption } from '../../../../../settings/words'
import type { Kept } from '../../../../../storage/lab'
import { keyOf } from '../../judged/point'

export interface Row {
  /** Under which it is kept, and its images. */
  readonly key: string
  readonly result: Result
  /** Null where the family is not here, or its presets are other ones by now. */
  readonly model: ModelInfo | null
  readonly settings: Settings | null
  /** What was judged, as a person reads it. */
  readonly words: string
}

export const keyOfResult = ({ id, judge }: Pick<Result, 'id' | 'judge'>): string => keyOf(id, judge)

/** The settings of image 0. */
function settingsOf({ preset, seed }: Result, model: ModelInfo): Settings | null {
  const { class: label, ...rest } = preset
  const parsed = parsePreset({ ...rest, seed, samples: 1, ...(label !== 'each' && { class: label }) }, model)
  return parsed.ok ? parsed.settings : null
}

/** What the caption of settings says anyway. */
const TOLD: readonly string[] = ['model', 'method', 'scale', 'class', 'seed', 'steps', 'solver']

export function rowOf(result: Result, models: readonly ModelInfo[]): Row {
  const name = presetModel(result.preset)
  const model = models.find(({ id }) => id === name) ?? null
  const settings = model && settingsOf(result, model)
  const subject = result.preset.class === 'each' ? 'classes in turn' : undefined
  const varied = Object.entries(result.values)
    .filter(([key]) => !settings || !TOLD.includes(key))
    .map(([key, text]) => `${axisLabel(key)} ${text.replaceAll('_', '–')}`)
  const told =
    model && settings ? caption(settings, model, subject) : String(result.preset.method ?? 'unknown settings')
  return {
    key: keyOfResult(result),
    result,
    model,
    settings,
    words: [model?.name ?? name ?? '', told, ...varied].filter(Boolean).join(' · '),
  }
}

/** What is kept, the newest first; entries that are no results are left out. */
export function rowsOf(kept: readonly Kept[], models: readonly ModelInfo[]): readonly Row[] {
  return kept
    .flatMap(({ value }) => {
      const result = readResult(value)
      return typeof result === 'string' ? [] : [rowOf(result, models)]
    })
    .sort((a, b) => b.result.made.localeCompare(a.result.made))
}

/** Rows that have every word, wherever. */
export function filtered(rows: readonly Row[], text: string): readonly Row[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  return rows.filter((row) => {
    const { by, made, images } = row.result
    const all = `${row.words} ${made} ${images}${by === 'cli' ? ' command line' : ''}`.toLowerCase()
    return words.every((word) => all.includes(word))
  })
}

export const SORTS = ['words', 'images', ...METRICS, 'seed', 'made'] as const
export type Sort = (typeof SORTS)[number]

export interface Order {
  readonly by: Sort
  readonly down: boolean
}

const isMetric = (by: Sort): by is MetricName => METRICS.some((name) => name === by)

function valueOf({ words, result }: Row, by: Sort): string | number {
  if (isMetric(by)) return result.metrics[by]?.value ?? Infinity
  switch (by) {
    case 'words':
      return words
    case 'images':
      return result.images
    case 'seed':
      return result.seed
    case 'made':
      return result.made
    default:
      return by satisfies never
  }
}

/** Rows without the number stand last, whichever way. */
export function sorted(rows: readonly Row[], { by, down }: Order): readonly Row[] {
  const sign = down ? -1 : 1
  return [...rows].sort((a, b) => {
    const [first, second] = [valueOf(a, by), valueOf(b, by)]
    if (typeof first === 'string' || typeof second === 'string')
      return sign * String(first).localeCompare(String(second), 'en', { numeric: true })
    if (first === second) return 0
    if (first === Infinity || second === Infinity) return first === Infinity ? 1 : -1
    return sign * (first - second)
  })
}

/** `by` and a minus before it where it goes down. */
export const orderText = ({ by, down }: Order): string => `${down ? '-' : ''}${by}`

export function orderOf(text: string | undefined): Order {
  const by = SORTS.find((each) => each === text?.replace(/^-/, ''))
  return by ? { by, down: text!.startsWith('-') } : { by: 'made', down: true }
}

/** What one row is less than another where their images are not both kept: as if they had nothing in common. */
export function apart(a: Estimate, b: Estimate): Estimate {
  const margin = a.margin === null || b.margin === null ? null : Math.hypot(a.margin, b.margin)
  return { value: a.value - b.value, margin }
}
