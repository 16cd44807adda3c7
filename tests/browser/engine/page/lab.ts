/** A page with the production engine and nothing else, for the engine's browser tests; never part of the built site. */
import type { StepRecord } from '../../../../src/sampling/records'
import type { AttentionControl } from '../../../../src/network/types'
import { defaultSettings, parsePreset } from '../../../../src/settings'
import { createEngine, fetchManifest } from '../../../../src/worker/client'
import type { BackendId, EngineEvent } from '../../../../src/worker/protocol'
import { compareRun, firstSteps, parseGoldenRuns, type Difference, type GoldenRun } from '../../../support/golden-runs'

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

export interface RunOptions {
  /** Of the preset. */
  readonly changes?: Readonly<Record<string, unknown>>
  /** Only the first steps are compared, and the run is then cancelled. */
  readonly steps?: number
}

const events: EngineEvent[] = []
let changed = () => {}

/** PyTorch's runs of a model, fetched once. */
const goldenRuns = new Map<string, Promise<readonly GoldenRun[]>>()

function fetchGoldenRuns(path: string): Promise<readonly GoldenRun[]> {
  const known = goldenRuns.get(path)
  if (known) return known
  const file = (name: string) => fetch(new URL(`tests/golden/${path}.${name}`, document.baseURI))
  const fetched = Promise.all([
    file('json').then((response) => response.text()),
    file('bin').then((response) => response.arrayBuffer()),
  ]).then(([index, data]) => parseGoldenRuns(index, data))
  goldenRuns.set(path, fetched)
  return fetched
}

const lab = {
  events,
  engine: createEngine((event) => {
    events.push(event)
    changed()
  }),
  defaultSettings,
  fetchManifest,
  /** Settings of a preset. Throws where it is none. */
  async settingsOf(preset: Readonly<Record<string, unknown>>) {
    const parsed = parsePreset(preset, await fetchManifest(String(preset['model'])))
    if (!parsed.ok) throw new Error(parsed.problem)
    return parsed.settings
  },
  /** Resolves with the newest event that satisfies the condition, now or later. */
  async until<E extends EngineEvent>(condition: (event: EngineEvent) => event is E, from = 0): Promise<E> {
    for (;;) {
      const found = events.slice(from).filter(condition).at(-1)
      if (found) return found
      await new Promise<void>((resolve) => (changed = resolve))
    }
  },
  /**
   * Runs a golden run's preset on the engine as it was started, and compares every stored tensor here, where the records are.
   * Rejects where there is no such run, and where the engine refuses or fails.
   */
  async compareWithPyTorch(
    path: string,
    name: string,
    { changes = {}, steps }: RunOptions,
  ): Promise<readonly Difference[]> {
    const golden = (await fetchGoldenRuns(path)).find((run) => run.name === name)
    if (!golden) throw new Error(`there is no golden run ${name} in ${path}`)
    const settings = await lab.settingsOf({ ...golden.preset, ...changes })
    const from = events.length
    const recordsOf = (run: number) =>
      events
        .slice(from)
        .flatMap((event): StepRecord[] => (event.kind === 'step' && event.run === run ? [event.record] : []))
    const run = lab.engine.run(settings, { preview: false, alone: ['positive'] })
    const end = await lab.until(
      (event): event is Extract<EngineEvent, { kind: 'step' | 'run-finished' | 'run-failed' | 'failed' }> =>
        event.kind === 'failed' ||
        ((event.kind === 'run-finished' || event.kind === 'run-failed') && event.run === run) ||
        (event.kind === 'step' && recordsOf(run).length === steps),
      from,
    )
    if (end.kind === 'run-failed' || end.kind === 'failed') throw new Error(end.failure.message)
    lab.engine.cancel()
    return end.kind === 'step'
      ? compareRun(firstSteps(golden, recordsOf(run).length), recordsOf(run), null)
      : compareRun(golden, recordsOf(run), end.samples)
  },
  /** Asks the denoiser of one backend, without engine, sampler or golden check. */
  ask(
    model: string,
    backend: BackendId,
    threads: number,
    questions: readonly Question[],
    { invariance }: { readonly invariance: boolean },
  ) {
    return new Promise<Answers>((resolve, reject) => {
      const worker = new Worker(new URL('./ask-worker.ts', import.meta.url), { type: 'module', name: 'ask' })
      worker.addEventListener('message', ({ data }: MessageEvent<Answers | string>) => {
        worker.terminate()
        if (typeof data === 'string') reject(new Error(data))
        else resolve(data)
      })
      worker.addEventListener('error', ({ message }) => reject(new Error(message)))
      worker.postMessage({
        base: new URL(`models/${model}/`, document.baseURI).href,
        backend,
        threads,
        questions,
        invariance,
      })
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
