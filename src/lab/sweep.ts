/** A sweep file: a grid whose every cell is judged over many images. The page, the command line and a workflow read the same file. */
import * as v from 'valibot'
import type { JsonSchema } from '../settings/json-schema'
import { isAxisKey, type Axis } from './axis'
import { LabError } from './error'
import { sizeOf, type Grid } from './grid'
import { MOST_VALUES, valuesOf } from './values'

export interface Sweep extends Grid {
  readonly title: string
  /** What it is to show, in a sentence or two. */
  readonly about: string
  /** Images of each cell. */
  readonly images: number
  /** The family whose judge sees them; null: the model's own. */
  readonly judge: string | null
}

export const MOST_AXES = 3
export const MOST_CELLS = 10_000
export const MOST_IMAGES = 1_000_000

const scalar = v.union([v.string(), v.number(), v.boolean()])
const value = v.union([scalar, v.pipe(v.array(scalar), v.minLength(1))])
const File = v.strictObject({
  $schema: v.optional(v.string()),
  title: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  about: v.optional(v.pipe(v.string(), v.maxLength(2000)), ''),
  preset: v.optional(v.record(v.string(), v.unknown()), {}),
  axes: v.pipe(
    v.array(
      v.strictObject({
        key: v.pipe(v.string(), v.check(isAxisKey, 'is no setting that can be varied')),
        values: v.union([v.string(), v.pipe(v.array(value), v.minLength(1), v.maxLength(MOST_VALUES))]),
      }),
    ),
    v.minLength(1),
    v.maxLength(MOST_AXES),
  ),
  images: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST_IMAGES)),
  judge: v.optional(v.nullable(v.string()), null),
})

const textOf = (one: v.InferOutput<typeof value>): string =>
  typeof one === 'object' ? one.map(String).join('_') : String(one)

function axisOf({ key, values }: v.InferOutput<typeof File>['axes'][number]): Axis {
  if (typeof values === 'string') return { key, values: valuesOf(values) }
  const texts = values.map(textOf)
  const twice = texts.find((text, i) => texts.indexOf(text) < i)
  if (twice !== undefined) throw new LabError(`The axis ${key} has “${twice}” twice: leave one out.`)
  return { key, values: texts }
}

/** Throws LabError that names the place. What the preset says is judged with each cell, by the model that it asks for. */
export function parseSweep(json: unknown): Sweep {
  const read = v.safeParse(File, json)
  if (!read.success) {
    const [issue] = read.issues
    const place = v.getDotPath(issue) ?? 'the file'
    throw new LabError(`This is no sweep: ${place}: ${issue.message}. docs/sweeps.md describes the file.`)
  }
  const { title, about, preset, axes, images, judge } = read.output
  const sweep: Sweep = { title, about, preset, axes: axes.map(axisOf), images, judge }
  const keys = sweep.axes.map(({ key }) => key)
  const twice = keys.find((key, i) => keys.indexOf(key) < i)
  if (twice !== undefined) throw new LabError(`Two axes vary ${twice}: join them into one.`)
  if (sizeOf(sweep) > MOST_CELLS)
    throw new LabError(
      `The sweep has ${sizeOf(sweep)} cells, and ${MOST_CELLS} are the most: split it into several files.`,
    )
  return sweep
}

/** The file of a sweep, which `parseSweep` reads back. */
export function sweepJson({ title, about, preset, axes, images, judge }: Sweep): Record<string, unknown> {
  return { title, ...(about !== '' && { about }), preset, axes, images, ...(judge !== null && { judge }) }
}

/** The JSON Schema of sweep files. `keys`: what an axis may vary; `preset`: the address of the schema of presets. */
export function sweepSchema(keys: readonly string[], preset: string): JsonSchema {
  const one: JsonSchema = { anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }] }
  const values: JsonSchema = {
    description: 'a list, or a text such as "0..2 by 0.25", "0.05..5 log 7", "0..1 in 5", "pag, seg"',
    anyOf: [
      { type: 'string' },
      { type: 'array', items: { anyOf: [one, { type: 'array', items: one }] }, minItems: 1, maxItems: MOST_VALUES },
    ],
  }
  const axis: JsonSchema = {
    type: 'object',
    properties: { key: { description: 'the setting that is varied', enum: keys }, values },
    required: ['key', 'values'],
    unevaluatedProperties: false,
  }
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Sweep',
    type: 'object',
    properties: {
      $schema: { type: 'string' },
      title: { type: 'string' },
      about: { description: 'what it is to show', type: 'string' },
      preset: { description: 'what all cells share, as a preset file says it', $ref: preset },
      axes: { type: 'array', items: axis, minItems: 1, maxItems: MOST_AXES },
      images: { description: 'images of each cell', type: 'integer', minimum: 1, maximum: MOST_IMAGES },
      judge: { description: 'the family whose judge sees the images', anyOf: [{ type: 'string' }, { const: null }] },
    },
    required: ['title', 'axes', 'images'],
    unevaluatedProperties: false,
  }
}
