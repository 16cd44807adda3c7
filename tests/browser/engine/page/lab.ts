/** A page with the production engine and nothing else, for the engine's browser tests; never part of the built site. */
import type { AttentionControl } from '../../../../src/network/types'
import { defaultSettings } from '../../../../src/settings/codec'
import { createEngine, fetchManifest } from '../../../../src/worker/client'
import type { BackendId, EngineEvent } from '../../../../src/worker/protocol'

/** Rows for the bare denoiser of a backend. */
export interface Question {
  readonly sigma: number
  readonly class: number
  readonly attention: readonly (AttentionControl | null)[] | null
  readonly x: readonly number[]
}

export interface Answers {
  readonly denoised: number[][]
  /** Whether a row gives the same bits in every batch; null where it was not asked. */
  readonly invariant: boolean | null
}

const events: EngineEvent[] = []
let changed = () => {}

const lab = {
  events,
  engine: createEngine((event) => {
    events.push(event)
    changed()
  }),
  defaultSettings,
  fetchManifest,
  /** Resolves with the newest event that satisfies the condition, now or later. */
  async until<E extends EngineEvent>(condition: (event: EngineEvent) => event is E, from = 0): Promise<E> {
    for (;;) {
      const found = events.slice(from).findLast(condition)
      if (found) return found
      await new Promise<void>((resolve) => (changed = resolve))
    }
  },
  /** Asks the denoiser of one backend, without engine, sampler or golden check. */
  ask(model: string, backend: BackendId, threads: number, questions: readonly Question[], { invariance }: { readonly invariance: boolean }) {
    return new Promise<Answers>((resolve, reject) => {
      const worker = new Worker(new URL('./ask-worker.ts', import.meta.url), { type: 'module', name: 'ask' })
      worker.addEventListener('message', ({ data }: MessageEvent<Answers | string>) => {
        worker.terminate()
        if (typeof data === 'string') reject(new Error(data))
        else resolve(data)
      })
      worker.addEventListener('error', ({ message }) => reject(new Error(message)))
      worker.postMessage({ base: new URL(`models/${model}/`, document.baseURI).href, backend, threads, questions, invariance })
    })
  },
}

export type Lab = typeof lab

declare global {
  interface Window {
    lab: Lab
  }
}

window.lab = lab
