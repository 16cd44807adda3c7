/** What every opening of a network starts from and ends in: its graph on a runtime with made-up inputs, and the model with its prepared files. */
import type { InferenceSession } from 'onnxruntime-web'
import { parseEmbeddings, type Embeddings } from '../../model/embeddings'
import { filesOf } from '../../model/manifest'
import type { ModelInfo } from '../../model/types'
import type { Proof } from '../../network/maps/prove'
import type { ProofRequest } from '../../network/maps/trial'
import type { MapLayer, OpenGraph } from '../../network/maps/types'
import { serializeModel, type ModelProto } from '../../network/onnx'
import type { AttentionLayer } from '../../network/types'
import type { Weights } from '../../network/weights'
import { goldenBytes } from '../golden'
import { OnnxDenoiser } from '../onnx-denoiser'
import { openGraph } from '../open-graph'
import type { Runtime } from '../runtime'
import { ready, type BroughtFiles } from './brought'
import { broughtAs, entryOf, modelOf, type Hash } from './manifest'
import { classFeeds, trialCases, trialFeeds } from './trial'

export interface OpenOptions {
  readonly runtime: Runtime
  readonly hash: Hash
  readonly sessionOptions?: InferenceSession.SessionOptions
  /** `what` is under way: a clause. `total` grows while what there is to do is not known. */
  readonly onProgress?: (done: number, total: number, what: string) => void
}

export interface Packed {
  readonly model: ModelInfo
  /** By the names that the model has for its files. */
  readonly files: Readonly<Record<string, Uint8Array>>
}

/** Of a model that is told texts. Throws RangeError where their file is missing. */
export function embeddingsOf({ conditioning }: ModelInfo, { data }: BroughtFiles): Embeddings | null {
  if (conditioning.kind !== 'text') return null
  const { file } = conditioning.embeddings
  const bytes = broughtAs(file, data)
  if (!bytes) throw new RangeError(`The texts’ embeddings are in the file ${file}; give it too.`)
  return parseEmbeddings(bytes, file)
}

/** Calls itself done step by step, of as many as are known. */
function counted(onProgress: OpenOptions['onProgress'] = () => undefined) {
  let done = 0
  let total = 3
  return {
    more: (steps: number) => void (total += steps),
    step: (what: string) => onProgress((done += 1), Math.max(total, done), what),
  }
}

/** What the steps of an opening share. */
export interface Bench {
  readonly told: ModelInfo
  /** As it came, its weights outside. */
  readonly original: ModelProto
  readonly weights: Weights
  readonly embeddings: Embeddings | null
  readonly progress: ReturnType<typeof counted>
  readonly ask: Pick<ProofRequest, 'open' | 'batch' | 'output' | 'onRun'> & {
    readonly feeds: ReturnType<typeof trialFeeds>
    readonly classes: ReturnType<typeof classFeeds>
  }
}

export function bench(
  brought: BroughtFiles,
  told: ModelInfo,
  { runtime, sessionOptions = {}, onProgress }: OpenOptions,
): Bench {
  const { model: original, weights } = ready(brought)
  const embeddings = embeddingsOf(told, brought)
  const progress = counted(onProgress)
  const graphs = openGraph(runtime, weights, sessionOptions)
  const open: OpenGraph = async (graph) => {
    progress.step('loading the graph')
    return graphs(graph)
  }
  const ask = {
    open,
    feeds: trialFeeds(told, embeddings, runtime),
    classes: classFeeds(told, embeddings, runtime),
    batch: told.fixedRows,
    output: told.output.name,
    onRun: () => progress.step('proving what guidance does'),
  }
  return { told, original, weights, embeddings, progress, ask }
}

export const branchesOf = (guided: readonly MapLayer[]) => guided.map(({ branches }) => branches)

/** Where controls act, as it was proved. */
export interface Proved {
  readonly graph: ModelProto
  readonly maps: readonly MapLayer[] | null
  readonly layers: readonly AttentionLayer[]
  /** Whether layers were looked for. */
  readonly searched: boolean
  readonly embedding: ModelInfo['embedding']
}

/** The model and its files, with what the network gives here, which every device that runs it later has to give too. */
export async function packed(
  { weights, embeddings, progress }: Bench,
  manifest: Readonly<Record<string, unknown>>,
  { graph, maps, layers, searched, embedding }: Proved,
  guided: readonly MapLayer[],
  { rows, dependent }: Pick<Proof, 'rows' | 'dependent'>,
  { runtime, sessionOptions, hash }: OpenOptions,
): Promise<Packed> {
  const bytes = serializeModel(graph)
  const kept = weights.data.byteLength > 0 ? weights.data : null
  // A row that hears of its company is asked alone.
  const fixedRows = rows ?? (dependent ? 1 : null)
  const prepared = {
    graph: bytes,
    weights: kept,
    layers,
    searched,
    maps,
    branches: branchesOf(guided),
    fixedRows,
    embedding,
  }
  const { model, files } = modelOf(manifest, prepared, hash)
  progress.step('keeping what it gives')
  const denoiser = new OnnxDenoiser({
    model,
    graph: bytes,
    weights,
    ...(embeddings && { embeddings }),
    runtime,
    ...(sessionOptions && { sessionOptions }),
    batch: { kind: 'dynamic' },
    maxRows: 2,
  })
  try {
    const golden = goldenBytes(await trialCases(denoiser), model)
    const entry = entryOf('answers.bin', golden, hash)
    return { model: { ...model, golden: entry }, files: { ...files, [entry.file]: golden } }
  } finally {
    await denoiser.dispose()
  }
}

/** With the files that stay as they came: embeddings of texts, a decoder of latents. */
export function withBrought({ model, files }: Packed, { data }: BroughtFiles) {
  const others = filesOf(model).flatMap(({ file }) => {
    const bytes = file in files ? null : broughtAs(file, data)
    return bytes ? [[file, bytes] as const] : []
  })
  return { model, files: { ...files, ...Object.fromEntries(others) } }
}
