/** An engine client on workers, timers and locks that do only what a test tells them to. */
import { startingFiles } from '../../src/engine/recipe'
import type { ModelInfo } from '../../src/model/types'
import { defaultSettings } from '../../src/settings'
import type { Settings } from '../../src/settings/types'
import { createEngineFrom } from '../../src/worker/client/engine-client'
import type { EngineParts, ModelPackage, WorkerPort } from '../../src/worker/client/parts'
import { parseCommand, type Command, type Reply } from '../../src/worker/messages'
import type { BackendChoice, BackendId, Engine, EngineEvent } from '../../src/worker/protocol'
import type { EngineFailure } from '../../src/core/failure'
import { toyModel } from './model'

type Kind = Command['kind']
type Of<K extends Kind> = Extract<Command, { kind: K }>

/** A worker that does only what the test tells it to. */
export class FakeWorker implements WorkerPort {
  readonly received: Command[] = []
  terminated = false
  readonly #listeners: Record<string, ((event: Event) => void)[]> = {}
  postMessage(message: unknown, transfer: Transferable[] = []) {
    if (this.terminated) throw new Error('posted to a dead worker')
    this.received.push(parseCommand(structuredClone(message, { transfer })))
  }
  terminate() {
    this.terminated = true
  }
  addEventListener(type: string, listener: (event: Event) => void) {
    ;(this.#listeners[type] ??= []).push(listener)
  }
  #fire(type: string, event: Event) {
    for (const listener of this.#listeners[type] ?? []) listener(event)
  }
  say(reply: Reply | { kind: 'nonsense' }) {
    this.#fire('message', new MessageEvent('message', { data: structuredClone(reply) }))
  }
  /** As a lane: that it is there. */
  come(port: MessagePort) {
    this.#fire('message', new MessageEvent('message', { data: port }))
  }
  die() {
    this.#fire('error', Object.assign(new Event('error', { cancelable: true }), { message: 'out of luck' }))
  }
  garble() {
    this.#fire('messageerror', new Event('messageerror'))
  }
  all<K extends Kind>(kind: K): Of<K>[] {
    return this.received.filter((command): command is Of<K> => command.kind === kind)
  }
  last<K extends Kind>(kind: K): Of<K> {
    const command = this.all(kind).at(-1)
    if (!command) throw new Error(`no ${kind} was sent`)
    return command
  }
}

export const model: ModelInfo = {
  ...toyModel,
  graph: toyModel.networks[0]!.graph,
  weights: toyModel.networks[0]!.weights,
}
export const settings: Settings = { ...defaultSettings(model), steps: 16 }
export const bytes = new Uint8Array([1, 2, 3])
export const loaded: ModelPackage = {
  model,
  files: Object.fromEntries(startingFiles(model).map(({ file }) => [file, bytes])),
}
export const failure = (code: EngineFailure['code']): EngineFailure => ({
  code,
  message: `it was ${code}`,
  remedy: 'Do better.',
  retryable: true,
})
export const settle = async () => {
  for (let i = 0; i < 20; i++) await Promise.resolve()
}
export const x = new Float32Array(4)
export const summary = { digests: ['00'], evaluatedRows: 1, milliseconds: 1 }

export interface Scene {
  readonly engine: Engine
  readonly events: EngineEvent[]
  readonly workers: FakeWorker[]
  /** Those that run programs beside them. */
  readonly lanes: FakeWorker[]
  /** The newest worker. */
  readonly worker: FakeWorker
  readonly kinds: () => string[]
  readonly fireTimer: () => void
  readonly timers: { readonly milliseconds: number; readonly callback: () => void; cancelled: boolean }[]
  /** What the client waits for to be let go. */
  readonly locks: { readonly lock: string; readonly callback: () => void; readonly signal: AbortSignal }[]
  onEvent: (event: EngineEvent) => void
  /** Milliseconds: stands still until a test moves it. */
  clock: number
}

export function scene(overrides: Partial<EngineParts> = {}): Scene {
  const events: EngineEvent[] = []
  const workers: FakeWorker[] = []
  const lanes: FakeWorker[] = []
  const timers: Scene['timers'] = []
  const locks: Scene['locks'] = []
  const parts: EngineParts = {
    spawn: () => {
      const worker = new FakeWorker()
      workers.push(worker)
      return worker
    },
    spawnLane: () => {
      const lane = new FakeWorker()
      lanes.push(lane)
      return lane
    },
    fetchModel: async ({ onProgress }) => {
      onProgress(3, 9)
      return loaded
    },
    fetchFile: () => Promise.reject(new Error('no further file was expected')),
    memory: { files: 128 * 2 ** 20, networks: 7 * 2 ** 20 },
    page: { isolated: true, cores: 4 },
    threads: 2,
    onRelease: (lock, callback, signal) => void locks.push({ lock, callback, signal }),
    now: () => result.clock,
    after: (milliseconds, callback) => {
      const timer = { milliseconds, callback, cancelled: false }
      timers.push(timer)
      return () => {
        timer.cancelled = true
      }
    },
    ...overrides,
  }
  const result: Scene = {
    engine: createEngineFrom((event) => {
      events.push(event)
      result.onEvent(event)
    }, parts),
    events,
    workers,
    lanes,
    get worker() {
      return workers.at(-1)!
    },
    kinds: () => events.map(({ kind }) => kind),
    fireTimer: () =>
      timers
        .filter(({ cancelled }) => !cancelled)
        .at(-1)!
        .callback(),
    timers,
    locks,
    onEvent: () => undefined,
    clock: 0,
  }
  return result
}

export const info = (id: BackendId) => ({ id, label: id, threads: 1, goldenError: 1e-6 })

/** A started engine whose worker is ready. */
export async function ready(choice: BackendChoice = 'auto', overrides: Partial<EngineParts> = {}): Promise<Scene> {
  const play = scene(overrides)
  play.engine.start('avatars', choice)
  await settle()
  play.worker.say({ kind: 'ready', backend: info(choice === 'auto' ? 'webgpu' : choice) })
  await settle()
  play.events.length = 0
  return play
}
