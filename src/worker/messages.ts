/** What crosses between the engine client and its worker, and the checks of it on arrival. */
import * as v from 'valibot'
import type { FinalSample, Lone, StepRecord } from '../sampling/records'
import type { Decoded } from '../engine/latent-decoder'
import type { ModelInfo, NetworkRef } from '../model/types'
import type { Judgement, JudgeInfo } from '../evaluation/judge'
import { isSettings, settingsProblem } from '../settings'
import type { Settings } from '../settings/types'
import { backends } from './backend-registry'
import type { BackendInfo, MapRequest, MapResult, RunSummary } from './protocol'
import { ENGINE_ERROR_CODES, type EngineFailure } from '../core/failure'

const backend = v.picklist(backends.map(({ id }) => id))
const whole = v.pipe(v.number(), v.integer(), v.minValue(0))
const count = v.pipe(whole, v.minValue(1))
const tensor = v.custom<Float32Array>((value) => value instanceof Float32Array)
const bytes = v.custom<Uint8Array>((value) => value instanceof Uint8Array)
const text = v.string()
const port = v.custom<MessagePort>((value) => value instanceof MessagePort)

/** By the table of settings: every row there, in its range. */
const settings = v.custom<Settings>(isSettings, ({ input }) => settingsProblem(input))

const network = v.object({
  id: text,
  sigmaRel: v.exactOptional(v.number()),
  neon: v.exactOptional(v.object({ against: text, w: v.number() })),
}) satisfies v.GenericSchema<unknown, NetworkRef>

const failure = v.object({
  code: v.picklist(ENGINE_ERROR_CODES),
  message: text,
  remedy: text,
  retryable: v.boolean(),
}) satisfies v.GenericSchema<unknown, EngineFailure>

const mapRequest = v.object({
  settings,
  term: v.exactOptional(whole),
  layer: whole,
  x: tensor,
  sigma: v.number(),
  sample: whole,
  step: whole,
}) satisfies v.GenericSchema<unknown, MapRequest>

const mapResult = v.object({
  positive: tensor,
  negative: v.nullable(tensor),
  height: whole,
  width: whole,
}) satisfies v.GenericSchema<unknown, MapResult>

const frame = v.object({ x: tensor, denoised: tensor })
const termRecord = {
  predictionNegative: v.nullable(tensor),
  mask: v.nullable(tensor),
}
const record = v.object({
  index: whole,
  steps: whole,
  sigma: v.number(),
  sigmaNext: v.number(),
  sigmaHat: v.number(),
  inWindow: v.boolean(),
  samples: v.pipe(
    v.array(
      v.object({
        positive: v.nullable(frame),
        negative: v.nullable(frame),
        guided: frame,
        predictionPositive: tensor,
        ...termRecord,
        stacked: v.pipe(v.array(v.object(termRecord)), v.readonly()),
      }),
    ),
    v.readonly(),
  ),
  rows: whole,
}) satisfies v.GenericSchema<unknown, StepRecord>

const final = v.object({
  positive: v.nullable(tensor),
  negative: v.nullable(tensor),
  guided: tensor,
}) satisfies v.GenericSchema<unknown, FinalSample>

const backendInfo = v.object({
  id: backend,
  label: text,
  threads: whole,
  goldenError: v.nullable(v.number()),
}) satisfies v.GenericSchema<unknown, BackendInfo>

const summary = v.object({
  digests: v.array(text),
  evaluatedRows: whole,
  milliseconds: v.number(),
}) satisfies v.GenericSchema<unknown, RunSummary>

const picture = v.object({ image: tensor, height: whole, width: whole }) satisfies v.GenericSchema<unknown, Decoded>

/** The judge's description is checked in full where it is read, like the manifest: here only its kind is. */
const judgeInfo = v.custom<JudgeInfo>(
  (value) => typeof value === 'object' && value !== null && 'weights' in value && 'width' in value,
)
const judgement = v.object({ features: tensor, seen: whole }) satisfies v.GenericSchema<unknown, Judgement>

/** The manifest is checked in full where it is fetched: here only its kind is. */
const model = v.custom<ModelInfo>(
  (value) => typeof value === 'object' && value !== null && 'id' in value && 'layers' in value,
)

const alone = v.pipe(v.array(v.picklist(['positive', 'negative'])), v.readonly()) satisfies v.GenericSchema<
  unknown,
  readonly Lone[]
>

const command = v.variant('kind', [
  /**
   * First message: load the runtime of this candidate. Answered by `ready` (after `load`) or `refused`. `acceptSoftware`
   * allows a WebGPU that is only software; `most`: a backend that finds out on how many cores it is fastest may take so many, and says `tuned`;
   * `lanes`: as many messages `lane` follow.
   */
  v.object({
    kind: v.literal('open'),
    backend,
    threads: count,
    most: v.exactOptional(count),
    acceptSoftware: v.boolean(),
    lanes: v.exactOptional(count),
  }),
  /** The way to a worker that runs programs in the engine's memory; null for one that did not come. */
  v.object({ kind: v.literal('lane'), port: v.nullable(port) }),
  /** Second message: the model to run, and the files of its default network and proof, by name; `networks`: bytes of networks that may be kept. */
  v.object({ kind: v.literal('load'), model, files: v.record(text, bytes), networks: whole }),
  /** Bytes of further files by name; those named in `drop` are no longer needed and may be sent again. */
  v.object({ kind: v.literal('files'), files: v.record(text, bytes), drop: v.array(text) }),
  /** A vision transformer that takes the place of the model's own; null for that. Answered by `vision`. */
  v.object({ kind: v.literal('vision'), id: whole, graph: v.nullable(bytes) }),
  /** Sample. Only sent while no other job is under way. Ends in `finished`, `failed` or `cancelled`. */
  v.object({ kind: v.literal('sample'), job: whole, settings, alone }),
  /** Ends a job within one evaluation. The job still ends in one of its replies, and the next may only be sent after that. */
  v.object({ kind: v.literal('cancel'), job: whole }),
  v.object({ kind: v.literal('map'), id: whole, request: mapRequest }),
  /** Draw images side by side, each of one sample. A job like `sample`; ends in `drawn`, `failed` or `cancelled`. */
  v.object({
    kind: v.literal('draw'),
    job: whole,
    settings: v.pipe(v.array(settings), v.minLength(1), v.readonly()),
    alone,
  }),
  /** The files of the judge, which have to come before the first `judge`. */
  v.object({ kind: v.literal('judge-files'), info: judgeInfo, graph: bytes, weights: bytes }),
  /** Latents to be decoded. Answered by `decoded` or `decode-failed`. */
  v.object({ kind: v.literal('decode'), id: whole, latents: v.pipe(v.array(tensor), v.readonly()) }),
  /** Images of the model's size. Answered by `judged` or `judge-failed`. */
  v.object({ kind: v.literal('judge'), id: whole, images: v.pipe(v.array(tensor), v.readonly()) }),
])

const reply = v.variant('kind', [
  /** The worker holds a lock of this name until it ends, however it ends. */
  v.object({ kind: v.literal('living'), lock: text }),
  v.object({ kind: v.literal('phase'), phase: v.picklist(['compile', 'verify']) }),
  v.object({ kind: v.literal('ready'), backend: backendInfo }),
  /** It found on how many threads it is fastest, and what it is called now. */
  v.object({ kind: v.literal('tuned'), label: text, threads: count }),
  /** The candidate can't be used; the worker is of no further use. */
  v.object({ kind: v.literal('refused'), failure }),
  /** A working device was lost; the worker is of no further use. */
  v.object({ kind: v.literal('lost'), failure }),
  v.object({ kind: v.literal('combining'), network, done: whole, total: whole }),
  /** `message`: why the vision transformer can't be used, or null. */
  v.object({ kind: v.literal('vision'), id: whole, message: v.nullable(text) }),
  v.object({ kind: v.literal('step'), job: whole, record }),
  v.object({ kind: v.literal('finished'), job: whole, samples: v.pipe(v.array(final), v.readonly()), summary }),
  v.object({ kind: v.literal('failed'), job: whole, failure }),
  v.object({ kind: v.literal('cancelled'), job: whole }),
  v.object({ kind: v.literal('map'), id: whole, result: mapResult }),
  v.object({ kind: v.literal('map-failed'), id: whole, message: text }),
  /** The runtime is called once more: a sign of life. */
  v.object({ kind: v.literal('evaluating') }),
  /** Of a draw: the rows that its images have asked for so far, and those of them that were evaluated. */
  v.object({ kind: v.literal('drawing'), job: whole, rows: v.object({ asked: whole, evaluated: whole }) }),
  v.object({ kind: v.literal('drawn'), job: whole, samples: v.pipe(v.array(final), v.readonly()) }),
  v.object({ kind: v.literal('decoded'), id: whole, pictures: v.pipe(v.array(picture), v.readonly()) }),
  v.object({ kind: v.literal('decode-failed'), id: whole, message: text }),
  v.object({ kind: v.literal('judged'), id: whole, judgements: v.pipe(v.array(judgement), v.readonly()) }),
  v.object({ kind: v.literal('judge-failed'), id: whole, message: text }),
])

export type Command = v.InferOutput<typeof command>
export type Reply = v.InferOutput<typeof reply>

/** Throws ValiError for anything that is not a command. */
export function parseCommand(data: unknown): Command {
  return v.parse(command, data)
}

/** Throws ValiError for anything that is not a reply. */
export function parseReply(data: unknown): Reply {
  return v.parse(reply, data)
}
