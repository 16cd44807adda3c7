/** What the engine reports, written into the page's state; what concerns a run goes to the runs. */
import type { ModelInfo, NetworkRef } from '../../model/types'
import type { EngineEvent, EngineListener } from '../../worker/protocol'
import type { PageStore } from '../app/state'
import type { Runs } from '../run/runs'
import type { Fetching } from './slice'

/** The files that the engine has loaded once it is ready. */
const mainFiles = ({ graph, weights }: ModelInfo) => [graph.sha256, weights.sha256]

const nameOf = (ref: NetworkRef | null, model: ModelInfo) =>
  ref ? (model.networks.find(({ id }) => id === ref.id)?.name ?? ref.id) : 'the vision transformer'

export function fetchingOf(
  event: Extract<EngineEvent, { kind: 'fetching' | 'combining' }>,
  model: ModelInfo,
): Fetching {
  const name = nameOf(event.network, model)
  switch (event.kind) {
    case 'fetching':
      return { label: `Fetching ${name}`, loaded: event.loaded, total: event.total, unit: 'bytes' }
    case 'combining':
      return { label: `Averaging ${name}`, loaded: event.done, total: event.total, unit: 'parts' }
    default:
      return event satisfies never
  }
}

export function createEngineListener({
  store,
  runs,
}: {
  readonly store: PageStore
  readonly runs: Runs
}): EngineListener {
  const { getState, patch } = store
  return (event) => {
    const { model, engine } = getState()
    switch (event.kind) {
      case 'phase':
        return patch({ engine: { status: { kind: 'loading', backend: event.backend, phase: event.phase } } })
      case 'backend-rejected': {
        const others = engine.rejected.filter(({ backend }) => backend !== event.backend)
        return patch({ engine: { rejected: [...others, { backend: event.backend, failure: event.failure }] } })
      }
      case 'kept':
        return patch({ engine: { fetched: new Set([...engine.fetched, ...event.files]) } })
      case 'ready':
        patch({
          engine: {
            status: { kind: 'ready', backend: event.backend },
            fetched: new Set([...engine.fetched, ...mainFiles(model)]),
          },
        })
        return runs.resume()
      case 'tuned': {
        const { status } = engine
        if (status.kind !== 'ready') return
        const { label, threads } = event
        return patch({ engine: { status: { ...status, backend: { ...status.backend, label, threads } } } })
      }
      case 'fetching':
      case 'combining':
        return patch({ engine: { fetching: fetchingOf(event, model) } })
      case 'fetched':
        return patch({ engine: { fetching: null, fetched: new Set([...engine.fetched, ...event.came]) } })
      case 'run-started':
      case 'step':
      case 'run-finished':
      case 'run-failed':
        return runs.hear(event)
      case 'recovering':
        // Full storage costs this visit nothing, and the next one a download.
        return patch(
          event.failure.code === 'storage-full'
            ? { notices: { warning: event.failure } }
            : { engine: { status: { kind: 'recovering', failure: event.failure } } },
        )
      case 'failed':
        runs.drop()
        return patch({
          engine: { status: { kind: 'failed', failure: event.failure }, fetching: null },
          run: { coming: null },
        })
      default:
        return event satisfies never
    }
  }
}
