/** The ways on that the page offers after a failure. Pure. */
import { lastResort } from '../../worker/client/backends'
import type { BackendChoice } from '../../worker/protocol'
import type { EngineErrorCode, EngineFailure } from '../../core/failure'

export interface Remedy {
  readonly kind: 'restart' | 'rerun' | 'use-auto' | 'use-last-resort' | 'reset-layers' | 'load-page'
  readonly label: string
}

const RESTART: Remedy = { kind: 'restart', label: 'Start again' }
const RERUN: Remedy = { kind: 'rerun', label: 'Sample again' }
const USE_AUTO: Remedy = { kind: 'use-auto', label: 'Let the page choose' }
const USE_LAST_RESORT: Remedy = { kind: 'use-last-resort', label: 'Use the processor' }
const LOAD_PAGE: Remedy = { kind: 'load-page', label: 'Load the new version' }
const RESET: Remedy = { kind: 'reset-layers', label: 'Reset the method' }

/** Failures that every backend meets. */
const ANY_BACKEND: readonly EngineErrorCode[] = ['download-failed', 'integrity', 'new-version', 'unsupported']

/**
 * At least one for every failure: buttons that lead on, the best first. `choice` is the backend in force: where the person
 * chose one that fails, the page offers to choose again.
 */
export function remediesFor(failure: EngineFailure, scope: 'engine' | 'run', choice: BackendChoice): readonly Remedy[] {
  const backendMatters = !ANY_BACKEND.includes(failure.code) && scope === 'engine'
  const ways = waysOn(failure, scope)
  return choice !== 'auto' && backendMatters
    ? [USE_AUTO, ...ways.filter(({ kind }) => kind !== 'use-last-resort' || choice !== lastResort)]
    : ways
}

function waysOn(failure: EngineFailure, scope: 'engine' | 'run'): readonly Remedy[] {
  const again = scope === 'engine' ? RESTART : RERUN
  switch (failure.code) {
    case 'download-failed':
      return [{ kind: again.kind, label: 'Try again' }]
    case 'integrity':
      return [{ kind: again.kind, label: 'Download again' }]
    case 'new-version':
      return [LOAD_PAGE]
    case 'storage-full':
    case 'unsupported':
      return [again]
    case 'no-webgpu':
    case 'no-threads':
    case 'device-lost':
    case 'golden-mismatch':
      return [USE_LAST_RESORT, again]
    case 'out-of-memory':
      return [again, USE_LAST_RESORT]
    case 'not-finite':
    case 'unusable':
      return [RESET, RERUN]
    case 'worker-died':
    case 'internal':
      return [again]
    default:
      return failure.code satisfies never
  }
}
