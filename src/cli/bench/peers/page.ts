/** The page of peers: the production engine on one, the plain loop in a worker on another. Never part of the built site. */
import type { Settings } from '../../../settings/types'
import { createEngine } from '../../../worker/client'
import type { BackendInfo, Engine, EngineEvent } from '../../../worker/protocol'
import type { Order } from './order'

export interface Timed {
  /** Milliseconds since 1970. */
  readonly from: number
  readonly to: number
  readonly picture: readonly number[]
}

const at = () => performance.timeOrigin + performance.now()

let engine: Engine | null = null
let hear: (event: EngineEvent) => void = () => {}

/** Resolves with the event that is waited for, and rejects where the engine or the run fails. */
function awaited<T>(find: (event: EngineEvent) => T | null): Promise<T> {
  return new Promise((resolve, reject) => {
    hear = (event) => {
      if (event.kind === 'failed' || event.kind === 'run-failed') reject(new Error(event.failure.message))
      const found = find(event)
      if (found !== null) resolve(found)
    }
  })
}

async function worked(doing: () => Promise<Float32Array>): Promise<Timed> {
  const from = at()
  const picture = await doing()
  return { from, to: at(), picture: Array.from(picture) }
}

let loop: Worker | null = null

const bench = {
  start(model: string, backend: string): Promise<BackendInfo> {
    engine = createEngine((event) => hear(event))
    const ready = awaited((event) => (event.kind === 'ready' ? event.backend : null))
    engine.start(model, backend)
    return ready
  },

  /** By the engine, with the pictures of positive and negative, or the guided one only. */
  engine(settings: Settings, alone: boolean): Promise<Timed> {
    return worked(async () => {
      if (!alone) return (await engine!.draw([settings], [], new AbortController().signal))[0]!.guided
      const run = engine!.run(settings, { preview: false })
      return awaited((event) =>
        event.kind === 'run-finished' && event.run === run && event.pass === 'full' ? event.samples[0]!.guided : null,
      )
    })
  },

  loop(order: Order, threads: number): Promise<Timed> {
    loop ??= new Worker(new URL('./loop-worker.ts', import.meta.url), { type: 'module', name: 'loop' })
    const { postMessage } = loop
    return new Promise((resolve, reject) => {
      loop!.onmessage = ({ data }: MessageEvent<(Omit<Timed, 'picture'> & { picture: Float32Array }) | string>) => {
        if (typeof data === 'string') reject(new Error(data))
        else resolve({ ...data, picture: Array.from(data.picture) })
      }
      loop!.onerror = ({ message }) => reject(new Error(message))
      postMessage.call(loop, { ...order, threads, base: new URL('peers/', document.baseURI).href })
    })
  },
}

declare global {
  interface Window {
    bench: typeof bench
  }
}

window.bench = bench
