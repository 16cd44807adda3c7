/** The page's engine: the client with this browser's worker, network, storage and timers. */
import { startingFiles } from '../../engine/recipe'
import { filesOf, parseManifest } from '../../model/manifest'
import { openedParts } from '../../model/opened'
import type { ModelInfo } from '../../model/types'
import { browserStore, loadModelFiles } from '../../storage/model-files'
import { ofThisVersion } from '../../storage/site'
import { backendById } from '../backend-registry'
import { EngineError, descriptionFailed, messageOf } from '../../core/failure'
import { memoryBudget } from '../memory'
import { causeOnPage, spawnEngine } from './cause-on-page'
import { keptCores } from './kept-cores'
import { createEngineFrom } from './engine-client'
import type { EngineParts } from './parts'
import type { Engine, EngineEvent, EngineListener } from '../protocol'

function folderOf(model: string): string {
  return new URL(`models/${encodeURIComponent(model)}/`, document.baseURI).href
}

/** A model's checked manifest. Rejects with EngineError, or with the signal's reason. */
export async function fetchManifest(model: string, signal?: AbortSignal): Promise<ModelInfo> {
  const failed = (error: unknown, retryable: boolean) =>
    new EngineError(descriptionFailed(model, messageOf(error), retryable))
  let json: unknown
  try {
    // The manifest is the one file without a hash, so it is asked for anew each time.
    const response = await fetch(ofThisVersion(`${folderOf(model)}manifest.json`), {
      cache: 'no-cache',
      ...(signal && { signal }),
    })
    if (!response.ok) throw new Error(`the server answered ${response.status}`)
    json = await response.json()
  } catch (error) {
    signal?.throwIfAborted()
    throw failed(error, true)
  }
  try {
    return parseManifest(json)
  } catch (error) {
    throw failed(error, false)
  }
}

/** What reads a model that a person opened here, where the id is of such a one. */
const openedHere = async (id: string) => (openedParts(id) === null ? null : import('./opened-package'))

function browserParts(): EngineParts {
  const cores = navigator.hardwareConcurrency
  // As many as ORT itself would take, but two where there are two: hyperthreads help, and the page has little to do.
  const threads = Math.max(2, Math.min(4, Math.ceil(cores / 2)))
  return {
    memory: memoryBudget((navigator as { readonly deviceMemory?: number }).deviceMemory),
    page: { isolated: crossOriginIsolated, cores },
    lacking: async (backend) => (await backendById(backend).lacking?.()) ?? null,
    threads,
    cores: keptCores({ cores, usual: threads, storage: () => localStorage, now: Date.now }),
    spawn: spawnEngine,
    spawnLane: () => new Worker(new URL('../lanes/worker.ts', import.meta.url), { type: 'module', name: 'lane' }),
    onRelease: (lock, callback, signal) => {
      // Rejects where the signal is aborted, and where a frame may hold no locks: then only silence tells.
      void navigator.locks.request(lock, { signal }, () => callback()).catch(() => undefined)
    },
    now: () => performance.now(),
    after: (milliseconds, callback) => {
      const timer = setTimeout(callback, milliseconds)
      return () => clearTimeout(timer)
    },
    async fetchModel({ model: id, signal, onProgress, onKept, onNotice }) {
      const opened = await openedHere(id)
      if (opened) return opened.openedPackage(id)
      const store = browserStore()
      // Storage that does not answer is told of by the files that it fails to give.
      void store?.list(id).then(onKept, () => undefined)
      const model = await fetchManifest(id, signal)
      const files = startingFiles(model)
      const loaded = await loadModelFiles({
        model: id,
        base: folderOf(id),
        files,
        belonging: filesOf(model),
        signal,
        onProgress,
        onNotice,
        store,
      })
      return { model, files: Object.fromEntries(files.map(({ file }, i) => [file, loaded[i]!])) }
    },
    async fetchFile({ model, file, onProgress, ...rest }) {
      const opened = await openedHere(model)
      if (opened) return opened.openedFile(model, file)
      const [bytes] = await loadModelFiles({
        ...rest,
        model,
        base: folderOf(model),
        files: [file],
        onProgress,
        store: browserStore(),
      })
      return bytes!
    },
  }
}

/** The engine of this page. Nothing is loaded before `start`. Once a picture is drawn, the site is kept for visits without a network. */
export function createEngine(listener: EngineListener): Engine {
  let runtime: string | null = null
  let last: EngineEvent | null = null
  /** Tells a failure again where more is learnt of it, unless something else has happened meanwhile. */
  const explain = async (event: Extract<EngineEvent, { readonly kind: 'failed' | 'run-failed' }>) => {
    const failure = await causeOnPage(event.failure)
    if (failure && last === event) listener({ ...event, failure })
  }
  const hear: EngineListener = (event) => {
    last = event
    listener(event)
    if (event.kind === 'failed' || event.kind === 'run-failed') void explain(event)
    if (event.kind === 'ready') runtime = backendById(event.backend.id).runtime
    if (event.kind !== 'run-finished' || event.pass !== 'full' || runtime === null) return
    const used = runtime
    // Nothing of it is needed before, and where it does not come there is no network to prepare against.
    void import('../../storage/keep-site').then(({ keepSite }) => keepSite(used)).catch(() => undefined)
    runtime = null
  }
  return createEngineFrom(hear, browserParts())
}
