/** Opens the folder of anybody's network, as the page opens one that is dropped on it: described, its layers proved, prepared to run. */
import { openAsBlob, readdirSync, statSync } from 'node:fs'
import { basename, join, relative, resolve, sep } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { ModelInfo } from '../model/types'
import { graphsOf, type BroughtFile } from '../worker/opener/files'
import type { Answer, Looked, OpenedModel } from '../worker/opener/messages'
import { ModelOpener } from '../worker/opener/opener'
import { isManifest } from '../worker/opener/told'
import { sha256Now } from '../storage/sha256-now'
import { UsageError } from './usage'

export interface FolderModel {
  readonly model: ModelInfo
  /** By the names that the model has for its files. */
  readonly files: OpenedModel['files']
}

/** More is no network's folder. */
const MOST_FILES = 1000
const DEEPEST = 4

function* pathsIn(folder: string, depth = 0): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue
    const path = join(folder, entry.name)
    if (entry.isDirectory() && depth < DEEPEST) yield* pathsIn(path, depth + 1)
    else if (statSync(path).isFile()) yield path
  }
}

/** The files that a network may be made of. Their bytes stay on the disk until they are read. */
async function filesIn(folder: string): Promise<readonly BroughtFile[]> {
  const paths: string[] = []
  for (const path of pathsIn(folder)) {
    paths.push(path)
    if (paths.length > MOST_FILES)
      throw new UsageError(`${folder} has more than ${MOST_FILES} files; put the network into a folder of its own`)
  }
  return Promise.all(
    paths.map(async (path) => ({
      path: relative(folder, path).split(sep).join('/'),
      file: new File([await openAsBlob(path)], basename(path)),
    })),
  )
}

/** An answer of the kind that was asked for. Throws UsageError, which says why there is none. */
function answered<K extends 'looked' | 'opened' | 'added'>(kind: K, folder: string, answers: readonly Answer[]) {
  const last = answers.at(-1)
  if (last?.kind === 'failed') throw new UsageError(`${folder}: ${last.message}`)
  const found = answers.find((answer): answer is Extract<Answer, { kind: K }> => answer.kind === kind)
  if (!found) throw new Error(`${folder} was not ${kind}`)
  return found
}

/** What the network is asked by: a manifest's word, else the guess, whose doubts are said. */
function described({ told, look, notes }: Looked, folder: string) {
  for (const note of notes) console.error(note)
  if (told) return told
  if (!look.guess) throw new UsageError(`${folder}: ${look.refusal ?? 'how the network is asked can’t be guessed'}`)
  for (const { entry, text } of look.guess.doubts) console.error(`to confirm: ${entry}: ${text}`)
  return { description: look.guess.description, named: { name: basename(resolve(folder)) } }
}

/** The hash of the graph that a manifest describes; null where it is none. */
function describedHash(text: string): unknown {
  try {
    const json: unknown = JSON.parse(text)
    return isManifest(json) && (json['graph'] as { readonly sha256?: unknown } | null)?.sha256
  } catch {
    return null
  }
}

/** The graph that a manifest of the folder describes, where several lie there; null where none does. */
async function describedGraph(files: readonly BroughtFile[]): Promise<BroughtFile | null> {
  const graphs = graphsOf(files)
  const manifest = files.find(({ path }) => path === 'manifest.json')
  if (!manifest || graphs.length < 2) return null
  const wanted = describedHash(await manifest.file.text())
  // Networks of one shape have files of one length, so that only the hash tells them apart.
  for (const graph of graphs) if (sha256Now(new Uint8Array(await graph.file.arrayBuffer())) === wanted) return graph
  return null
}

/** Where the texts are that an encoder makes embeddings of, one a line. */
const PROMPTS = 'prompts.txt'

/** Texts for the encoder beside a network; none where no encoder is asked. Rejects with UsageError where there have to be some. */
async function promptsOf({ beside, texts }: Looked, files: readonly BroughtFile[], folder: string) {
  if (beside.encoders.length === 0 || texts) return {}
  const found = files.find(({ path }) => path === PROMPTS)
  const lines = found ? (await found.file.text()).split(/\r?\n/).filter((line) => line.trim() !== '') : []
  if (lines.length === 0)
    throw new UsageError(
      `${folder}: its text encoder needs texts to choose from. Put them into ${join(folder, PROMPTS)}, one a line; --class then is the place of one among them.`,
    )
  return { prompts: lines }
}

/** Rejects with UsageError for a folder that holds no network that can be opened. */
export async function openFolder(folder: string, threads = 0): Promise<FolderModel> {
  const files = await filesIn(folder)
  const graph = (await describedGraph(files)) ?? graphsOf(files)[0]
  if (!graph) throw new UsageError(`${folder} holds no ONNX file`)
  const answers: Answer[] = []
  const opener = new ModelOpener({
    post: (answer) => void (answer.kind === 'progress' || answers.push(answer)),
    start: async () => ({
      runtime: { InferenceSession, Tensor },
      sessionOptions: { executionProviders: ['cpu'], intraOpNumThreads: threads, logSeverityLevel: 4 },
    }),
    now: () => performance.now(),
  })
  const source = { files, graph: graph.path }
  await opener.handle({ kind: 'look', id: 1, ...source })
  const looked = answered('looked', folder, answers)
  const told = described(looked, folder)
  const named = { ...told.named, ...(await promptsOf(looked, files, folder)) }
  const asked = { ...told, named, beside: looked.beside }
  await opener.handle({ kind: 'open', id: 2, inside: true, ...source, ...asked, threads: Math.max(1, threads) })
  const { model, manifest, files: prepared, layers } = answered('opened', folder, answers)
  const left = layers.filter(({ verdict }) => verdict.kind === 'not-understood').length
  if (left > 0) console.error(`${left} of its attention layers were not understood; npm run inspect says why`)
  let whole = { model, manifest, files: prepared }
  for (const path of looked.worse) {
    answers.length = 0
    const { files: data, ...first } = whole
    await opener.handle({ kind: 'add', id: 3, files, graph: path, ...first, data, threads: Math.max(1, threads) })
    const added = answered('added', `${folder}: ${path}`, answers)
    whole = { model: added.model, manifest: added.manifest, files: { ...data, ...added.files } }
  }
  return { model: whole.model, files: whole.files }
}
