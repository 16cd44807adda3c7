/** The page's judge: its files, fetched when it is asked for, and the worker that measures what it saw. */
import type { JudgeFiles, JudgeInfo } from '../../evaluation/judge'
import type { Judged, Metrics } from '../../evaluation/metrics'
import { browserStore, loadModelFiles } from '../../storage/model-files'
import type { WorkerPort } from './parts'
import { parseAnswer } from '../metrics-messages'

/** Everything that the judge needs. */
export interface JudgeKit extends JudgeFiles {
  readonly statistics: Uint8Array
}

/** Fetches the judge of the family `model` that `info` describes, checked and kept like a model. Rejects with EngineError, or with the signal's reason. */
export async function fetchJudge(
  model: string,
  info: JudgeInfo,
  signal: AbortSignal,
  onProgress: (loaded: number, total: number) => void,
): Promise<JudgeKit> {
  const files = [info.graph, info.weights, info.statistics]
  const [graph, weights, statistics] = await loadModelFiles({
    // Kept apart from the networks, which drop what is not theirs.
    model: `judge of ${model}`,
    base: new URL(`models/${encodeURIComponent(model)}/`, document.baseURI).href,
    files,
    belonging: files,
    signal,
    onProgress,
    // The engine has already said that storage is full, and the judge works without it.
    onNotice: () => undefined,
    store: browserStore(),
  })
  return { info, graph: graph!, weights: weights!, statistics: statistics! }
}

/** Measures sets of judged images. */
export interface MetricsClient {
  /** The numbers of each set. Rejects with a sentence. */
  measure(sets: readonly (readonly Judged[])[]): Promise<readonly Metrics[]>
  dispose(): void
}

interface Pending {
  readonly resolve: (metrics: readonly Metrics[]) => void
  readonly reject: (error: Error) => void
}

/** A metrics client over a worker of its own. */
export function createMetricsClientFrom(worker: WorkerPort, { info, statistics }: JudgeKit): MetricsClient {
  const pending = new Map<number, Pending>()
  let ids = 0
  const fail = (why: string) => {
    for (const { reject } of pending.values()) reject(new Error(why))
    pending.clear()
  }
  worker.addEventListener('message', (event) => {
    try {
      const answer = parseAnswer((event as MessageEvent).data)
      const asked = pending.get(answer.id)
      pending.delete(answer.id)
      if (answer.kind === 'measured') asked?.resolve(answer.metrics)
      else asked?.reject(new Error(answer.message))
    } catch (error) {
      fail(error instanceof Error ? error.message : String(error))
    }
  })
  worker.addEventListener('error', (event) => {
    event.preventDefault()
    fail(
      `The worker that measures stopped: ${(event as Partial<ErrorEvent>).message || 'it could not be started'}. Open the judge again.`,
    )
  })
  worker.postMessage({ kind: 'real', info, bytes: statistics })
  return {
    measure: (sets) =>
      new Promise((resolve, reject) => {
        const id = ++ids
        pending.set(id, { resolve, reject })
        worker.postMessage({ kind: 'measure', id, sets })
      }),
    dispose: () => {
      worker.terminate()
      fail('the judge was closed')
    },
  }
}

export function createMetricsClient(kit: JudgeKit): MetricsClient {
  return createMetricsClientFrom(
    new Worker(new URL('../metrics-worker.ts', import.meta.url), { type: 'module', name: 'metrics' }),
    kit,
  )
}
