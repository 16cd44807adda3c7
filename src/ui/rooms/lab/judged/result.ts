/** A measured point as a row of results, which the page keeps and the command line reads. Pure. */
import { metricsFrom, type Measured } from '../../../../evaluation/metrics'
import { METRICS } from '../../../../evaluation/paired'
import { sourceOf } from '../../../../lab/identity'
import type { Result } from '../../../../lab/result'
import { toPreset } from '../../../../settings'
import type { Point } from './point'
import type { Cost } from './work'

interface Told {
  readonly point: Point
  /** What was varied. */
  readonly values: Readonly<Record<string, string>>
  readonly measured: Measured
  /** Of all of its images; null where some were drawn on an earlier visit. */
  readonly cost: Cost | null
  /** Digest of the judge's weights. */
  readonly judge: string
  /** Milliseconds since 1970. */
  readonly made: number
}

export function resultOf({ point, values, measured, cost, judge, made }: Told): Result {
  const { key, drawn, model } = point
  const { seed, samples: _, class: label, ...preset } = toPreset(drawn)
  const metrics = metricsFrom(measured)
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
