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
  readonly precision: Estimate
  readonly recall: Estimate
  /** Evaluations of whole images by any network, for one image. */
  readonly evaluations: number
  /** The difference from no guidance where both take Heun's steps; null where that was not drawn. */
  readonly heun: { readonly images: number; readonly against: Estimate } | null
  /** What was measured at each scale that was tried, ascending; empty for no guidance, and in files that do not tell. */
  readonly scales: readonly (Measurement & { readonly scale: number })[]
}

export const estimate = v.object({ value: v.number(), margin: v.nullable(v.number()) })
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
      metrics: v.object({ frechet: estimate, precision: estimate, recall: estimate }),
      against,
      evaluations: v.number(),
      scales: v.optional(scales, []),
      heun: v.optional(v.nullable(v.object({ images, against: estimate })), null),
      weights: v.record(v.string(), v.string()),
    }),
  ),
})

/** Whether networks, as a record names their weights, are still those of the model. */
export function isCurrent(weights: Readonly<Record<string, string>>, { networks }: ModelInfo): boolean {
  const shipped = new Map(networks.map(({ id, weights: { sha256 } }) => [id, sha256]))
  return Object.entries(weights).every(([id, sha256]) => shipped.get(id) === sha256)
}

/** The settings of a preset whose class is a number, "none", or "each" (classes take turns). Throws PublishedError. */
export function settingsOf(
  { class: asked, ...preset }: Readonly<Record<string, unknown>>,
  name: string,
  model: ModelInfo,
): Settings {
  const parsed = parsePreset(asked === 'each' ? preset : { ...preset, class: asked }, model)
  if (!parsed.ok) throw wrong(model, `${name}: ${parsed.problem}`)
  return parsed.settings
}

const wrong = (model: ModelInfo, why: string) =>
  new PublishedError(`evaluation.json of ${model.id}: ${why}. Write it again with table.py.`)

/** A part of the file as a schema reads it. Throws PublishedError. */
export function parsedBy<T>(part: v.GenericSchema<unknown, T>, json: unknown, model: ModelInfo): T {
  const result = v.safeParse(part, json)
  if (result.success) return result.output
  const [issue] = result.issues
  throw wrong(model, `${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`)
}

/** The rows whose networks are still those of the model; the others say nothing about it. Throws PublishedError. */
export function parsePublished(json: unknown, model: ModelInfo): readonly Published[] {
  return parsedBy(schema, json, model)
    .rows.filter((row) => isCurrent(row.weights, model))
    .map(({ name, preset, metrics, ...row }) => ({
      name,
      settings: settingsOf(preset, name, model),
      images: row.images,
      frechet: metrics.frechet,
      against: row.against,
      precision: metrics.precision,
      recall: metrics.recall,
      evaluations: row.evaluations,
      heun: row.heun,
      scales: [...row.scales].sort((a, b) => a.scale - b.scale),
    }))
}
