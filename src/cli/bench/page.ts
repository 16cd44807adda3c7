/** The benchmark's page: the production engine, and a worker that times bare evaluations. Never part of the built site. */
import { firstSettings } from '../../settings'
import { createEngine, fetchManifest } from '../../worker/client'
import type { BackendId, BackendInfo, EngineEvent } from '../../worker/protocol'
import type { BareOrder, BareTimes } from './worker'

export interface WholeRun {
  readonly backend: BackendInfo
  readonly milliseconds: number
  readonly rows: readonly number[]
  /** From the call of `start` to the first preview image, and to the full image. */
  readonly firstPreview: number
  readonly firstFull: number
}

/** The model that is timed. */
const model = new URLSearchParams(location.search).get('model') ?? ''

const bench = {
  bare(order: Omit<BareOrder, 'base'>): Promise<BareTimes> {
    return new Promise((resolve, reject) => {
      const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'bench' })
      worker.addEventListener('message', ({ data }: MessageEvent<BareTimes | string>) => {
        worker.terminate()
        if (typeof data === 'string') reject(new Error(data))
        else resolve(data)
      })
      worker.addEventListener('error', ({ message }) => reject(new Error(message)))
      worker.postMessage({ ...order, base: new URL(`models/${model}/`, document.baseURI).href })
    })
  },

  /** Starts the engine, samples the model's first picture with a preview, then `repeats` full runs of fresh seeds; the median of those. */
  async whole(backend: BackendId, repeats: number): Promise<WholeRun> {
    const settings = firstSettings(await fetchManifest(model))
    const events: EngineEvent[] = []
    let changed = () => {}
    const engine = createEngine((event) => {
      events.push(event)
      changed()
    })
    const until = async <E extends EngineEvent>(condition: (event: EngineEvent) => event is E): Promise<E> => {
      for (;;) {
        const failed = events.find((event) => event.kind === 'failed' || event.kind === 'run-failed')
        if (failed && 'failure' in failed) throw new Error(failed.failure.message)
        const found = events.find(condition)
        if (found) return found
        await new Promise<void>((resolve) => (changed = resolve))
      }
    }
    const finished =
      (run: number, pass: 'preview' | 'full') =>
      (event: EngineEvent): event is Extract<EngineEvent, { kind: 'run-finished' }> =>
        event.kind === 'run-finished' && event.run === run && event.pass === pass
    const begun = performance.now()
    engine.start(model, backend)
    const first = engine.run(settings, { preview: true })
    await until(finished(first, 'preview'))
    const firstPreview = performance.now() - begun
    await until(finished(first, 'full'))
    const firstFull = performance.now() - begun
    const ready = await until((event): event is Extract<EngineEvent, { kind: 'ready' }> => event.kind === 'ready')
    const times: number[] = []
    let rows: number[] = []
    for (let i = 0; i < repeats; i++) {
      const run = engine.run({ ...settings, seed: 100 + i }, { preview: false })
      times.push((await until(finished(run, 'full'))).summary.milliseconds)
      rows = events.flatMap((event) => (event.kind === 'step' && event.run === run ? [event.record.rows] : []))
    }
    engine.dispose()
    return {
      backend: ready.backend,
      milliseconds: times.sort((a, b) => a - b)[times.length >> 1]!,
      rows,
      firstPreview,
      firstFull,
    }
  },

  async hasGpu(): Promise<boolean> {
    const adapter = await navigator.gpu?.requestAdapter()
    return adapter !== null && adapter !== undefined && !adapter.info.isFallbackAdapter
  },
}

export type Bench = typeof bench

declare global {
  interface Window {
    bench: Bench
  }
}

window.bench = bench
