/**
 * Opens a network that somebody brought: finds its attention maps, proves on this machine that guidance does there what it says, and
 * prepares the graph that the engine runs. What fails inside refuses nothing else: methods that need nothing from inside run anyway.
 */
import type { InferenceSession } from 'onnxruntime-web'
import { parseEmbeddings, type Embeddings } from '../../model/embeddings'
import { filesOf, parseManifest } from '../../model/manifest'
import type { ModelInfo } from '../../model/types'
import { insertControls } from '../../network/controls/insert'
import { findMaps, type MapSurvey } from '../../network/maps/find'
import { holdTogether, proveMaps, type Proof } from '../../network/maps/prove'
import type { ProofRequest } from '../../network/maps/trial'
import { guidable, type MapLayer, type OpenGraph } from '../../network/maps/types'
import { copyModel, GraphError, serializeModel, type ModelProto } from '../../network/onnx'
import type { AttentionLayer } from '../../network/types'
import type { Weights } from '../../network/weights'
import { goldenBytes } from '../golden'
import { OnnxDenoiser } from '../onnx-denoiser'
import { withGrids } from './grids'
import { openGraph } from '../open-graph'
import type { Runtime } from '../runtime'
import { ready, type BroughtFiles } from './brought'
import { handled } from './handles'
import { broughtAs, entryOf, layersOf, modelOf, type Hash } from './manifest'
import { classFeeds, trialCases, trialFeeds } from './trial'

export interface OpenOptions {
  readonly runtime: Runtime
  readonly hash: Hash
  readonly sessionOptions?: InferenceSession.SessionOptions
  /** `what` is under way: a clause. `total` grows while what there is to do is not known. */
  readonly onProgress?: (done: number, total: number, what: string) => void
}

export interface Opened {
  readonly model: ModelInfo
  /** By the names that the model has for its files. */
  readonly files: Readonly<Record<string, Uint8Array>>
  /** All maps that were found, with their verdicts after the proof. */
  readonly layers: readonly MapLayer[]
  /** Fused attentions that could not be opened, and why. */
  readonly closed: MapSurvey['closed']
  /** Why no map could be looked for; null where it was done. */
  readonly unread: string | null
  /** What beside the maps guidance can't take hold of, and why, in sentences. */
  readonly refused: readonly string[]
  readonly proof: Proof
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
interface Bench {
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

function bench(
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

const branchesOf = (guided: readonly MapLayer[]) => guided.map(({ branches }) => branches)

/** Where controls act, as it was proved. */
interface Proved {
  readonly graph: ModelProto
  readonly maps: readonly MapLayer[] | null
  readonly layers: readonly AttentionLayer[]
  readonly embedding: ModelInfo['embedding']
}

/** A copy with controls at queries, keys and values. Throws GraphError where the graph does not tell what they need. */
function atQueries(original: ModelProto, guided: readonly MapLayer[], batch: number | null) {
  const model = copyModel(original)
  const layers = insertControls(model, {
    grids: guided.flatMap(({ image }) => image?.grid ?? []),
    branches: branchesOf(guided),
    rows: batch ?? 'dynamic',
    features: [],
    map: null,
    form: 'fused',
  })
  if (layers.some(({ heads }, i) => heads !== guided[i]!.heads))
    throw new GraphError('these are not the layers of the maps')
  return { model, layers }
}

/**
 * Controls at queries, keys and values, which leave fused attentions whole: taken where the same proof holds for them, since they are
 * faster. Null where it does not. `model`: as `findMaps` left it, in which the maps are.
 */
async function faster(
  { original, ask, progress }: Bench,
  guided: readonly MapLayer[],
  model: ModelProto,
): Promise<Proved | null> {
  if (guided.length === 0 || guided.some(({ image }) => !image?.grid)) return null
  progress.more(4 + Math.ceil(guided.length * 1.4))
  try {
    // Made before anything runs, since most graphs that can't be read so show it here.
    const made = atQueries(original, guided, ask.batch)
    const holds = await holdTogether({ ...ask, original, model, layers: guided, insert: () => made })
    return holds ? { graph: original, maps: null, layers: layersOf(guided, true), embedding: null } : null
  } catch {
    return null
  }
}

/**
 * `manifest`: of the files as they came, as `manifestOf` makes it. Rejects with ManifestError, GraphError, RangeError for grids or
 * embeddings that don't fit, and with what the runtime rejects with where the graph itself does not run.
 */
export async function openModel(
  brought: BroughtFiles,
  manifest: Readonly<Record<string, unknown>>,
  options: OpenOptions,
): Promise<Opened> {
  const told = parseManifest(manifest)
  const own = bench(brought, told, options)
  const { original, ask, progress } = own
  const model = copyModel(original)
  const sample = told.inputs.find(({ meaning }) => meaning === 'sample')!.name
  const survey = await surveyed(() => findMaps({ ...ask, model, sample }))
  const found = typeof survey === 'string' ? [] : withGrids(survey.layers, told.brought?.grids ?? {})
  progress.more(3 + Math.ceil(found.filter(guidable).length * 1.4))
  const proof = await proveMaps({
    ...ask,
    original,
    model: typeof survey === 'string' ? original : model,
    layers: found,
  })
  const guided = proof.layers.filter(guidable)
  const atMaps: Proved =
    guided.length === 0
      ? { graph: original, maps: null, layers: [], embedding: null }
      : { graph: model, maps: guided, layers: layersOf(guided, false), embedding: null }
  const proved = (await faster(own, guided, model)) ?? atMaps
  const { whole, refused } =
    typeof survey === 'string'
      ? { whole: proved, refused: [] }
      : ((await withHandles(own, proved, guided, model)) ?? (await withHandles(own, atMaps, guided, model))!)
  return {
    ...withBrought(await packed(own, manifest, whole, guided, proof, options), brought),
    layers: proof.layers,
    closed: typeof survey === 'string' ? [] : survey.closed,
    unread: typeof survey === 'string' ? survey : null,
    refused,
    proof,
  }
}

function isReadable(read: () => unknown): boolean {
  try {
    read()
    return true
  } catch {
    return false
  }
}

/** Noise levels, spread over the whole range, whose embeddings are looked at. */
const LEVELS = 9

/**
 * With what guidance takes hold of beside the maps; null where controls at queries can't be read any more for it, as an input that is
 * added hides lengths. `model`: as `findMaps` left it.
 */
async function withHandles(
  { told, original, weights, ask, progress }: Bench,
  proved: Proved,
  guided: readonly MapLayer[],
  model: ModelProto,
): Promise<{ readonly whole: Proved; readonly refused: readonly string[] } | null> {
  progress.more(8 + guided.length)
  const noise = told.inputs.find(({ meaning }) => meaning === 'noise-level')?.name ?? null
  const { min, max } = told.sigma
  const rows = ask.batch ?? 1
  const levels = Array.from({ length: LEVELS }, (_, i) => ask.feeds(rows, min * (max / min) ** (i / (LEVELS - 1))))
  const { kind, labelDropout, classes: all } = told.conditioning
  const sample = told.inputs.find(({ meaning }) => meaning === 'sample')!.name
  // Weights of classes that are all zero ask for none, whatever it was trained with.
  const asksForNone = labelDropout || told.inputs.some(({ meaning }) => meaning === 'class-weights')
  const classes = kind === 'class' && asksForNone ? { count: all.length, feeds: ask.classes } : null
  const request = { ...ask, original, model, layers: guided, noise, weights, levels, sample, classes }
  const { layers, embedding, insert, refused } = await handled(request, proved.layers)
  const graph = insert(proved.graph)
  if (proved.maps === null && guided.length > 0 && !isReadable(() => atQueries(graph, guided, ask.batch))) return null
  return { whole: { ...proved, graph, layers, embedding }, refused }
}

/** The model and its files, with what the network gives here, which every device that runs it later has to give too. */
async function packed(
  { weights, embeddings, progress }: Bench,
  manifest: Readonly<Record<string, unknown>>,
  { graph, maps, layers, embedding }: Proved,
  guided: readonly MapLayer[],
  { rows, dependent }: Proof,
  { runtime, sessionOptions, hash }: OpenOptions,
): Promise<Pick<Opened, 'model' | 'files'>> {
  const bytes = serializeModel(graph)
  const kept = weights.data.byteLength > 0 ? weights.data : null
  // A row that hears of its company is asked alone.
  const fixedRows = rows ?? (dependent ? 1 : null)
  const prepared = { graph: bytes, weights: kept, layers, maps, branches: branchesOf(guided), fixedRows, embedding }
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
function withBrought({ model, files }: Pick<Opened, 'model' | 'files'>, { data }: BroughtFiles) {
  const others = filesOf(model).flatMap(({ file }) => {
    const bytes = file in files ? null : broughtAs(file, data)
    return bytes ? [[file, bytes] as const] : []
  })
  return { model, files: { ...files, ...Object.fromEntries(others) } }
}

/** What the search found, or why there could be none. */
async function surveyed(search: () => Promise<MapSurvey>): Promise<MapSurvey | string> {
  try {
    return await search()
  } catch (error) {
    // Where the graph itself does not run, the proof tells.
    return error instanceof Error ? error.message : String(error)
  }
}
