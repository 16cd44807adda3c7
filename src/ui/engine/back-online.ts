/** What failed for lack of a network is tried again when the network is back, without the person. */
import type { EngineFailure } from '../../core/failure'
import type { PageStore } from '../app/state'

/** The part of the browser window that tells. */
export interface OnlineWindow {
  addEventListener(type: 'online', listener: () => void): void
  removeEventListener(type: 'online', listener: () => void): void
}

interface Parts {
  readonly store: PageStore
  readonly window: OnlineWindow
  readonly restart: () => void
  readonly rerun: () => void
}

/** A worker that ends needs its code anew, so that without a network no other starts. */
const forLackOfNetwork = ({ code, retryable }: EngineFailure) =>
  retryable && (code === 'download-failed' || code === 'worker-died')

/** Watches until the function that it returns is called. */
export function watchOnline({ store, window, restart, rerun }: Parts): () => void {
  const onOnline = () => {
    const { engine, run } = store.getState()
    const { status } = engine
    if (status.kind === 'failed' && forLackOfNetwork(status.failure)) {
      // Each candidate was given up for the same reason.
      store.patch({ engine: { rejected: [] } })
      restart()
    } else if (status.kind === 'ready' && run.failure && forLackOfNetwork(run.failure)) rerun()
  }
  window.addEventListener('online', onOnline)
  return () => window.removeEventListener('online', onOnline)
}
