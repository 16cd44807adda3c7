/**
 * A second network beside an opened one, to be the worse of the two: asked in the same words, proved to run and to keep its rows apart on this
 * machine, and run as it came. Nothing is looked for inside it.
 */
import { meansModel, openedId, openedParts } from '../../model/opened'
import type { ModelFile } from '../../model/description'
import type { Embeddings } from '../../model/embeddings'
import type { ModelInfo, NetworkInfo } from '../../model/types'
import { plain } from '../../network/maps/trial'
import { type ModelProto, serializeModel } from '../../network/onnx'
import { countParameters } from '../../network/size'
import type { Weights } from '../../network/weights'
import { asRun } from '../../guidance/networks'
import { type GoldenCase, goldenBytes } from '../golden'
import { interfaceOf } from '../interface'
import { OnnxDenoiser } from '../onnx-denoiser'
import { openGraph } from '../open-graph'
import { disagreement } from './agreement'
import { ready, type BroughtFiles } from './brought'
import { entryOf } from './manifest'
import { embeddingsOf, type OpenOptions } from './bench'
import { trialCases, trialFeeds } from './trial'

export interface Beside {
  /** What people read. */
  readonly name: string
  /** Of graph and weights together, in hexadecimal. */
  readonly sha256: string
  /** Its files as they came: in a description to be shared, this is what names them. */
  readonly graph: ModelFile
}

export interface Seconded {
  /** Of the second network. */
  readonly id: string
  readonly model: ModelInfo
  /** To be shared, of the files as they came. */
  readonly manifest: Readonly<Record<string, unknown>>
  /** What is new among the model's files, by name. */
  readonly files: Readonly<Record<string, Uint8Array>>
}

/** The description with an entry more among its networks, the first of which is the model's own. */
function listed(manifest: Readonly<Record<string, unknown>>, first: ModelInfo, entry: Omit<NetworkInfo, 'weights'>) {
  const { networks, graph, parameters, flops } = manifest
  const { role, labelDropout } = first.networks[0]!
  const main = { ...PLAIN, id: 'main', name: 'Main', role, labelDropout, graph, parameters, flops }
  const before = Array.isArray(networks) ? (networks as readonly { readonly id: string }[]) : [main]
  return { ...manifest, networks: [...before.filter(({ id }) => !meansModel(id, entry.id)), entry] }
}

const PLAIN = { heads: [], samples: 0, sigmaRel: null, averages: [] }

interface Bench {
  readonly model: ModelInfo
  readonly graph: ModelProto
  readonly bytes: Uint8Array
  readonly weights: Weights
  readonly embeddings: Embeddings | null
}

/** What it gives on noise, once it is proved that each row is its own. Rejects with RangeError where it is not, or no number comes out. */
async function answersOf(
  { model, graph, bytes, weights, embeddings }: Bench,
  { runtime, sessionOptions = {}, onProgress = () => undefined }: OpenOptions,
): Promise<readonly GoldenCase[]> {
  onProgress(0, 2, 'loading the second network')
  const open = openGraph(runtime, weights, sessionOptions)
  const feeds = trialFeeds(model, embeddings, runtime)
  const { fixedRows, output } = model
  const asked = { original: graph, model: graph, layers: [], open, feeds, batch: fixedRows, output: output.name }
  const { rows, dependent } = await plain(asked)
  if (rows !== fixedRows || (dependent && rows !== 1))
    throw new RangeError(
      `Rows of the second network ${dependent ? 'hear of each other' : `have to be ${rows} at a time`}, and those of the first do not. Export it as the first was, in evaluation mode (net.eval()).`,
    )
  onProgress(1, 2, 'keeping what it gives')
  const denoiser = new OnnxDenoiser({
    model,
    graph: bytes,
    weights,
    runtime,
    sessionOptions,
    maxRows: 2,
    batch: { kind: 'dynamic' },
    ...(embeddings && { embeddings }),
  })
  try {
    const cases = await trialCases(denoiser)
    if (cases.every(({ denoised }) => denoised.every(Number.isFinite))) return cases
    throw new RangeError('The second network gives values that are no numbers on noise: export it in single precision.')
  } finally {
    await denoiser.dispose()
  }
}

/**
 * `first`: the opened model, with files that its network is told from (embeddings) in `brought.data`; `manifest`: its description to be shared.
 * Rejects with RangeError, in sentences, for a network that is asked in other words, or is the first one itself; GraphError for files that are
 * not there or no graph, and with what the runtime rejects with.
 */
export async function withSecond(
  brought: BroughtFiles,
  first: ModelInfo,
  manifest: Readonly<Record<string, unknown>>,
  { name, sha256, graph: came }: Beside,
  options: OpenOptions,
): Promise<Seconded> {
  if (openedParts(first.id)?.hash === sha256.slice(0, 16))
    throw new RangeError(
      'This is the first network itself, so nothing would push. Choose another file: an earlier, smaller or otherwise worse network.',
    )
  const { model: graph, weights } = ready(brought)
  const why = disagreement(interfaceOf(graph), first)
  if (why !== null) throw new RangeError(why)
  const { hash } = options
  const id = openedId(name, sha256)
  const bytes = serializeModel(graph)
  const data = weights.data.byteLength > 0 ? weights.data : null
  const graphEntry = entryOf(`${id}.onnx`, bytes, hash)
  const weightsEntry = data ? entryOf(`${id}.bin`, data, hash) : graphEntry
  const parameters = countParameters(graph)
  const { labelDropout } = first.conditioning
  const same = { ...PLAIN, id, name, role: 'second' as const, labelDropout, parameters, flops: 2 * parameters }
  const network: NetworkInfo = { ...same, graph: graphEntry, weights: weightsEntry }
  const others = first.networks.filter((one) => !meansModel(id, one.id))
  const model = asRun(id, { ...first, networks: [...others, network] })
  const bench = { model, graph, bytes, weights, embeddings: embeddingsOf(first, brought) }
  const golden = goldenBytes(await answersOf(bench, options), first)
  const goldenEntry = entryOf(`${id}.answers.bin`, golden, hash)
  return {
    id,
    model: { ...first, networks: [...others, { ...network, golden: goldenEntry }] },
    manifest: listed(manifest, first, { ...same, graph: came }),
    files: { [graphEntry.file]: bytes, ...(data && { [weightsEntry.file]: data }), [goldenEntry.file]: golden },
  }
}
