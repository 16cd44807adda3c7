/** What was measured of a model before it was shipped (`models/<id>/evaluation.json`, written by `models/train/table.py`). Pure. */
import * as v from 'valibot'
import type { ModelInfo } from '../model/types'
import { parsePreset } from '../settings'
import type { Settings } from '../settings/types'
import type { Estimate } from './metrics'

/** A published evaluation that can't be used. The message says what is wrong with it, and what to do. */
export class PublishedError extends Error {
  override readonly name = 'PublishedError'
}

/** The Fréchet distance of many images of the same settings. */
export interface Measurement {
  readonly images: number
  readonly frechet: Estimate
  /** How far that is from the same network and noise without guidance; null for no guidance, and where that was not drawn. */
  readonly against: Estimate | null
}

export interface Published extends Measurement {
  readonly name: string
  /** All that decides the images but class and seed: classes take turns, and seeds count up. */
  readonly settings: Settings
  /** What was measured at each scale that was tried, ascending; empty for no guidance, and in files that do not tell. */
  readonly scales: readonly (Measurement & { readonly scale: number })[]
}

const estimate = v.object({ value: v.number(), margin: v.nullable(v.number()) })
const images = v.pipe(v.number(), v.integer(), v.minValue(1))
const against = v.nullable(estimate)
const scales = v.array(v.object({ scale: v.number(), images, frechet: estimate, against }))
const schema = v.object({
  format: v.literal(1),
  rows: v.array(
    v.object({
      name: v.string(),
      images,
      preset: v.record(v.string(), v.unknown()),
      metrics: v.object({ frechet: estimate }),
      against,
      scales: v.optional(scales, []),
      weights: v.record(v.string(), v.string()),
    }),
  ),
})

/** The rows whose networks are still those of the model; the others say nothing about it. Throws PublishedError. */
export function parsePublished(json: unknown, model: ModelInfo): readonly Published[] {
  const wrong = (why: string) =>
    new PublishedError(`evaluation.json of ${model.id}: ${why}. Write it again with table.py.`)
  const result = v.safeParse(schema, json)
  if (!result.success) {
    const [issue] = result.issues
    throw wrong(`${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`)
  }
  const shipped = new Map(model.networks.map(({ id, weights }) => [id, weights.sha256]))
  const current = result.output.rows.filter(({ weights }) =>
    Object.entries(weights).every(([id, sha256]) => shipped.get(id) === sha256),
  )
  return current.map(({ name, preset: { class: asked, ...preset }, metrics, ...row }) => {
    const parsed = parsePreset(asked === 'each' ? preset : { ...preset, class: asked }, model)
    if (!parsed.ok) throw wrong(`${name}: ${parsed.problem}`)
    const told = row.scales.toSorted((a, b) => a.scale - b.scale)
    return {
      name,
      settings: parsed.settings,
      images: row.images,
      frechet: metrics.frechet,
      against: row.against,
      scales: told,
    }
  })
}

/** The settings that were measured, for the class (unless none was asked for), seed and number of images that are wanted now. */
export function asMeasured({ settings }: Published, { class: label, seed, samples }: Settings): Settings {
  return { ...settings, class: settings.class === null ? null : (label ?? settings.class), seed, samples }
}
