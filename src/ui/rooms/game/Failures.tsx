/** Why the game can't go on, and the ways on. */
import type { EngineFailure } from '../../../core/failure'
import { lastResort } from '../../../worker/client/backends'
import { remediesFor, type Remedy } from '../../notices/remedies'
import type { GameProps } from './props'
import type { GameState } from './state'

interface Trouble {
  readonly text: string
  readonly remedies: readonly Remedy[]
}

const AGAIN: Remedy = { kind: 'rerun', label: 'Try again' }

const textOf = ({ message, remedy }: EngineFailure) => `${message} ${remedy}`

/** The one that stands in the way first: without the engine or the renders no drawing helps. */
function troubleOf({ engine, renders, failure }: GameState): Trouble | null {
  if (engine.kind === 'failed') {
    return { text: textOf(engine.failure), remedies: remediesFor(engine.failure, 'engine', 'auto') }
  }
  const met = renders.kind === 'failed' ? renders.failure : failure
  return met && { text: textOf(met), remedies: [AGAIN] }
}

export const hasFailed = (state: GameState): boolean => troubleOf(state) !== null

export function Failures({ game, state }: GameProps) {
  const trouble = troubleOf(state)
  if (!trouble) return null
  return (
    <div
      role="alert"
      data-part="trouble"
      className="mt-3 flex flex-wrap items-center gap-x-4 gap-y-2 rounded-md border border-alert bg-surface px-3 py-2 text-label"
    >
      <p className="min-w-0 flex-[1_1_18rem]">{trouble.text}</p>
      <div className="flex gap-1.5">
        {trouble.remedies.map(({ kind, label }) => (
          <button
            key={kind}
            type="button"
            className="button"
            data-part={`remedy-${kind}`}
            onClick={() => game.retry(kind === 'use-last-resort' ? lastResort : 'auto')}
          >
            {label}
          </button>
        ))}
      </div>
    </div>
  )
}
