/** The curves of a published evaluation: the same method and networks, with one setting changed from point to point. Pure. */
import * as v from 'valibot'
import type { ModelInfo } from '../model/types'
import type { Settings } from '../settings/types'
import type { Estimate } from './metrics'
import { estimate, isCurrent, parsedBy, settingsOf } from './published'

export interface CurvePoint {
  /** As a preset says it: a number, "inf", or layers. */
  readonly x: number | string | readonly number[]
  readonly settings: Settings
  readonly frechet: Estimate
  /** How far that is from no guidance, by as many images of the same noise; null where that was not drawn. */
  readonly against: Estimate | null
}

export interface Curve {
  readonly name: string
  readonly title: string
  /** The preset's key that changes, and what a person calls it. */
  readonly key: string
  readonly across: string
  readonly images: number
  readonly points: readonly CurvePoint[]
}

const schema = v.object({
  first: v.pipe(v.number(), v.integer(), v.minValue(1)),
  curves: v.array(
    v.object({
      name: v.string(),
      title: v.string(),
      across: v.string(),
      key: v.string(),
      images: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
      preset: v.record(v.string(), v.unknown()),
      weights: v.record(v.string(), v.string()),
      points: v.array(
        v.object({
          x: v.union([v.number(), v.string(), v.array(v.number())]),
          frechet: estimate,
          against: v.nullable(estimate),
        }),
      ),
    }),
  ),
})

/** The curves whose networks are still those of the model. Throws PublishedError. */
export function parseCurves(json: unknown, model: ModelInfo): readonly Curve[] {
  const { first, curves } = parsedBy(schema, json, model)
  return curves
    .filter(({ weights }) => isCurrent(weights, model))
    .map(({ name, title, across, key, images, preset, points }) => ({
      name,
      title,
      across,
      key,
      images: images ?? first,
      points: points.map(({ x, frechet, against }) => ({
        x,
        settings: settingsOf({ ...preset, [key]: x }, name, model),
        frechet,
        against,
      })),
    }))
}
