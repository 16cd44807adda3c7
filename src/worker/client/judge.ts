/** The page's judge: its files, fetched when it is asked for, and the worker that measures what it saw. */
import type { JudgeFiles, JudgeInfo } from '../../evaluation/judge'
import { metricsFrom, type Judged, type Measured, type Metrics } from '../../evaluation/metrics'
import { browserStore, loadModelFiles } from '../../storage/model-files'
import { type Good, numbered } from './numbered'
import type { WorkerPort } from './parts'
import { type Answer, type Order, parseAnswer } from '../metrics-messages'

/** Everything that the judge needs. */
export interface JudgeKit extends JudgeFiles {
  readonly statistics: Uint8Array
  /** Null of a judge that tells nothing of single things. */
  readonly attributes?: Uint8Array | null
}

/** Fetches the judge of the family `model` that `info` describes, checked and kept like a model. Rejects with EngineError, or with the signal's reason. */
export async function fetchJudge(
  model: string,
  info: JudgeInfo,
  signal: AbortSignal,
  onProgress: (loaded: number, total: number) => void,
): Promise<JudgeKit> {
  const files = [info.graph, info.weights, info.statistics, ...(info.heads ? [info.heads] : [])]
  const [graph, weights, statistics, attributes = null] = await loadModelFiles({
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
  return { info, graph: graph!, weights: weights!, statistics: statistics!, attributes }
}

/** Measures sets of judged images. */
export interface MetricsClient {
  /** The numbers of each set. Rejects with a sentence. */
  measure(sets: readonly (readonly Judged[])[]): Promise<readonly Metrics[]>
  /** The same with what intervals, of differences as well, follow from. Rejects with a sentence. */
  measured(sets: readonly (readonly Judged[])[]): Promise<readonly Measured[]>
  /** How far each image is from held-out drawings, by its features: below 1 it is among them. Rejects with a sentence. */
  distances(features: readonly Float32Array[]): Promise<readonly number[]>
  dispose(): void
}

/** A metrics client over a worker of its own. */
export function createMetricsClientFrom(
  worker: WorkerPort,
  { info, statistics, attributes = null }: JudgeKit,
): MetricsClient {
  const { ask, end } = numbered<Order, Good<Answer>>({
    worker,
    parse: parseAnswer,
    stopped: (why) => `The worker that measures stopped: ${why || 'it could not be started'}. Open the judge again.`,
  })
  worker.postMessage({ kind: 'real', info, bytes: statistics, attributes })
  const other = (): never => {
    throw new Error('The worker that measures answered something else. Open the judge again.')
  }
  const measured: MetricsClient['measured'] = async (sets) => {
    const answer = await ask((id) => ({ kind: 'measure', id, sets }))
    return answer.kind === 'measured' ? answer.sets : other()
  }
  return {
    measure: async (sets) => (await measured(sets)).map(metricsFrom),
    measured,
    distances: async (features) => {
      const answer = await ask((id) => ({ kind: 'distances', id, features }))
      return answer.kind === 'distances' ? answer.distances : other()
    },
    dispose: () => end('the judge was closed'),
  }
}

export function createMetricsClient(kit: JudgeKit): MetricsClient {
  return createMetricsClientFrom(
    new Worker(new URL('../metrics-worker.ts', import.meta.url), { type: 'module', name: 'metrics' }),
    kit,
  )
}
