/** What the page says of the engine: its state in a few words, and how far it has loaded. Pure. */
import type { Phase } from '../../worker/protocol'
import type { EngineStatus } from '../engine/slice'
import { megabytes } from '../../core/format'

function phaseText(phase: Phase | null): string {
  switch (phase?.kind) {
    case undefined:
      return 'Starting'
    case 'download':
      return `Loading model, ${megabytes(phase.loaded)} of ${megabytes(phase.total)} MB`
    case 'compile':
      return 'Preparing the model'
    case 'verify':
      return 'Checking the model'
    default:
      return phase satisfies never
  }
}

export function statusText(status: EngineStatus): string {
  switch (status.kind) {
    case 'ready':
      return status.backend.label
    case 'recovering':
      return 'Recovering'
    case 'failed':
      return 'Model not running'
    case 'loading':
      return phaseText(status.phase)
    default:
      return status satisfies never
  }
}

/** Share of the loading that is done: the download is most of it. */
export function loadedShare(phase: Phase | null): number {
  switch (phase?.kind) {
    case undefined:
      return 0
    case 'download':
      return (0.8 * phase.loaded) / Math.max(phase.total, 1)
    case 'compile':
      return 0.85
    case 'verify':
      return 0.95
    default:
      return phase satisfies never
  }
}

/** Colour of the dot before the words. */
export function statusDot(status: EngineStatus): string {
  switch (status.kind) {
    case 'ready':
      return 'bg-positive'
    case 'failed':
      return 'bg-alert'
    case 'loading':
    case 'recovering':
      return 'bg-edge'
    default:
      return status satisfies never
  }
}
