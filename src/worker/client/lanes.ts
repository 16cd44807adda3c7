/** The page's side of an engine's lanes: starts their workers, and hands on the way to each. */
import { workerDied, type EngineFailure } from '../../core/failure'
import type { EngineParts, WorkerPort } from './parts'

/** The engine begins without a lane that has not come by then. */
const PATIENCE_MS = 10_000

export interface LaneListener {
  /** The way to the lane, once: null where it does not come. */
  readonly onLane: (port: MessagePort | null) => void
  /** A lane ended that had come: what it was asked will not be answered. */
  readonly onLost: (failure: EngineFailure) => void
}

/** Starts one, which ends with the signal. Never throws. */
export function startLane(
  { spawnLane, after }: Pick<EngineParts, 'spawnLane' | 'after'>,
  closed: AbortSignal,
  { onLane, onLost }: LaneListener,
): void {
  let worker: WorkerPort
  try {
    worker = spawnLane()
  } catch {
    return onLane(null)
  }
  let told = false
  const tell = (port: MessagePort | null) => {
    if (told || closed.aborted) return
    told = true
    calm()
    if (!port) worker.terminate()
    onLane(port)
  }
  const calm = after(PATIENCE_MS, () => tell(null))
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
}
