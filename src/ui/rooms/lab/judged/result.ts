/** A measured point as a row of results, which the page keeps and the command line reads. */
import type { Judged, Metrics } from '../../../../evaluation/metrics'
import { METRICS } from '../../../../evaluation/paired'
import { sourceOf } from '../../../../lab/identity'
import { readResult, type Result } from '../../../../lab/result'
import { toPreset } from '../../../../settings'
import type { ModelInfo } from '../../../../model/types'
import type { Settings } from '../../../../settings/types'
import type { LabStorage } from '../../../../storage/lab'
import { keepImages, readImages } from './images'
import { pointOf, type Point } from './point'

/** What drawing took: time, and rows of networks. */
export interface Cost {
  readonly milliseconds: number
  readonly rows: number
}

interface Told {
  readonly point: Point
  /** What was varied. */
  readonly values: Readonly<Record<string, string>>
  readonly metrics: Metrics
  /** Of all of its images; null where some were drawn on an earlier visit. */
  readonly cost: Cost | null
  /** Digest of the judge's weights. */
  readonly judge: string
  /** Milliseconds since 1970. */
  readonly made: number
}

export function resultOf({ point, values, metrics, cost, judge, made }: Told): Result {
  const { key, drawn, model } = point
  const { seed, samples: _, class: label, ...preset } = toPreset(drawn)
  return {
    id: key.slice(0, key.indexOf('-')),
    values,
    preset: { ...preset, class: label === 'none' ? label : 'each' },
    seed: Number(seed),
    images: metrics.samples,
    metrics: Object.fromEntries(
      METRICS.flatMap((name) => {
        const estimate = metrics[name]
        return estimate ? [[name, estimate]] : []
      }),
    ),
    rows: cost?.rows ?? null,
    seconds: cost && cost.milliseconds / 1000,
    judge,
    source: sourceOf(drawn, model),
    made: new Date(made).toISOString(),
    by: 'page',
  }
}

/** Keeps the row of a point, unless there is one of more images; what was varied before stays said where nothing is now. */
export async function keepResult(storage: LabStorage, { key }: Point, result: Result, made: number): Promise<void> {
  const before = readResult((await storage.get('results', key))?.value)
  if (typeof before !== 'string' && before.images > result.images) return
  const varied = Object.keys(result.values).length > 0 || typeof before === 'string' ? result.values : before.values
  await storage.put({ results: [{ id: key, made, value: { ...result, values: varied } }] })
}

interface JudgedElsewhere {
  readonly settings: Settings
  readonly model: ModelInfo
  /** Digest of the judge's weights. */
  readonly judge: string
  /** Of image 0 and those after it. */
  readonly judged: readonly Judged[]
  readonly metrics: Metrics
}

/** Keeps what another part of the page judged, as if the lab had drawn it. */
export async function keepJudged(storage: LabStorage, told: JudgedElsewhere, made: number): Promise<void> {
  const { settings, model, judge, judged, metrics } = told
  const point = pointOf(settings, model, judge)
  const before = await readImages(storage, point.key)
  if (before.judged.length < judged.length)
    await keepImages(storage, point.key, { judged, pictures: before.pictures }, 0, made)
  await keepResult(storage, point, resultOf({ point, values: {}, metrics, cost: null, judge, made }), made)
}
