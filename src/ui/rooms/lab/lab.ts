/** What the tabs of the lab share: the settings that they vary, one engine, the judge, what is kept, and the address. Free of DOM. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ModelInfo } from '../../../model/types'
import type { LabStorage } from '../../../storage/lab'
import type { BackendChoice, Engine } from '../../../worker/protocol'
import { createAddress } from '../../app/address'
import type { EnginePort } from '../../app/engine-port'
import type { LinkWindow } from '../../app/link'
import { createEngineHolder, saidOf } from '../../engine/apart'
import { type EngineStatus, type Fetching, LOADING } from '../../engine/slice'
import { readAddress, type Said, type Subject, type TabKeys, writeAddress } from './address'
import { createJudgeHolder, type LabJudge } from './judge'

const MESSAGE_MILLISECONDS = 4000

export interface LabState {
  readonly subject: Subject
  /** What each tab says in the address, while another is seen, too. */
  readonly said: Readonly<Record<string, Said>>
  readonly engine: EngineStatus
  readonly fetching: Fetching | null
  /** Said for a moment, such as that a link was copied. */
  readonly message: string | null
}

export interface Lab {
  readonly store: Pick<StoreApi<LabState>, 'getState' | 'getInitialState' | 'subscribe'>
  readonly port: Pick<EnginePort, 'models' | 'publishedOf' | 'curvesOf' | 'judgingOf'>
  readonly storage: LabStorage
  readonly judge: LabJudge
  readonly now: () => number
  /** Whether the room is looked at: while it is not, no engine is held, and what was being drawn is rejected. */
  show(shown: boolean): void
  /** The engine, at work with that model; what another model was drawing is rejected. */
  engine(model: ModelInfo, choice?: BackendChoice): Engine
  /** Writes what a tab says into the address, in place of what it said, as an entry of the history of its own or not. */
  write(tab: string, said: Said, entry?: 'new' | 'same'): void
  /** Other settings to vary, of any model. */
  vary(change: Pick<Subject, 'model' | 'settings'>): void
  /** The hash of a tab as it is now, or with what it would say. */
  hash(tab: string, said?: Said): string
  /** The same as a link to share. */
  link(tab: string, said?: Said): string
  say(message: string): void
  dispose(): void
}

export interface LabParts {
  readonly port: Lab['port'] & Pick<EnginePort, 'connect'>
  readonly window: LinkWindow & { readonly performance: Pick<Performance, 'now'> }
  readonly owns: (hash: string) => boolean
  readonly storage: LabStorage
  readonly tabs: readonly TabKeys[]
}

/** Reads and writes the address, and holds the state to it. */
function createAddressing({ port, window, owns, tabs }: LabParts, store: StoreApi<LabState>) {
  const { getState: get, setState: patch } = store
  const address = createAddress(window)
  const hash = (tab: string, said = get().said[tab] ?? {}) => writeAddress({ ...get().subject, tab, said })

  function onHistory() {
    address.forget()
    if (!owns(window.location.hash)) return
    const read = readAddress(window.location.hash, port.models, tabs)
    // Who comes back with other settings finds the tab as it was left.
    const silent = Object.keys(read.said).length === 0
    const subject = silent ? { ...read, said: get().said[read.tab] ?? {} } : read
    patch({ subject, said: { ...get().said, [subject.tab]: subject.said } })
  }
  window.addEventListener('popstate', onHistory)

  const commands: Pick<Lab, 'write' | 'vary' | 'hash' | 'link'> = {
    write: (tab, said, entry = 'same') => {
      const { subject } = get()
      patch({ said: { ...get().said, [tab]: said }, ...(subject.tab === tab && { subject: { ...subject, said } }) })
      if (subject.tab !== tab || !owns(window.location.hash)) return
      if (entry === 'new') address.push(hash(tab), null)
      else address.replace(hash(tab), null)
    },
    vary: (change) => {
      patch({ subject: { ...get().subject, ...change, notes: [] } })
      if (owns(window.location.hash)) address.push(hash(get().subject.tab), null)
    },
    hash,
    link: (tab, said) => `${window.location.href.replace(/#.*$/, '')}${hash(tab, said)}`,
  }
  return {
    commands,
    end: () => {
      address.forget()
      window.removeEventListener('popstate', onHistory)
    },
  }
}

/** One engine for all tabs, at work with one model after another. */
function createEngines({ port }: LabParts, { getState: get, setState: patch }: StoreApi<LabState>) {
  let started = get().subject.model
  const holder = createEngineHolder(port, (event) => {
    const said = saidOf(event, started)
    if (said) patch(said)
  })
  const engine: Lab['engine'] = (model, choice) => {
    const failed = get().engine.kind === 'failed'
    started = model
    const { engine: own, isNew } = holder.of(model.id, choice)
    if (isNew || failed) patch({ engine: LOADING, fetching: null })
    if (!isNew && failed) own.start(model.id, choice ?? 'auto')
    return own
  }
  const drop = () => {
    holder.drop()
    patch({ engine: LOADING, fetching: null })
  }
  return { engine, drop }
}

export function createLab(parts: LabParts): Lab {
  const { port, window, storage, tabs } = parts
  const first = readAddress(window.location.hash, port.models, tabs)
  const store = createStore<LabState>(() => ({
    subject: first,
    said: { [first.tab]: first.said },
    engine: LOADING,
    fetching: null,
    message: null,
  }))
  const engines = createEngines(parts, store)
  const addressing = createAddressing(parts, store)
  const judge = createJudgeHolder(port)
  let timer = 0
  return {
    ...addressing.commands,
    store,
    port,
    storage,
    judge,
    now: () => window.performance.now(),
    show: (shown) => {
      if (!shown) engines.drop()
    },
    engine: engines.engine,
    say: (message) => {
      window.clearTimeout(timer)
      store.setState({ message })
      timer = window.setTimeout(() => store.setState({ message: null }), MESSAGE_MILLISECONDS)
    },
    dispose: () => {
      addressing.end()
      engines.drop()
      judge.dispose()
    },
  }
}
