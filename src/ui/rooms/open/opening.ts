/** Opens a model step by step: takes files, has them looked at, tried and proved, keeps what was opened. Free of DOM. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import { startingFiles } from '../../../engine/recipe'
import { keptOf } from '../../../model/kept'
import type { OpenedModels, Place } from '../../../storage/opened-models'
import type { Opener } from '../../../worker/opener/client'
import { type BroughtFile, graphsOf, joined } from '../../../worker/opener/files'
import type { Looked } from '../../../worker/opener/messages'
import { costOf, LARGE_GRAPH, MOST_MEMORY } from '../../../worker/opener/limits'
import { beginning, faultOf, type Form, rebased } from './form'
import { beginningState, isCurrent, missingOf, NONE, type OpenState, valueOf } from './state'
import { addSecond, dropSecond } from './second'
import { filesToRun } from './files-to-run'
import { rested, Task } from './task'
import { placeText } from './words'

export interface Opening {
  readonly store: Pick<StoreApi<OpenState>, 'getState' | 'getInitialState' | 'subscribe'>
  /** Files that came: of a new network, or what the one here lacks. */
  bring(files: readonly BroughtFile[]): void
  chooseGraph(path: string): void
  /** Reads a graph that waits for a word, since it is large. */
  lookAnyway(): void
  change(form: Form): void
  attempt(): void
  open(): void
  /** Tries PAG at each layer of the opened model. */
  map(): void
  /** Ends what is under way; what stands stays. */
  stop(): void
  /** Leaves the files, for others. */
  clear(): void
  /** Keeps the opened model, and says where; null where there is none. */
  keep(): Promise<Kept | null>
  forget(id: string): void
  /** Brings a worse network beside a kept model. `graph`: its path among the files, where it is known. */
  addSecond(id: string, files: readonly BroughtFile[], graph?: string): Promise<void>
  dropSecond(id: string, second: string): void
  dispose(): void
}

export interface Kept {
  readonly id: string
  readonly place: Place
  /** Where it is was said before. */
  readonly told: boolean
}

export interface OpeningParts {
  readonly opener: Opener
  readonly models: OpenedModels
  /** Tells the page of what is kept, or no longer. */
  readonly changed: () => Promise<unknown>
  /** Names of files that the model lacks. */
  readonly want: (names: readonly string[]) => void
}

/** Pictures of a trial are drawn at once for a network that takes a moment, and for others when they are asked for. */
const LIGHT = MOST_MEMORY / 4

class ModelOpening {
  readonly store = createStore<OpenState>(() => beginningState)
  readonly #task = new Task()
  /** Where the opened model is. */
  #place: Place | null = null

  constructor(private readonly parts: OpeningParts) {
    void this.#refresh().catch(() => undefined)
  }

  bring(files: readonly BroughtFile[]): void {
    if (files.length === 0) return
    const [newest] = graphsOf(files)
    const { graph, files: before } = this.#get()
    if (!newest) {
      this.#patch({ files: joined(before, files), refusal: null })
      if (graph !== null) this.chooseGraph(graph)
      return
    }
    // Another graph is another network, whose weights and descriptions are its own; those that came before any are for it.
    const all = graph === null ? joined(before, files) : files
    this.#patch({ files: all, graph: null, form: null, looking: NONE })
    this.chooseGraph(newest.path)
  }

  chooseGraph(path: string): void {
    const { files, graph } = this.#get()
    const found = files.find((one) => one.path === path)
    if (!found) return
    const same = graph === path
    this.#patch({ graph: path, ...(!same && { form: null, looking: NONE, trial: null }) })
    if (found.file.size <= LARGE_GRAPH || same) return this.lookAnyway()
    this.#task.stop()
    this.#patch({ held: true, looking: NONE, trying: NONE, opening: NONE, mapping: NONE })
  }

  lookAnyway(): void {
    const source = this.#source()
    if (!source) return
    const before = this.#get().form
    this.#patch({ held: false, trying: NONE, opening: NONE, mapping: NONE, keeping: NONE, refusal: null })
    void this.#task.run(
      (watch) => this.parts.opener.look(source, watch),
      (looking) => {
        this.#patch({ looking })
        if (looking.kind === 'done') this.#describe(looking.value, before)
      },
    )
  }

  change(form: Form): void {
    const { form: before, trial } = this.#get()
    this.#patch({ form })
    // A name changes no picture.
    if (before?.description !== form.description && faultOf(form) === null && trial !== null) this.attempt()
  }

  attempt(): void {
    const asked = this.#asked()
    if (!asked) return
    this.#patch({ mapping: rested(this.#get().mapping) })
    void this.#task.run(
      async (watch) => ({ ...(await this.parts.opener.attempt(asked.request, watch)), form: asked.form }),
      (trying) => {
        this.#patch({ trying, ...(trying.kind === 'done' && { trial: trying.value }) })
        if (trying.kind !== 'working') this.#mapNext()
      },
    )
  }

  open(): void {
    const asked = this.#asked()
    if (!asked) return
    this.#patch({ keeping: NONE, mapping: NONE, trying: rested(this.#get().trying) })
    void this.#task.run(
      async (watch) => ({ ...(await this.parts.opener.open(asked.request, watch)), form: asked.form }),
      (opening) => {
        this.#patch({ opening })
        if (opening.kind === 'working') return
        const { trial } = this.#get()
        // It may have taken the place of a trial, whose pictures are then drawn after all.
        if (trial && !isCurrent(this.#get(), trial)) this.attempt()
        else this.#mapNext()
      },
    )
  }

  /** Maps what was opened, unless that was done or takes long. */
  #mapNext(): void {
    const { opening, mapping } = this.#get()
    if (opening.kind === 'done' && mapping.kind === 'none' && this.#light()) this.map()
  }

  map(): void {
    const opened = valueOf(this.#get().opening)
    if (!opened || opened.model.layers.length === 0) return
    void this.#task.run(
      async (watch) => this.parts.opener.map({ ...opened, files: await filesToRun(opened, this.parts.models) }, watch),
      (mapping) => this.#patch({ mapping }),
    )
  }

  stop(): void {
    this.#task.stop()
    const { looking, trying, opening, mapping } = this.#get()
    this.#patch({
      looking: rested(looking),
      trying: rested(trying),
      opening: rested(opening),
      mapping: rested(mapping),
    })
  }

  clear(): void {
    this.#task.stop()
    this.parts.want([])
    this.#patch({ ...beginningState, kept: this.#get().kept })
  }

  async keep(): Promise<Kept | null> {
    const opened = valueOf(this.#get().opening)
    if (!opened) return null
    const { model, manifest, files } = opened
    // It was kept before, and its bytes are there.
    if (this.#place && Object.keys(files).length === 0) return { id: model.id, place: this.#place, told: true }
    const hashes = new Map(startingFiles(model).map(({ file, sha256 }) => [file, sha256]))
    const bytes = Object.fromEntries(
      Object.entries(files).flatMap(([name, one]) => {
        const hash = hashes.get(name)
        return hash === undefined ? [] : [[hash, one] as const]
      }),
    )
    const place = await this.parts.models.keep({ id: model.id, model: keptOf(model), manifest }, bytes, (done, total) =>
      this.#patch({ keeping: { kind: 'working', done, total, what: 'keeping' } }),
    )
    this.#place = place
    this.#patch({
      keeping: { kind: 'done', value: placeText(place) },
      opening: { kind: 'done', value: { ...opened, files: {} } },
    })
    await this.#refresh()
    const { files: all } = this.#get()
    for (const path of valueOf(this.#get().looking)?.worse ?? []) await this.addSecond(model.id, all, path)
    return { id: model.id, place, told: false }
  }

  async addSecond(id: string, files: readonly BroughtFile[], graph?: string): Promise<void> {
    const { opening, files: all, graph: first } = this.#get()
    const own = valueOf(opening)?.model.id === id ? all.find(({ path }) => path === first) : undefined
    const asked = { id, files, graph: graph ?? null, original: own ?? null }
    await this.#task.run(
      async (watch) => addSecond(this.parts, asked, watch),
      (work) => this.#patch({ adding: { id, work } }),
    )
    await this.#refresh()
  }

  dropSecond(id: string, second: string): void {
    void dropSecond(this.parts.models, id, second).then(() => this.#refresh())
  }

  forget(id: string): void {
    const opened = valueOf(this.#get().opening)
    // Its bytes were handed over, and go with it.
    if (opened?.model.id === id && Object.keys(opened.files).length === 0) this.#patch({ opening: NONE, keeping: NONE })
    void this.parts.models.forget(id).then(() => this.#refresh())
  }

  dispose(): void {
    this.#task.stop()
    this.parts.want([])
    this.parts.opener.dispose()
  }

  #get(): OpenState {
    return this.store.getState()
  }

  #patch(change: Partial<OpenState>): void {
    this.store.setState(change)
  }

  async #refresh(): Promise<void> {
    await this.parts.changed()
    this.#patch({ kept: await this.parts.models.list() })
  }

  /** Whether the network takes a moment only, so that it is tried unasked. */
  #light(): boolean {
    const looked = valueOf(this.#get().looking)
    return looked !== null && costOf(looked.look.parameters).memory < LIGHT
  }

  #source() {
    const { files, graph } = this.#get()
    return graph === null ? null : { files, graph }
  }

  /** What is asked of the worker for the form as it is; null where that can't be. */
  #asked() {
    const { form, looking } = this.#get()
    const source = this.#source()
    const looked = valueOf(looking)
    if (!form || !source || !looked || faultOf(form) !== null) return null
    return { form, request: { ...source, beside: looked.beside, description: form.description, named: form.named } }
  }

  /** The form of what was seen in the files, with what was changed by hand before. */
  #describe(looked: Looked, before: Form | null): void {
    const { graph } = this.#get()
    const fresh = graph === null ? null : beginning(looked, graph)
    const form = fresh && (looked.told ? fresh : rebased(fresh, before))
    this.#patch({ form })
    this.parts.want(looked.look.missing)
    if (form && missingOf(this.#get()).length === 0 && this.#light()) this.attempt()
  }
}

/** Its commands are handed to buttons as they are. */
export function createOpening(parts: OpeningParts): Opening {
  const opening = new ModelOpening(parts)
  return {
    store: opening.store,
    bring: (files) => opening.bring(files),
    chooseGraph: (path) => opening.chooseGraph(path),
    lookAnyway: () => opening.lookAnyway(),
    change: (form) => opening.change(form),
    attempt: () => opening.attempt(),
    open: () => opening.open(),
    map: () => opening.map(),
    stop: () => opening.stop(),
    clear: () => opening.clear(),
    keep: () => opening.keep(),
    forget: (id) => opening.forget(id),
    addSecond: (...asked) => opening.addSecond(...asked),
    dropSecond: (...asked) => opening.dropSecond(...asked),
    dispose: () => opening.dispose(),
  }
}
