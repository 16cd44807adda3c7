/**
 * Opens a person's model in a worker of its own, beside the engine, which goes on: looks at its files, tries a description, finds and
 * proves its layers. Keeps nothing between orders. Free of worker globals; `worker.ts` connects it.
 */
import type { InferenceSession } from 'onnxruntime-web'
import { EngineError, failureOf } from '../../core/failure'
import { entryOf, manifestOf } from '../../engine/opened/manifest'
import { tryDescription } from '../../engine/opened/attempt'
import { openModel, openOutside, type Opened } from '../../engine/opened/open'
import { withSecond } from '../../engine/opened/second'
import { FamilyDenoiser } from '../../engine/family'
import { OnnxDenoiser } from '../../engine/onnx-denoiser'
import type { Runtime } from '../../engine/runtime'
import { layerMap } from '../../evaluation/layers/map'
import { noiseLevels } from '../../sampling/schedule'
import { ManifestError } from '../../model/manifest'
import { openedId } from '../../model/opened'
import { GraphError } from '../../network/onnx'
import { sha256Now } from '../../storage/sha256-now'
import { Embedder, ownName } from './beside'
import { lookAtFiles, type Read, readFiles } from './brought'
import type { Answer, Asked, Order } from './messages'
import { BroughtError } from './reading'
import { worseAmong, withItsWeights } from './worse'
import { toldBy } from './told'

/** Images and steps of the way on which PAG is tried at each layer. */
const MAPPED_IMAGES = 2
const MAPPED_STEPS = 9

/** Beside a second network nothing is of use: texts and pictures are the first one's. */
const NOTHING = { decoder: null, encoders: [] }

export interface OpenerParts {
  readonly post: (answer: Answer) => void
  /** Loads the runtime, for so many threads; calls back when it begins to start them. */
  readonly start: (
    threads: number,
    onBegin: () => void,
  ) => Promise<{ readonly runtime: Runtime; readonly sessionOptions: InferenceSession.SessionOptions }>
  readonly now: () => number
}

const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> =>
  bytes.buffer instanceof ArrayBuffer ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength) : bytes.slice()

/** What the files are named by: the graph alone where it holds its weights, else all of them. */
function identityOf({ brought: { graph, data }, weights }: Pick<Read, 'brought' | 'weights'>): string {
  const all = [graph.bytes, ...[...weights].sort().map((name) => data[name]!)].map(sha256Now)
  return all.length === 1 ? all[0]! : sha256Now(new TextEncoder().encode(all.join('\n')))
}

/** What was not found or is not as usual, in sentences. */
function notesOn({ unread, closed, proof }: Opened): readonly string[] {
  return [
    ...(unread === null ? [] : [`No attention was looked for: ${unread.replace(/\.$/, '')}.`]),
    ...closed.map(({ node, reason }) => `The fused attention ${node} stays closed: ${reason.replace(/\.$/, '')}.`),
    ...onRows(proof),
  ]
}

function onRows(proof: Pick<Opened['proof'], 'rows' | 'dependent'>): readonly string[] {
  return [
    ...(proof.rows === null
      ? []
      : [`The file takes ${proof.rows === 1 ? 'one row' : `${proof.rows} rows`} at a time.`]),
    ...(proof.dependent ? ['Its rows hear of each other, so each is asked alone: that takes longer.'] : []),
  ]
}

/** One sentence on what went wrong. */
function messageFor(error: unknown): string {
  if (error instanceof BroughtError || error instanceof ManifestError || error instanceof RangeError)
    return error.message
  if (error instanceof GraphError) return `The graph can’t be used so: ${error.message}.`
  const failure = failureOf(error)
  if (failure.code === 'out-of-memory')
    return `${failure.message} Close other tabs, or open a smaller network: WebAssembly has 4 GB at most.`
  if (error instanceof EngineError) return `${failure.message} ${failure.remedy}`
  return `The runtime refused the network: ${error instanceof Error ? error.message : String(error)}`
}

export class ModelOpener {
  readonly #embedder = new Embedder()

  constructor(private readonly parts: OpenerParts) {}

  /** Carries out an order. Never rejects: whatever goes wrong is posted. */
  async handle(order: Order): Promise<void> {
    const { post } = this.parts
    try {
      post(await this.#answer(order))
    } catch (error) {
      post({ kind: 'failed', id: order.id, message: messageFor(error) })
    }
  }

  #answer(order: Order): Promise<Answer> {
    switch (order.kind) {
      case 'look':
        return this.#look(order)
      case 'try':
        return this.#try(order)
      case 'open':
        return this.#open(order)
      case 'add':
        return this.#add(order)
      case 'map':
        return this.#map(order)
      default:
        return order satisfies never
    }
  }

  async #start(id: number, threads: number) {
    const tell = (done: boolean) => this.parts.post({ kind: 'starting', id, done })
    const runtime = await this.parts.start(threads, () => tell(false))
    tell(true)
    return runtime
  }

  #progress(id: number) {
    return (done: number, total: number, what: string) =>
      this.parts.post({ kind: 'progress', id, done, total: Math.max(1, total), what })
  }

  /** Of files, whose paths are what is under way. */
  #reading(id: number) {
    const tell = this.#progress(id)
    return (done: number, total: number, path: string) => tell(done, total, `reading ${path}`)
  }

  async #look({ id, ...source }: Extract<Order, { kind: 'look' }>): Promise<Answer> {
    const { look, brought, texts, beside, kinds, notes, bytes } = await lookAtFiles(source, this.#progress(id))
    const { told, named, notes: others } = toldBy(brought.configs, () => sha256Now(brought.graph.bytes))
    const worse = await worseAmong(source, named)
    return { kind: 'looked', id, look, bytes, told, texts, beside, kinds, worse, notes: [...notes, ...others] }
  }

  /** The files with the runtime, and the manifest that follows from the description. */
  async #prepare(id: number, { description, named, threads, ...source }: Asked) {
    const read = await readFiles(source, this.#reading(id))
    const runtime = await this.#start(id, threads)
    const { brought, texts } = await this.#withTexts(read, { description, named, ...source }, runtime)
    const { decoder } = read
    const all = {
      ...named,
      ...(texts && { texts }),
      ...(decoder && { decoder }),
      id: openedId(named.name, identityOf(read)),
    }
    const manifest = {
      ...manifestOf(brought, description, all, sha256Now),
      family: { sentence: `Opened from ${brought.graph.file}.` },
    }
    return { brought, manifest, options: { ...runtime, hash: sha256Now, onProgress: this.#progress(id) } }
  }

  /** With embeddings of the texts that were asked for, where an encoder is there and no file of embeddings. */
  async #withTexts(
    { brought, texts }: Read,
    { description, named, files, beside }: Pick<Asked, 'description' | 'named' | 'files' | 'beside'>,
    runtime: Awaited<ReturnType<OpenerParts['start']>>,
  ): Promise<Pick<Read, 'brought' | 'texts'>> {
    const encoders = beside.encoders.flatMap((path) => files.find((one) => one.path === path) ?? [])
    const prompts = named.prompts ?? []
    if (texts || encoders.length === 0 || description.conditioning.kind !== 'text' || prompts.length === 0)
      return { brought, texts }
    const all = ['', ...prompts.filter((prompt) => prompt !== '')]
    const bytes = await this.#embedder.embed(encoders, files, brought.configs, all, description.inputs, runtime)
    const file = 'embeddings.safetensors'
    return { brought: { ...brought, data: { ...brought.data, [file]: bytes } }, texts: { file, prompts: all } }
  }

  async #try({ id, ...asked }: Extract<Order, { kind: 'try' }>): Promise<Answer> {
    const { brought, manifest, options } = await this.#prepare(id, asked)
    // Loading comes before the first row, and is no part of what one takes.
    const times: number[] = []
    const onProgress = (done: number, total: number, what: string) => {
      times.push(this.parts.now())
      options.onProgress(done, total, what)
    }
    const pictures = await tryDescription(brought, manifest, { ...options, onProgress })
    const milliseconds = times.length > 1 ? (times.at(-1)! - times[0]!) / (times.length - 1) : null
    return { kind: 'tried', id, pictures, milliseconds }
  }

  async #open({ id, inside, ...asked }: Extract<Order, { kind: 'open' }>): Promise<Answer> {
    const { brought, manifest, options } = await this.#prepare(id, asked)
    const owned = (files: Opened['files']) =>
      Object.fromEntries(Object.entries(files).map(([name, one]) => [name, own(one)]))
    if (!inside) {
      const { model, files, proof } = await openOutside(brought, manifest, options)
      return { kind: 'opened', id, model, manifest, files: owned(files), layers: [], refused: [], notes: onRows(proof) }
    }
    const opened = await openModel(brought, manifest, options)
    const { model, files, layers, refused } = opened
    return { kind: 'opened', id, model, manifest, files: owned(files), layers, refused, notes: notesOn(opened) }
  }

  async #add(order: Extract<Order, { kind: 'add' }>): Promise<Answer> {
    const { id, files: sources, graph, model, manifest, data, threads } = order
    const { files: all, name } = await withItsWeights({ files: sources, graph })
    const { brought, weights } = await readFiles({ files: all, graph, beside: NOTHING }, this.#reading(id))
    const runtime = await this.#start(id, threads)
    const second = await withSecond(
      { ...brought, data: { ...brought.data, ...data } },
      model,
      manifest,
      {
        name,
        sha256: identityOf({ brought, weights }),
        graph: entryOf(ownName(graph), brought.graph.bytes, sha256Now),
      },
      { ...runtime, hash: sha256Now, onProgress: this.#progress(id) },
    )
    const files = Object.fromEntries(Object.entries(second.files).map(([name, one]) => [name, own(one)]))
    return { kind: 'added', id, second: second.id, model: second.model, manifest: second.manifest, files }
  }

  async #map({ id, model, files, threads }: Extract<Order, { kind: 'map' }>): Promise<Answer> {
    const options = await this.#start(id, threads)
    const denoiser = new FamilyDenoiser({
      model,
      read: async ({ file }) => files[file]!,
      create: (request) =>
        new OnnxDenoiser({ ...request, ...options, batch: { kind: 'dynamic' }, maxRows: MAPPED_IMAGES }),
      budget: Infinity,
    })
    try {
      const tell = this.#progress(id)
      const map = await layerMap({
        denoiser,
        levels: noiseLevels(MAPPED_STEPS, model).filter((sigma) => sigma > 0),
        images: MAPPED_IMAGES,
        onProgress: (done, total) => tell(done, total, 'trying PAG at each layer'),
      })
      return { kind: 'mapped', id, map }
    } finally {
      await denoiser.dispose()
    }
  }
}
