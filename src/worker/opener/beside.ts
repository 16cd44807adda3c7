/** The other graphs of a pipeline that lie beside a network: what makes pictures of its latents, and what makes embeddings of texts. */
import { GraphError, parseModel } from '../../network/onnx'
import { weightLocations } from '../../network/weights'
import { type GraphRole, roleOfGraph } from '../../engine/opened/roles'
import { embedTexts, type TextEncoder } from '../../engine/opened/texts'
import type { BroughtFiles } from '../../engine/opened/brought'
import type { Runtime } from '../../engine/runtime'
import type { ModelInput } from '../../model/description'
import type { InferenceSession } from 'onnxruntime-web'
import { type BroughtFile, dataOf, graphsOf } from './files'
import { read } from './reading'

/** Paths of the graphs that are of use; null where there is none. */
export interface Beside {
  readonly decoder: string | null
  /** In the pipeline's order: text_encoder, text_encoder_2 … */
  readonly encoders: readonly string[]
}

/** Files of a graph's weights by the graph's names for them, and the names of those that are not there. Throws GraphError. */
export function weightFilesOf(graph: Uint8Array, path: string, files: readonly BroughtFile[]) {
  const pairs = weightLocations(parseModel(graph)).map((name) => [name, dataOf(name, path, files)] as const)
  return {
    found: pairs.flatMap(([location, file]) => (file ? [[location, file] as const] : [])),
    missing: pairs.flatMap(([location, file]) => (file ? [] : [location])),
  }
}

/** A larger one is not read to see what it is. */
const LONGEST = 1.5e9

/** By what they take and give. `taken`: the network's own weights, which are no other graph's of the same name. `notes`: those that can't be read. */
export async function besideOf(
  files: readonly BroughtFile[],
  graph: string,
  taken: ReadonlySet<BroughtFile>,
): Promise<{
  readonly beside: Beside
  readonly notes: readonly string[]
  /** What each of the others is, by its path. */
  readonly kinds: Readonly<Record<string, GraphRole>>
}> {
  let decoder: string | null = null
  const encoders: string[] = []
  const kinds: Record<string, GraphRole> = {}
  const notes: string[] = []
  const others = files.filter((file) => !taken.has(file))
  for (const one of graphsOf(files)) {
    if (one.path === graph || one.file.size > LONGEST || one.file.size === 0) continue
    try {
      const bytes = await read(one, () => undefined)
      const role = roleOfGraph(bytes)
      kinds[one.path] = role
      const { missing } = role === 'decoder' ? weightFilesOf(bytes, one.path, others) : { missing: [] }
      if (missing.length > 0)
        notes.push(`${one.path} makes pictures of latents, with weights in ${missing.join(', ')}: drop that file, too.`)
      else if (role === 'decoder') decoder ??= one.path
      if (role === 'text-encoder') encoders.push(one.path)
    } catch (error) {
      if (!(error instanceof GraphError)) throw error
      notes.push(`${one.path} was left out: ${error.message}.`)
    }
  }
  return { beside: { decoder, encoders: encoders.sort() }, notes, kinds }
}

/** A file of a folder under a name of its own: each part of a pipeline is called model.onnx. */
export const ownName = (path: string): string => path.replaceAll('/', '_')

/** A JSON file of a folder, else of one that is called alike, else anywhere. */
function jsonOf(configs: BroughtFiles['configs'], name: string, folders: readonly string[] = []): unknown {
  const found = folders
    .map((folder) => configs.find((one) => one.name === `${folder}${name}`))
    .find((one) => one !== undefined)
  return (found ?? configs.find((one) => one.name === name || one.name.endsWith(`/${name}`)))?.json
}

/** Where an encoder's tokenizer is: in its own folder, or in one beside it that is called as its own (text_encoder_2, tokenizer_2). */
function tokenizerFolders(path: string): readonly string[] {
  const folder = path.slice(0, path.lastIndexOf('/') + 1)
  return [folder, folder.replace(/text_encoder([^/]*\/)$/, 'tokenizer$1')]
}

/** Whether texts can be made into embeddings: an encoder and its tokenizer are there. */
export const hasTokenizer = (configs: BroughtFiles['configs']): boolean => {
  const json = jsonOf(configs, 'tokenizer.json')
  return typeof json === 'object' && json !== null
}

/** diffusers' word on the empty text; null where there is none. */
function zeroEmptyOf(configs: BroughtFiles['configs']): boolean | null {
  const json = jsonOf(configs, 'model_index.json')
  const told = typeof json === 'object' && json !== null && 'force_zeros_for_empty_prompt' in json
  return told ? json.force_zeros_for_empty_prompt === true : null
}

/** The weights that a graph has in other files. */
async function weightsOf(graph: Uint8Array, path: string, files: readonly BroughtFile[]) {
  const weights: Record<string, Uint8Array> = {}
  for (const [location, file] of weightFilesOf(graph, path, files).found)
    weights[location] = await read(file, () => undefined)
  return weights
}

async function readEncoder(
  encoder: BroughtFile,
  files: readonly BroughtFile[],
  configs: BroughtFiles['configs'],
): Promise<TextEncoder> {
  const { path } = encoder
  const folders = tokenizerFolders(path)
  const tokenizer = jsonOf(configs, 'tokenizer.json', folders)
  if (typeof tokenizer !== 'object' || tokenizer === null)
    throw new RangeError('The texts need the encoder’s tokenizer.json and tokenizer_config.json: drop them, too.')
  const config = jsonOf(configs, 'tokenizer_config.json', folders)
  const graph = { file: ownName(path), bytes: await read(encoder, () => undefined) }
  const data = await weightsOf(graph.bytes, path, files)
  return { graph, data, tokenizer, config: typeof config === 'object' && config !== null ? { ...config } : {} }
}

/** Embeddings of texts, made once for the same texts: an encoder may be larger than the network. */
export class Embedder {
  #last: { readonly key: string; readonly bytes: Uint8Array<ArrayBuffer> } | null = null

  async embed(
    encoders: readonly BroughtFile[],
    files: readonly BroughtFile[],
    configs: BroughtFiles['configs'],
    prompts: readonly string[],
    inputs: readonly ModelInput[],
    options: { readonly runtime: Runtime; readonly sessionOptions?: InferenceSession.SessionOptions },
  ): Promise<Uint8Array<ArrayBuffer>> {
    const named = encoders.map(({ path, file }) => [path, file.size, file.lastModified])
    const key = JSON.stringify([named, prompts, inputs])
    if (this.#last?.key === key) return this.#last.bytes
    const all: TextEncoder[] = []
    for (const encoder of encoders) all.push(await readEncoder(encoder, files, configs))
    const bytes = await embedTexts(all, prompts, inputs, { ...options, zeroEmpty: zeroEmptyOf(configs) })
    this.#last = { key, bytes }
    return bytes
  }
}
