/** What crosses between the page and the worker that measures sets of judged images, and the checks of it on arrival. */
import * as v from 'valibot'
import type { JudgeInfo } from '../evaluation/judge'
import type { Blocked, Judged, Measured } from '../evaluation/metrics'

const whole = v.pipe(v.number(), v.integer(), v.minValue(0))

const features = v.custom<Float32Array>((value) => value instanceof Float32Array)

const judged = v.object({
  index: whole,
  asked: v.nullable(whole),
  seen: whole,
  features,
}) satisfies v.GenericSchema<unknown, Judged>

const blocked = v.object({
  whole: v.number(),
  without: v.pipe(v.array(v.number()), v.readonly()),
}) satisfies v.GenericSchema<unknown, Blocked>

const measured = v.object({
  indices: v.pipe(v.array(whole), v.readonly()),
  frechet: blocked,
  agreement: v.nullable(blocked),
  precision: blocked,
  recall: blocked,
  clarity: v.nullable(blocked),
  shift: v.nullable(blocked),
}) satisfies v.GenericSchema<unknown, Measured>

const order = v.variant('kind', [
  /** First message: held-out renders as the judge saw them. `info` is checked where it is read. */
  v.object({
    kind: v.literal('real'),
    info: v.custom<JudgeInfo>((value) => typeof value === 'object' && value !== null && 'statistics' in value),
    bytes: v.custom<Uint8Array>((value) => value instanceof Uint8Array),
    attributes: v.nullable(v.custom<Uint8Array>((value) => value instanceof Uint8Array)),
  }),
  /** Sets to be measured, each by itself. Answered by `measured` or `failed`. */
  v.object({
    kind: v.literal('measure'),
    id: whole,
    sets: v.pipe(v.array(v.pipe(v.array(judged), v.readonly())), v.readonly()),
  }),
  /** Single images, by their features. Answered by `distances` or `failed`. */
  v.object({ kind: v.literal('distances'), id: whole, features: v.pipe(v.array(features), v.readonly()) }),
])

const answer = v.variant('kind', [
  v.object({ kind: v.literal('measured'), id: whole, sets: v.pipe(v.array(measured), v.readonly()) }),
  v.object({ kind: v.literal('distances'), id: whole, distances: v.pipe(v.array(v.number()), v.readonly()) }),
  v.object({ kind: v.literal('failed'), id: whole, message: v.string() }),
])

export type Order = v.InferOutput<typeof order>
export type Answer = v.InferOutput<typeof answer>

/** Throws ValiError for anything that is not an order. */
export function parseOrder(data: unknown): Order {
  return v.parse(order, data)
}

/** Throws ValiError for anything that is not an answer. */
export function parseAnswer(data: unknown): Answer {
  return v.parse(answer, data)
}
