/**
 * The family behind one denoiser: each row goes to the network that it names, at the size of its image. A network is built
 * when a row first asks for it, and the least recently used ones go where memory is short. Where files come from and what
 * runs a network is the caller's.
 */
import type { Weights } from '../network/weights'
import { type Embeddings, parseEmbeddings } from '../model/embeddings'
import { asRun } from '../guidance/networks'
import { GoingAhead, type WalkingDevice } from './going-ahead'
import { holding } from './held'
import type { OnnxDenoiser } from './onnx-denoiser'
import { type CombineProgress, type ReadFile, weightsOf } from './family-weights'
import { networkOf } from './recipe'
import { serialQueue } from './serial-queue'
import {
  networkKey,
  type AttentionProbe,
  type AttentionReading,
  type CoursePlace,
  type Denoiser,
  type DenoiserRow,
  type ModelFile,
  type ModelInfo,
  type NetworkRef,
} from '../model/types'

type Size = NonNullable<DenoiserRow['size']>

/** One network to build. */
export interface NetworkRequest {
  /** The family as this network has it. */
  readonly model: ModelInfo
  readonly graph: Uint8Array
  readonly weights: Weights
  /** Size of its images; absent: the model's own. */
  readonly size?: Size
  /** Heads of its attention layers, in graph order. */
  readonly heads: readonly number[]
  /** Of a model whose condition is a text. */
  readonly embeddings?: Embeddings
}

/** One network at one size. */
export type NetworkDenoiser = Denoiser & Pick<OnnxDenoiser, 'counts' | 'batchInvariant' | 'held' | 'dispose'>

export interface FamilyOptions {
  readonly model: ModelInfo
  readonly read: ReadFile
  /** Builds a denoiser for one network; what it is given stays as it is. */
  readonly create: (request: NetworkRequest) => NetworkDenoiser
  /**
   * Bytes of prepared weights, and of what the runtime holds of them, that are kept. The default network always stays, and so do those
   * that are asked together.
   */
  readonly budget: number
  /** What a runtime that shares it between sizes holds of prepared weights; absent: as much again for each size. */
  readonly held?: ((weights: Weights) => number) | undefined
  /** A device that goes ahead on courses, with runs of a fixed number of rows. Absent: none does. */
  readonly ahead?: WalkingDevice | undefined
  /** Progress of weights that have to be made of several files. */
  readonly onCombine?: (ref: NetworkRef, ...progress: Parameters<CombineProgress>) => ReturnType<CombineProgress>
  /** Holds a network that has answers of its own to them, before it is used. Rejects where it does not give them. */
  readonly prove?: (denoiser: Denoiser, answers: Uint8Array) => Promise<void>
}

interface Built {
  readonly denoiser: NetworkDenoiser
  readonly weights: Weights
}

/** What a row asks for: equal keys are one denoiser. */
interface Target {
  readonly key: string
  readonly ref: NetworkRef
  readonly size: Size | null
}

export class FamilyDenoiser implements Denoiser, AttentionProbe {
  readonly model: ModelInfo
  readonly #options: FamilyOptions
  readonly #default: Target
  readonly #ahead: GoingAhead | null
  /** In order of use, the least recently used first. */
  readonly #built = new Map<string, Built>()
  /** Whole calls take turns, so that no network goes while another call runs it. */
  readonly #inTurn = serialQueue()
  /** Read when a network is first built. */
  #embeddings: Embeddings | null = null
  #retired = { rows: 0, runs: 0 }
  #disposed = false

  constructor(options: FamilyOptions) {
    this.#options = options
    this.model = options.model
    this.#default = this.#target({ id: this.model.networks[0]!.id }, null)
    this.#ahead = options.ahead ? new GoingAhead(options.ahead, options.model) : null
  }

  /** Rows asked for and runs so far, of all networks. */
  get counts(): { readonly rows: number; readonly runs: number } {
    return [...this.#built.values()].reduce(
      (sum, { denoiser: { counts } }) => ({ rows: sum.rows + counts.rows, runs: sum.runs + counts.runs }),
      this.#retired,
    )
  }

  /** Builds the default network, so that faults of its files show. Rejects as `evaluate` does. */
  prepare(): Promise<void> {
    return this.#inTurn(async () => void (await this.#denoiser(this.#default)))
  }

  /** Rejects with RangeError for a network or size that there is none of, and with what reading files and running networks reject with. */
  async evaluate(rows: readonly DenoiserRow[], place?: CoursePlace): Promise<Float32Array[]> {
    const ahead = place && this.#ahead && (await this.#goAhead(this.#ahead, rows, place))
    return ahead ? [...ahead] : this.#route(rows, (denoiser, part) => denoiser.evaluate(part))
  }

  get goesAhead(): boolean {
    return this.#ahead !== null
  }

  readAttention(rows: readonly DenoiserRow[], layer: number): Promise<AttentionReading[]> {
    return this.#route(rows, (denoiser, part) => denoiser.readAttention(part, layer))
  }

  async attentionMaps(rows: readonly DenoiserRow[], layer: number): Promise<Float32Array[]> {
    return (await this.readAttention(rows, layer)).map(({ map }) => map)
  }

  /** Whether a row's result does not depend on its batch, to the bit: proved on the default network, whose kernels all others share. */
  async batchInvariant(pause?: () => Promise<void>): Promise<boolean> {
    // Out of turn, so that a run that begins meanwhile need not wait for all of it: the default network never goes.
    const denoiser = await this.#inTurn(() => this.#denoiser(this.#default))
    return denoiser.batchInvariant(pause)
  }

  /** Releases everything, after what is under way. Later evaluations reject. */
  dispose(): Promise<void> {
    return this.#inTurn(async () => {
      this.#disposed = true
      this.#ahead?.end()
      for (const key of this.#built.keys()) await this.#retire(key)
    })
  }

  /** Null where rows are to be evaluated plainly. */
  #goAhead(ahead: GoingAhead, rows: readonly DenoiserRow[], place: CoursePlace) {
    return this.#inTurn(async () => {
      const groups = this.#groups(place.course.flatMap((step) => step.rows))
      const networks = new Map<string, NetworkDenoiser>()
      for (const [key, { target }] of groups) networks.set(key, await this.#denoiser(target, groups))
      const answer = await holding(networks, (held) =>
        ahead.answer(rows, place, (row) => held.get(this.#targetOf(row).key)!),
      )
      await this.#fit((key) => groups.has(key))
      return answer
    })
  }

  #targetOf({ network, size }: Pick<DenoiserRow, 'network' | 'size'>): Target {
    return this.#target(network ?? this.#default.ref, size ?? null)
  }

  /** Rows by what they ask for, with their places. */
  #groups(rows: readonly Pick<DenoiserRow, 'network' | 'size'>[]) {
    const groups = new Map<string, { readonly target: Target; readonly places: number[] }>()
    for (const [place, row] of rows.entries()) {
      const target = this.#targetOf(row)
      const group = groups.get(target.key)
      if (group) group.places.push(place)
      else groups.set(target.key, { target, places: [place] })
    }
    return groups
  }

  #target(ref: NetworkRef, size: Size | null): Target {
    const { height, width } = this.model.image
    const own = size === null || (size.height === height && size.width === width)
    return { key: `${networkKey(ref)}${own ? '' : ` ${size.height}×${size.width}`}`, ref, size: own ? null : size }
  }

  /** One call of `run` for each network, each with its rows in their order; results in the order of all rows. */
  #route<T>(
    rows: readonly DenoiserRow[],
    run: (denoiser: NetworkDenoiser, part: readonly DenoiserRow[]) => Promise<T[]>,
  ): Promise<T[]> {
    return this.#inTurn(async () => {
      const groups = this.#groups(rows)
      const results: T[] = Array.from({ length: rows.length })
      for (const { target, places } of groups.values()) {
        // Networks that are asked together would else take turns in going, at every step.
        const denoiser = await this.#denoiser(target, groups)
        const part = await run(
          denoiser,
          places.map((place) => rows[place]!),
        )
        for (const [i, place] of places.entries()) results[place] = part[i]!
      }
      // What a runtime makes of weights is known once it ran them.
      await this.#fit((key) => groups.has(key))
      return results
    })
  }

  /** `beside`: what must not go for it. */
  async #denoiser(target: Target, beside: { has(key: string): boolean } = new Set()): Promise<NetworkDenoiser> {
    if (this.#disposed) throw new Error('this denoiser was disposed')
    const known = this.#built.get(target.key)
    if (known) {
      this.#built.delete(target.key)
      this.#built.set(target.key, known)
      return known.denoiser
    }
    const { model, read, create, onCombine, prove } = this.#options
    const { ref, size } = target
    const graph = this.#graph(target)
    // Crops run on the weights of the whole image.
    const shared = size && this.#built.get(networkKey(ref))
    const weights = shared
      ? shared.weights
      : await weightsOf(ref, model, read, (done, total) => onCombine?.(ref, done, total))
    const { heads, golden } = networkOf(ref.id, model)
    const embeddings = await this.#texts()
    const denoiser = create({
      model: asRun(ref.id, model),
      graph: await read(graph),
      weights,
      heads,
      ...(size && { size }),
      ...(embeddings && { embeddings }),
    })
    if (golden && prove) await this.#proved(denoiser, await read(golden))
    this.#built.set(target.key, { denoiser, weights })
    await this.#fit((key) => key === target.key || beside.has(key))
    return denoiser
  }

  async #proved(denoiser: NetworkDenoiser, answers: Uint8Array): Promise<void> {
    try {
      await this.#options.prove?.(denoiser, answers)
    } catch (error) {
      await denoiser.dispose()
      throw error
    }
  }

  /** What all networks take: weights that several sizes run on once, and what the runtime made of them. */
  #bytes(): number {
    const counted = new Set<object>()
    let bytes = 0
    for (const { weights } of this.#built.values()) {
      const { held = null } = this.#options
      const first = !counted.has(weights.data)
      counted.add(weights.data)
      if (first) bytes += weights.data.byteLength + (held?.(weights) ?? 0)
      if (!held) bytes += weights.data.byteLength
    }
    return bytes
  }

  /** Lets the least recently used networks go beyond the budget, but for some. */
  async #fit(stays: (key: string) => boolean): Promise<void> {
    for (const key of this.#built.keys()) {
      if (this.#bytes() <= this.#options.budget) return
      if (key !== this.#default.key && !stays(key)) await this.#retire(key)
    }
  }

  /** The embeddings of the texts that can be asked for; null of a model that takes none. */
  async #texts(): Promise<Embeddings | null> {
    const { conditioning } = this.model
    if (conditioning.kind !== 'text') return null
    const { file } = conditioning.embeddings
    return (this.#embeddings ??= parseEmbeddings(await this.#options.read(conditioning.embeddings), file))
  }

  #graph({ ref, size }: Target): ModelFile {
    const { graph } = networkOf(ref.id, this.model)
    if (!size) return graph
    const { crops, id } = this.model
    const crop = crops.find(({ height, width }) => height === size.height && width === size.width)
    if (!crop) {
      const offered = crops.length === 0 ? 'none' : crops.map(({ height, width }) => `${height} × ${width}`).join(', ')
      throw new RangeError(
        `${id} has no graph for images of ${size.height} × ${size.width}; smaller sizes that it has: ${offered}`,
      )
    }
    if (graph.sha256 !== this.model.graph.sha256)
      throw new RangeError(`the network ${ref.id} has no graph for crops; choose one of main's shape`)
    return crop.graph
  }

  async #retire(key: string): Promise<void> {
    const { denoiser } = this.#built.get(key)!
    this.#built.delete(key)
    await denoiser.dispose()
    const { rows, runs } = denoiser.counts
    this.#retired = { rows: this.#retired.rows + rows, runs: this.#retired.runs + runs }
  }
}
