/** The page's side of an engine's lanes: starts their workers, and hands on the way to each. */
import { workerDied, type EngineFailure } from '../../core/failure'
import type { EngineParts, WorkerPort } from './parts'

/** The engine begins without a lane that has not come so long after the model: until then it waits for that anyway, and on a slow line for both. */
const PATIENCE_MS = 10_000

export interface LaneListener {
  /** The way to the lane, once: null where it does not come. */
  readonly onLane: (port: MessagePort | null) => void
  /** A lane ended that had come: what it was asked will not be answered. */
  readonly onLost: (failure: EngineFailure) => void
}

/** Starts one, which ends with the signal; gives back what says that the model has come. Never throws. */
export function startLane(
  { spawnLane, after }: Pick<EngineParts, 'spawnLane' | 'after'>,
  closed: AbortSignal,
  { onLane, onLost }: LaneListener,
): () => void {
  let worker: WorkerPort
  try {
    worker = spawnLane()
  } catch {
    onLane(null)
    return () => undefined
  }
  let told = false
  let calm = () => {}
  const tell = (port: MessagePort | null) => {
    if (told || closed.aborted) return
    told = true
    calm()
    if (!port) worker.terminate()
    onLane(port)
  }
  closed.addEventListener('abort', () => {
    calm()
    worker.terminate()
  })
  worker.addEventListener('message', (event) => {
    const { data } = event as MessageEvent
    tell(data instanceof MessagePort ? data : null)
  })
  worker.addEventListener('error', (event) => {
    event.preventDefault()
    if (told) onLost(workerDied((event as Partial<ErrorEvent>).message || 'a lane ended'))
    else tell(null)
  })
  return () => {
    if (!told && !closed.aborted) calm = after(PATIENCE_MS, () => tell(null))
  }
}
