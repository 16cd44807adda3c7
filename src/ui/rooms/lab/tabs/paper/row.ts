/** A measured row as a row of results. Pure. */
import { estimateFrom, type Blocked } from '../../../../../evaluation/metrics'
import { sourceOf } from '../../../../../lab/identity'
import type { Result } from '../../../../../lab/result'
import { toPreset } from '../../../../../settings'
import type { Point } from '../../judged/point'

interface Told {
  readonly point: Point
  readonly scale: string
  readonly metrics: Readonly<Record<string, Blocked | null>>
  readonly images: number
  readonly judge: string
  /** Milliseconds since 1970. */
  readonly made: number
}

export function resultRow({ point, scale, metrics, images, judge, made }: Told): Result {
  const { key, drawn, model } = point
  const { seed, samples: _, class: label, ...preset } = toPreset(drawn)
  return {
    id: key.slice(0, key.indexOf('-')),
    values: { scale },
    preset: { ...preset, class: label === 'none' ? label : 'each' },
    seed: Number(seed),
    images,
    metrics: Object.fromEntries(
      Object.entries(metrics).flatMap(([name, own]) => (own ? [[name, estimateFrom(own)]] : [])),
    ),
    rows: null,
    seconds: null,
    judge,
    source: sourceOf(drawn, model),
    made: new Date(made).toISOString(),
    by: 'page',
  }
}
