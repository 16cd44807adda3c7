/** Opens a model step by step: takes files, has them looked at, tried and proved, keeps what was opened. Free of DOM. */
import { createStore } from 'zustand/vanilla'
import type { Place } from '../../../storage/opened-models'
import { type BroughtFile, graphsOf, joined } from '../../../worker/opener/files'
import type { Looked } from '../../../worker/opener/messages'
import { LARGE_GRAPH } from '../../../worker/opener/limits'
import { type AskedFor, askedOf, isLight, sourceOf } from './asking'
import type { Kept, OpeningParts } from './contract'
import { beginning, changed, faultOf, type Form, rebased } from './form'
import { likelier, type Role, withRole, withRoles } from './roles'
import { keepOpened } from './keeping'
import { beginningState, isCurrent, missingOf, NONE, type OpenState, valueOf } from './state'
import { addSecond, dropSecond } from './second'
import { filesToRun } from './files-to-run'
import { rested, Task, type Watch } from './task'
import { placeText } from './words'

/** Nothing was done with the description yet. */
const UNTRIED = { trying: NONE, opening: NONE, proving: NONE, mapping: NONE, keeping: NONE }

export class ModelOpening {
  readonly store = createStore<OpenState>(() => beginningState)
  readonly #task = new Task()
  /** Whether a person said which graph is the network. */
  #isChosen = false
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
      if (graph !== null) this.#take(graph)
      return
    }
    // Another graph is another network, whose weights and descriptions are its own; those that came before any are for it.
    const all = graph === null ? joined(before, files) : files
    this.#patch({ files: all, graph: null, form: null, looking: NONE, roles: {} })
    this.#isChosen = false
    this.#take(newest.path)
  }

  chooseGraph(path: string): void {
    this.#isChosen = true
    this.#patch({ roles: {} })
    this.#take(path)
  }

  assign(path: string, role: Role): void {
    const { looking, form, roles } = this.#get()
    const looked = valueOf(looking)
    if (!looked || !form) return
    const value = withRole(looked, path, role)
    this.#patch({ roles: { ...roles, [path]: role }, looking: { kind: 'done', value } })
    if (JSON.stringify(looked.beside) === JSON.stringify(value.beside)) return
    // What makes pictures, or embeddings of texts, is part of the model.
    const tried = this.#wasTried()
    this.#task.stop()
    this.#patch(UNTRIED)
    if (role === 'decoder' && form.description.latent === null)
      this.change(changed(form, 'latent', { latent: { factor: 1, shift: 0, decoder: null } }))
    else if (tried) this.attempt()
  }

  /** Looks into a graph. */
  #take(path: string): void {
    const { files, graph } = this.#get()
    const found = files.find((one) => one.path === path)
    if (!found) return
    const same = graph === path
    this.#patch({ graph: path, ...(!same && { form: null, looking: NONE, trial: null }) })
    if (found.file.size <= LARGE_GRAPH || same) return this.lookAnyway()
    this.#task.stop()
    this.#patch({ ...UNTRIED, held: true, looking: NONE })
  }

  lookAnyway(): void {
    const source = sourceOf(this.#get())
    if (!source) return
    const before = this.#get().form
    this.#patch({ ...UNTRIED, held: false, refusal: null })
    void this.#task.run(
      (watch) => this.parts.opener.look(source, watch),
      (looking) => {
        if (looking.kind !== 'done') return this.#patch({ looking })
        // By its name it was the network: by what it takes and gives another may be.
        const other = this.#isChosen ? null : likelier(looking.value, source.graph)
        if (other !== null) return this.#take(other)
        const value = withRoles(looking.value, this.#get().roles)
        this.#patch({ looking: { kind: 'done', value } })
        this.#describe(value, before)
      },
    )
  }

  change(form: Form): void {
    const { form: before } = this.#get()
    const tried = this.#wasTried()
    this.#patch({ form })
    // A name changes no picture.
    if (before?.description !== form.description && faultOf(form) === null && tried) this.attempt()
  }

  /** Whether pictures were asked for before, well or not: what corrects the description draws them anew. */
  #wasTried(): boolean {
    const { trial, trying } = this.#get()
    return trial !== null || trying.kind === 'failed'
  }

  attempt(): void {
    const asked = askedOf(this.#get())
    if (!asked) return
    const { mapping, opening, proving } = this.#get()
    this.#patch({ mapping: rested(mapping), opening: rested(opening), proving: rested(proving) })
    void this.#task.run(
      async (watch) => ({ ...(await this.parts.opener.attempt(asked.request, watch)), form: asked.form }),
      (trying) => {
        this.#patch({ trying, ...(trying.kind === 'done' && { trial: trying.value }) })
        if (trying.kind !== 'working') this.#mapNext()
      },
    )
  }

  open(): void {
    this.#openThen(() => this.#prove())
  }

  openOutside(): void {
    this.#openThen(() => this.#afterOpening())
  }

  /** What stands opened of the same form is not opened again. */
  #openThen(next: () => void): void {
    const asked = askedOf(this.#get())
    if (!asked) return
    const { opening, trying } = this.#get()
    this.#patch({ mapping: NONE, proving: NONE, trying: rested(trying) })
    if (valueOf(opening)?.form === asked.form) return next()
    this.#patch({ keeping: NONE })
    void this.#task.run(
      (watch) => this.#opened(asked, false, watch),
      (now) => {
        this.#patch({ opening: now })
        if (now.kind === 'done') next()
        else if (now.kind === 'failed') this.#afterOpening()
      },
    )
  }

  #prove(): void {
    const asked = askedOf(this.#get())
    if (!asked) return
    void this.#task.run(
      (watch) => this.#opened(asked, true, watch),
      (work) => {
        if (work.kind !== 'done') this.#patch({ proving: work })
        else {
          const before = valueOf(this.#get().opening)
          this.#patch({ opening: work, proving: { kind: 'done', value: null } })
          // It is in use as it came: the page has it with its layers from now on.
          if (before && Object.keys(before.files).length === 0) void this.keep().catch(() => undefined)
        }
        if (work.kind !== 'working') this.#afterOpening()
      },
    )
  }

  async #opened({ request, form }: AskedFor, inside: boolean, watch: Watch) {
    return { ...(await this.parts.opener.open({ ...request, inside }, watch)), form }
  }

  #afterOpening(): void {
    const { trial } = this.#get()
    // It may have taken the place of a trial, whose pictures are then drawn after all.
    if (trial && !isCurrent(this.#get(), trial)) this.attempt()
    else this.#mapNext()
  }

  /** Maps what was opened, unless that was done or takes long. */
  #mapNext(): void {
    const { opening, mapping } = this.#get()
    if (opening.kind === 'done' && mapping.kind === 'none' && isLight(this.#get())) this.map()
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
    const { looking, trying, opening, proving, mapping } = this.#get()
    this.#patch({
      looking: rested(looking),
      trying: rested(trying),
      opening: rested(opening),
      proving: rested(proving),
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
    const { model, files } = opened
    // It was kept before, and its bytes are there.
    if (this.#place && Object.keys(files).length === 0) return { id: model.id, place: this.#place, told: true }
    const place = await keepOpened(this.parts.models, opened, (done, total) =>
      this.#patch({ keeping: { kind: 'working', done, total, what: 'keeping' } }),
    )
    this.#place = place
    this.#patch({ keeping: { kind: 'done', value: placeText(place) } })
    // Its layers may have been proved meanwhile.
    if (valueOf(this.#get().opening) !== opened) return this.keep()
    this.#patch({ opening: { kind: 'done', value: { ...opened, files: {} } } })
    await this.#refresh()
    const { files: all } = this.#get()
    for (const path of valueOf(this.#get().looking)?.worse ?? []) await this.addSecond(model.id, all, path)
    return { id: model.id, place, told: false }
  }

  async addSecond(id: string, files: readonly BroughtFile[], graph?: string): Promise<void> {
    const { opening, files: all, graph: first } = this.#get()
    const own = valueOf(opening)?.model.id === id ? all.find(({ path }) => path === first) : undefined
    const asked = { id, files, graph: graph ?? null, original: own ?? null }
    const isProving = this.#get().proving.kind === 'working'
    await this.#task.run(
      async (watch) => addSecond(this.parts, asked, watch),
      (work) => this.#patch({ adding: { id, work } }),
    )
    await this.#refresh()
    // The worker does one thing at a time, and the proof waited.
    if (isProving) this.#prove()
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

  /** The form of what was seen in the files, with what was changed by hand before. */
  #describe(looked: Looked, before: Form | null): void {
    const { graph } = this.#get()
    const fresh = graph === null ? null : beginning(looked, graph)
    const form = fresh && (looked.told ? fresh : rebased(fresh, before))
    this.#patch({ form })
    this.parts.want(looked.look.missing)
    if (form && missingOf(this.#get()).length === 0 && isLight(this.#get())) this.attempt()
  }
}
