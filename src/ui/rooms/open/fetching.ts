/** Opens a model by an address that a person typed: asks how large it is, fetches the graph and what describes it, then its weights. Free of DOM. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import { type FetchParts, fetchFile, forgetDrafts, sizeAt, textAt } from '../../../storage/fetched'
import type { BroughtFile } from '../../../worker/opener/files'
import { refusalOf } from '../../../worker/opener/limits'
import { type Beside, descriptionsAt, graphAt, typedAddress, weightsAt } from './address'
import { NONE, type Work } from './state'
import { rested, Task, type Watch } from './task'

/** What would be downloaded, before it is. */
export interface Offer {
  readonly files: readonly Beside[]
  /** Of all of them; null where a server does not tell. */
  readonly bytes: number | null
  /** The graph itself, or the weights that it names. */
  readonly of: 'graph' | 'weights'
}

export interface FetchState {
  readonly asking: Work<Offer>
  readonly getting: Work<null>
}

export interface Fetching {
  readonly store: Pick<StoreApi<FetchState>, 'getState' | 'getInitialState' | 'subscribe'>
  /** Asks for the graph at an address. */
  ask(typed: string): void
  /** Asks for weights that the graph of this path names, where it came by an address. */
  weights(path: string, locations: readonly string[]): void
  /** Downloads what is offered. */
  get(): void
  stop(): void
  /** What was kept of downloads is no longer needed. */
  done(): void
}

export interface FetchingParts extends FetchParts {
  /** This page's address. */
  readonly own: string
  readonly bring: (files: readonly BroughtFile[]) => void
}

/** Downloads of less begin unasked. */
const SMALL = 20e6
/** No description is longer. */
const LONGEST_DESCRIPTION = 20e6

class ModelFetching {
  readonly store = createStore<FetchState>(() => ({ asking: NONE, getting: NONE }))
  readonly #task = new Task()
  /** The graph that is fetched, or was. */
  #graph: string | null = null

  constructor(private readonly parts: FetchingParts) {}

  ask(text: string): void {
    const typed = typedAddress(text, this.parts.own)
    this.#graph = null
    if (typed.kind === 'fault') {
      this.#task.stop()
      return this.#set({ asking: { kind: 'failed', why: typed.why }, getting: NONE })
    }
    this.#graph = typed.url
    void forgetDrafts(this.parts.drafts, new URL('.', typed.url).href)
    this.#offer([graphAt(typed.url)], 'graph')
  }

  weights(path: string, locations: readonly string[]): void {
    const graph = this.#graph
    if (graph === null || graphAt(graph).path !== path || locations.length === 0) return
    const files = locations.flatMap((location) => weightsAt(location, graph) ?? [])
    if (files.length === locations.length) this.#offer(files, 'weights')
  }

  #offer(files: readonly Beside[], of: Offer['of']): void {
    this.#set({ getting: NONE })
    void this.#task.run(
      async ({ signal }): Promise<Offer> => {
        const sizes = await Promise.all(files.map(({ url }) => sizeAt(url, this.parts, signal)))
        const bytes = sizes.reduce((sum, size) => (sum === null || size === null ? null : sum + size), 0)
        const [{ path }] = files as [Beside]
        const refusal = of === 'graph' && bytes !== null ? refusalOf({ path, size: bytes }) : null
        if (refusal !== null) throw new RangeError(refusal)
        return { files, bytes, of }
      },
      (asking) => {
        this.#set({ asking })
        if (asking.kind === 'done' && (asking.value.bytes ?? Infinity) < SMALL) this.get()
      },
    )
  }

  get(): void {
    const { asking } = this.store.getState()
    if (asking.kind !== 'done') return
    const { files, of, bytes } = asking.value
    void this.#task.run(
      async (watch) => {
        const found = of === 'graph' ? await this.#descriptions(files[0]!.url, watch) : []
        return [...(await this.#files(files, bytes, watch)), ...found]
      },
      (getting) => {
        if (getting.kind !== 'done') return this.#set({ getting })
        this.#set({ getting: { kind: 'done', value: null }, asking: NONE })
        this.parts.bring(getting.value)
      },
    )
  }

  async #files(files: readonly Beside[], bytes: number | null, { signal, onProgress }: Watch) {
    const all: BroughtFile[] = []
    let before = 0
    for (const { url, path } of files) {
      const file = await fetchFile(url, this.parts, signal, (loaded, total) =>
        onProgress(before + loaded, bytes ?? before + (total ?? loaded), path),
      )
      before += file.size
      all.push({ path, file })
    }
    return all
  }

  async #descriptions(graph: string, { signal }: Watch): Promise<readonly BroughtFile[]> {
    const found = await Promise.all(
      descriptionsAt(graph).map(async ({ url, path }) => {
        const text = await textAt(url, LONGEST_DESCRIPTION, this.parts, signal)
        return text !== null && /^\s*\{/.test(text) ? [{ path, file: new File([text], path.split('/').at(-1)!) }] : []
      }),
    )
    return found.flat()
  }

  stop(): void {
    this.#task.stop()
    const { asking, getting } = this.store.getState()
    this.#set({ asking: rested(asking), getting: rested(getting) })
  }

  done(): void {
    this.#task.stop()
    this.#graph = null
    this.#set({ asking: NONE, getting: NONE })
    void forgetDrafts(this.parts.drafts, null)
  }

  #set(change: Partial<FetchState>): void {
    this.store.setState(change)
  }
}

/** Its commands are handed to buttons as they are. */
export function createFetching(parts: FetchingParts): Fetching {
  const fetching = new ModelFetching(parts)
  return {
    store: fetching.store,
    ask: (typed) => fetching.ask(typed),
    weights: (path, locations) => fetching.weights(path, locations),
    get: () => fetching.get(),
    stop: () => fetching.stop(),
    done: () => fetching.done(),
  }
}
