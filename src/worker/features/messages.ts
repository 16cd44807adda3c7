/** What crosses between the page and the worker that computes a paper's metrics, and the checks of it on arrival. */
import * as v from 'valibot'
import type { ImageSize } from '../../core/image'
import type { Blocked } from '../../evaluation/metrics'

const whole = v.pipe(v.number(), v.integer(), v.minValue(0))
const tensors = v.pipe(v.array(v.custom<Float32Array>((value) => value instanceof Float32Array)), v.readonly())
const file = v.custom<File>((value) => value instanceof Blob && 'name' in value)
const blocked = v.object({
  whole: v.number(),
  without: v.pipe(v.array(v.number()), v.readonly()),
}) satisfies v.GenericSchema<unknown, Blocked>
const size = v.object({ channels: whole, height: whole, width: whole }) satisfies v.GenericSchema<unknown, ImageSize>
const id = whole

const order = v.variant('kind', [
  /** A feature network, the protocol of its pictures, and what to compare with; null: only a reference is to be made. */
  v.object({ kind: v.literal('open'), id, network: file, protocol: v.string(), reference: v.nullable(file) }),
  v.object({ kind: v.literal('see'), id, images: tensors, size }),
  /** Sets of features, each in the order of its images. */
  v.object({ kind: v.literal('measure'), id, sets: v.pipe(v.array(tensors), v.readonly()) }),
  v.object({ kind: v.literal('save'), id, features: tensors }),
])

/** What was opened. `digest`: of the network and its protocol. */
const opened = v.object({
  digest: v.string(),
  /** Null where there is no reference: `count` of its pictures where it says, `features`: whether it has them. */
  reference: v.nullable(v.object({ width: whole, count: v.nullable(whole), features: v.boolean() })),
})

const answer = v.variant('kind', [
  v.object({ kind: v.literal('opened'), id, ...opened.entries }),
  v.object({ kind: v.literal('seen'), id, features: tensors }),
  v.object({
    kind: v.literal('measured'),
    id,
    sets: v.pipe(v.array(v.record(v.string(), v.nullable(blocked))), v.readonly()),
  }),
  v.object({
    kind: v.literal('saved'),
    id,
    bytes: v.custom<Uint8Array<ArrayBuffer>>((value) => value instanceof Uint8Array),
  }),
  v.object({ kind: v.literal('failed'), id, message: v.string() }),
])

export type Order = v.InferOutput<typeof order>
export type Answer = v.InferOutput<typeof answer>
export type OpenedFeatures = v.InferOutput<typeof opened>

/** Throws ValiError for anything that is not an order. */
export const parseOrder = (data: unknown): Order => v.parse(order, data)
/** Throws ValiError for anything that is not an answer. */
export const parseAnswer = (data: unknown): Answer => v.parse(answer, data)
