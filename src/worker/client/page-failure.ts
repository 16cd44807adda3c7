import { EngineError, internal, messageOf, type EngineFailure } from '../../core/failure'

/** What a person is told where the page itself is at fault: another worker can't help. */
export function pageFailure(error: unknown): EngineFailure {
  return error instanceof EngineError ? error.failure : internal(messageOf(error), 'Reload the page.')
}
