/** Reads what a person brought of a network: its graph, what describes it, and the weights that the graph names. */
import { messageOf } from '../../core/failure'
import { type BroughtFiles, lookAt, type Look } from '../../engine/opened/brought'
import { type GraphRole, roleOf } from '../../engine/opened/roles'
import { GraphError } from '../../network/onnx'
import { EmbeddingsError, parseEmbeddings } from '../../model/embeddings'
import { baseName, type BroughtFile, dataOf, isConfig, isEmbeddings } from './files'
import { besideOf, type Beside, hasTokenizer, ownName, weightFilesOf } from './beside'
import { refusalOf } from './limits'
import { BroughtError, read } from './reading'

export interface Source {
  readonly files: readonly BroughtFile[]
  readonly graph: string
}

export type OnRead = (done: number, total: number, what: string) => void

/** No description is longer, nor a tokenizer. */
const LONGEST_CONFIG = 20e6
async function readConfigs(files: readonly BroughtFile[]) {
  const configs: { name: string; json: unknown }[] = []
  const notes: string[] = []
  for (const { path, file } of files.filter(isConfig)) {
    if (file.size > LONGEST_CONFIG) continue
    try {
      configs.push({ name: path, json: JSON.parse(await file.text()) })
    } catch (error) {
      notes.push(`${path} was left out, as it is not JSON: ${messageOf(error).slice(0, 120)}`)
    }
  }
  return { configs, notes }
}

/** Embeddings of texts, whose file a model names. */
export interface Texts {
  readonly file: string
  readonly prompts: readonly string[]
}

/** No embeddings of a handful of texts are longer. */
const LONGEST_EMBEDDINGS = 500e6
const LONGEST_HEADER = 10e6

/** By its header: weights that PyTorch saved are safetensors, too, and may be large. */
async function saysPrompts({ file }: BroughtFile): Promise<boolean> {
  if (file.size < 8) return false
  const view = new DataView(await file.slice(0, 8).arrayBuffer())
  const header = Number(view.getBigUint64(0, true))
  return (await file.slice(8, 8 + Math.min(header, LONGEST_HEADER)).text()).includes('"prompts"')
}

/** The first file of embeddings among the files; others, such as a network's own weights, are left out. */
async function readTexts(files: readonly BroughtFile[]) {
  const notes: string[] = []
  for (const one of files.filter(isEmbeddings)) {
    if (one.file.size > LONGEST_EMBEDDINGS || !(await saysPrompts(one).catch(() => false))) continue
    const bytes = await read(one, () => undefined)
    const file = baseName(one.path)
    try {
      return { texts: { file, prompts: parseEmbeddings(bytes, file).prompts }, bytes, notes }
    } catch (error) {
      if (!(error instanceof EmbeddingsError)) throw error
      notes.push(`${file} was left out: ${error.message}`)
    }
  }
  return { texts: null, bytes: null, notes }
}

export interface LookedAt {
  readonly look: Look
  /** Without weights of other files. */
  readonly brought: BroughtFiles
  /** Those files, by the location that the graph has for each. */
  readonly data: ReadonlyMap<string, BroughtFile>
  readonly texts: Texts | null
  readonly beside: Beside
  /** What each graph is by what it takes and gives, by its path. */
  readonly kinds: Readonly<Record<string, GraphRole>>
  readonly notes: readonly string[]
  /** Of the graph and its weights. */
  readonly bytes: number
}

/** Reads the graph, and looks for its weights among the files. `known`: what lies beside it, where that was seen before. Rejects with BroughtError. */
export async function lookAtFiles(
  { files, graph }: Source,
  onRead: OnRead,
  known?: Awaited<ReturnType<typeof besideOf>>,
): Promise<LookedAt> {
  const found = files.find(({ path }) => path === graph)
  if (!found) throw new BroughtError(`${graph} is not among the files. Drop it again.`)
  const refusal = refusalOf({ path: graph, size: found.file.size })
  if (refusal !== null) throw new BroughtError(refusal)
  let done = 0
  const bytes = await read(found, (count) => onRead((done += count), found.file.size, graph))
  const { configs, notes } = await readConfigs(files)
  const embedded = await readTexts(files)
  const brought: BroughtFiles = {
    graph: { file: baseName(graph), bytes },
    data: embedded.texts ? { [embedded.texts.file]: embedded.bytes } : {},
    configs,
  }
  let look: Look
  try {
    look = lookAt(brought)
  } catch (error) {
    if (!(error instanceof GraphError)) throw error
    throw new BroughtError(`${graph} can’t be opened: ${error.message}. Export it again as ONNX, or drop another file.`)
  }
  const pairs = look.missing.map((location) => [location, dataOf(location, graph, files)] as const)
  const data = new Map(pairs.flatMap(([location, file]) => (file ? [[location, file] as const] : [])))
  const weighed = new Set(data.values())
  const { beside, notes: others, kinds } = known ?? (await besideOf(files, graph, weighed))
  const encodes = hasTokenizer(configs)
  return {
    look: { ...look, missing: look.missing.filter((location) => !data.has(location)) },
    brought,
    data,
    texts: embedded.texts,
    kinds: { [graph]: roleOf(look), ...kinds },
    beside: encodes ? beside : { ...beside, encoders: [] },
    notes: [
      ...notes,
      ...embedded.notes,
      ...others,
      ...(beside.encoders.length > 0 && !encodes
        ? [
            `${beside.encoders.join(', ')} makes embeddings of texts: drop also its tokenizer.json and tokenizer_config.json.`,
          ]
        : []),
    ],
    bytes: [...weighed].reduce((sum, { file }) => sum + file.size, found.file.size),
  }
}

export interface Read {
  readonly brought: BroughtFiles
  readonly texts: Texts | null
  /** Locations of the network's own weights. */
  readonly weights: readonly string[]
  /** What makes pictures of latents, by names in `brought.data`. */
  readonly decoder: { readonly graph: string; readonly weights: readonly string[] } | null
}

/** All that the network is made of, and its decoder. Rejects with BroughtError where weights are missing. */
export async function readFiles(source: Source & { readonly beside: Beside }, onRead: OnRead): Promise<Read> {
  const { beside, files } = source
  const { look, brought, data, texts } = await lookAtFiles(source, onRead, { beside, notes: [], kinds: {} })
  if (look.missing.length > 0)
    throw new BroughtError(`The graph’s weights are in ${look.missing.join(', ')}: drop that file here, too.`)
  const all: Record<string, Uint8Array> = { ...brought.data }
  const others = files.filter((file) => ![...data.values()].includes(file))
  const decoder = files.find(({ path }) => path === beside.decoder)
  const graph = decoder && { path: ownName(decoder.path), bytes: await read(decoder, () => undefined) }
  if (graph) all[graph.path] = graph.bytes
  const own = decoder && graph ? weightFilesOf(graph.bytes, decoder.path, others).found.map(([, file]) => file) : []
  const wanted = [...data, ...own.map((file) => [ownName(file.path), file] as const)]
  const total = wanted.reduce((sum, [, { file }]) => sum + file.size, 0)
  let done = 0
  for (const [name, one] of wanted) all[name] = await read(one, (count) => onRead((done += count), total, one.path))
  return {
    brought: { ...brought, data: all },
    texts,
    weights: [...data.keys()],
    decoder: graph ? { graph: graph.path, weights: own.map(({ path }) => ownName(path)) } : null,
  }
}
