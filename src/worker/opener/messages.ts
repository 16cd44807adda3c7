/** What crosses between the page and the worker that opens people's models, and the checks of it on arrival. */
import * as v from 'valibot'
import type { Look } from '../../engine/opened/brought'
import type { LayerMap } from '../../evaluation/layers/map'
import type { ProposedDescription } from '../../model/guess'
import type { ModelInfo } from '../../model/types'
import type { MapLayer } from '../../network/maps/types'

const whole = v.pipe(v.number(), v.integer(), v.minValue(0))
const text = v.string()
const tensor = v.custom<Float32Array>((value) => value instanceof Float32Array)
const bytes = v.custom<Uint8Array<ArrayBuffer>>((value) => value instanceof Uint8Array)
const hasAll = (value: unknown, keys: readonly string[]) =>
  typeof value === 'object' && value !== null && keys.every((key) => key in value)

/** Descriptions and models are checked in full where they are read, as manifests: here only their kind is. */
const description = v.custom<ProposedDescription>((value) => hasAll(value, ['image', 'inputs', 'prediction']))
const model = v.custom<ModelInfo>((value) => hasAll(value, ['id', 'layers']))
const look = v.custom<Look>((value) => hasAll(value, ['parameters', 'inputs', 'missing']))
const share = v.pipe(v.number(), v.minValue(0))
const layerMap = v.object({
  levels: v.pipe(v.array(share), v.readonly()),
  layers: v.pipe(
    v.array(
      v.pipe(
        v.array(
          v.object({
            size: share,
            where: v.object({
              height: whole,
              width: whole,
              shares: v.custom<Float64Array>((value) => value instanceof Float64Array),
            }),
            bands: v.pipe(v.array(share), v.readonly()),
          }),
        ),
        v.readonly(),
      ),
    ),
    v.readonly(),
  ),
}) satisfies v.GenericSchema<unknown, LayerMap>
const layer = v.custom<MapLayer>((value) => hasAll(value, ['verdict', 'queries']))

const named = v.object({
  /** What people read. */
  name: text,
  /** Names of classes, in order; those that are missing are numbered. */
  classes: v.exactOptional(v.pipe(v.array(text), v.readonly())),
  /** Texts to choose from, where an encoder makes embeddings of them. */
  prompts: v.exactOptional(v.pipe(v.array(text), v.readonly())),
  /** How tokens lie, told by hand: [height, width] by the index of the layer. */
  grids: v.exactOptional(v.record(text, v.tuple([whole, whole]))),
})

/** Files as the browser gives them: the worker reads them, the page never holds them. */
const brought = {
  files: v.pipe(
    v.array(v.object({ path: text, file: v.custom<File>((value) => value instanceof Blob && 'name' in value) })),
    v.readonly(),
  ),
  /** Path of the graph among them. */
  graph: text,
}
/** Paths of other graphs of a pipeline that are of use. */
const beside = v.object({ decoder: v.nullable(text), encoders: v.pipe(v.array(text), v.readonly()) })
const asked = { ...brought, beside, description, named, threads: v.pipe(whole, v.minValue(1)) }

const order = v.variant('kind', [
  /** Answered by `looked` or `failed`, as each by its own or `failed`. */
  v.object({ kind: v.literal('look'), id: whole, ...brought }),
  v.object({ kind: v.literal('try'), id: whole, ...asked }),
  /** `inside`: its layers are found and proved; else it is taken as it came. */
  v.object({ kind: v.literal('open'), id: whole, inside: v.boolean(), ...asked }),
  /** What PAG does at each layer of a model that was opened. */
  v.object({ kind: v.literal('map'), id: whole, model, files: v.record(text, bytes), threads: asked.threads }),
  /** A second network beside an opened one, whose description to be shared is the manifest; `data`: files that its network is told from. */
  v.object({
    kind: v.literal('add'),
    id: whole,
    ...brought,
    model,
    manifest: v.record(text, v.unknown()),
    data: v.record(text, bytes),
    threads: asked.threads,
  }),
])

const told = v.object({
  description,
  named,
})

const answer = v.variant('kind', [
  /** The runtime's files are here, and it begins to start its threads; then again, once it has. */
  v.object({ kind: v.literal('starting'), id: whole, done: v.boolean() }),
  v.object({ kind: v.literal('progress'), id: whole, done: v.number(), total: v.number(), what: text }),
  v.object({
    kind: v.literal('looked'),
    id: whole,
    look,
    /** Bytes of all that the network is made of. */
    bytes: whole,
    /** What a manifest among the files says, in place of a guess; null where there is none. */
    told: v.nullable(told),
    /** Texts whose embeddings came, and their file; null where none did. */
    texts: v.nullable(v.object({ file: text, prompts: v.pipe(v.array(text), v.readonly()) })),
    beside,
    /** What each graph among the files is by what it takes and gives, by its path. */
    kinds: v.record(text, v.picklist(['network', 'text-encoder', 'decoder', 'other'])),
    /** Paths of graphs that are second networks, worse on purpose: named by a manifest, or by their own names. */
    worse: v.pipe(v.array(text), v.readonly()),
    /** Sentences on files that were not read. */
    notes: v.pipe(v.array(text), v.readonly()),
  }),
  v.object({
    kind: v.literal('tried'),
    id: whole,
    pictures: v.pipe(v.array(v.object({ sigma: v.number(), noisy: tensor, denoised: tensor })), v.readonly()),
    /** Of one row, with what loading takes left out; null where that is not known. */
    milliseconds: v.nullable(v.number()),
  }),
  v.object({
    kind: v.literal('opened'),
    id: whole,
    model,
    manifest: v.record(text, v.unknown()),
    /** By their names in the model. */
    files: v.record(text, bytes),
    layers: v.pipe(v.array(layer), v.readonly()),
    /** What beside the layers guidance can't take hold of, and why. */
    refused: v.pipe(v.array(text), v.readonly()),
    /** Sentences on what was not found, and why. */
    notes: v.pipe(v.array(text), v.readonly()),
  }),
  /** The opened model with its second network; `files`: what is new. */
  v.object({
    kind: v.literal('added'),
    id: whole,
    second: text,
    model,
    manifest: v.record(text, v.unknown()),
    files: v.record(text, bytes),
  }),
  v.object({ kind: v.literal('mapped'), id: whole, map: layerMap }),
  v.object({ kind: v.literal('failed'), id: whole, message: text }),
])

export type Order = v.InferOutput<typeof order>
export type Answer = v.InferOutput<typeof answer>
export type Named = v.InferOutput<typeof named>
export type Told = v.InferOutput<typeof told>
export type Asked = Omit<Extract<Order, { kind: 'try' }>, 'kind' | 'id'>
export type Opening = Omit<Extract<Order, { kind: 'open' }>, 'kind' | 'id' | 'threads'>
export type Looked = Omit<Extract<Answer, { kind: 'looked' }>, 'kind' | 'id'>
export type Tried = Omit<Extract<Answer, { kind: 'tried' }>, 'kind' | 'id'>
export type Mapped = Pick<Extract<Order, { kind: 'map' }>, 'model' | 'files'>
export type Adding = Omit<Extract<Order, { kind: 'add' }>, 'kind' | 'id' | 'threads'>
export type Added = Omit<Extract<Answer, { kind: 'added' }>, 'kind' | 'id'>
export type OpenedModel = Omit<Extract<Answer, { kind: 'opened' }>, 'kind' | 'id'>

/** Throws ValiError for anything that is not an order. */
export function parseOrder(data: unknown): Order {
  return v.parse(order, data)
}

/** Throws ValiError for anything that is not an answer. */
export function parseAnswer(data: unknown): Answer {
  return v.parse(answer, data)
}
