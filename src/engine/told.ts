/** Computes what a network makes of its noise level and condition, a row at a time, and keeps it for whoever asks the same again. */
import type { InferenceSession } from 'onnxruntime-web'
import { concatenate } from '../core/vector'
import { toldInput, type ToldTensor } from '../network/told'
import { floats, type Runtime, type Tensors } from './runtime'

/** Vectors of rows that are kept: those of a few runs of many steps. */
const KEPT = 512

export class ToldVectors {
  readonly #known = new Map<string, readonly Float32Array[]>()

  /** `run`: the session's, in turn with all others of the runtime. */
  constructor(
    private readonly session: InferenceSession,
    readonly tensors: readonly ToldTensor[],
    private readonly run: (session: InferenceSession, feeds: Tensors) => Promise<Tensors>,
    private readonly runtime: Runtime,
  ) {}

  /** The inputs of a batch that take the place of what its rows are told; `rows` are each row's own feeds, of which others are left out. */
  async feeds(rows: readonly Tensors[]): Promise<Tensors> {
    const vectors: (readonly Float32Array[])[] = []
    for (const row of rows) vectors.push(await this.#of(row))
    return Object.fromEntries(
      this.tensors.map((tensor, i) => {
        const data = concatenate(
          vectors.map((own) => own[i]!),
          Float32Array,
        )
        return [toldInput(tensor), new this.runtime.Tensor('float32', data, [rows.length, tensor.width])]
      }),
    )
  }

  /** A row alone, so that its bits do not depend on who is asked for beside it. */
  async #of(row: Tensors): Promise<readonly Float32Array[]> {
    const feeds = Object.fromEntries(this.session.inputNames.map((name) => [name, row[name]!]))
    const key = Object.values(feeds)
      .map(({ data }) => Array.from(data as ArrayLike<number | bigint>).join())
      .join(' ')
    const known = this.#known.get(key)
    const vectors = known ?? (await this.#computed(feeds))
    this.#known.delete(key)
    this.#known.set(key, vectors)
    if (this.#known.size > KEPT) this.#known.delete(this.#known.keys().next().value!)
    return vectors
  }

  async #computed(feeds: Tensors): Promise<readonly Float32Array[]> {
    const outputs = await this.run(this.session, feeds)
    return this.tensors.map(({ name }) => floats(outputs, name).slice())
  }

  release(): Promise<void> {
    return this.session.release()
  }
}
