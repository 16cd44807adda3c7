/** The numbers of many images of what is wanted: one count at a time, until it is done, fails or is given up. */
import { messageOf } from '../../core/failure'
import type { Settings } from '../../settings/types'
import type { JudgeKit, MetricsClient } from '../../worker/client/judge'
import type { Engine } from '../../worker/protocol'
import type { PageStore } from '../app/state'
import { drawnTogether } from '../../worker/client/backends'
import { evaluateMany } from './evaluate'
import type { Evaluation } from './slice'

function begun(settings: Settings, wanted: number): Evaluation {
  return { settings, wanted, done: 0, state: 'drawing', message: null, millisecondsLeft: null, metrics: null }
}

export interface Opened {
  readonly kit: JudgeKit
  readonly meter: MetricsClient
}

interface ManyParts {
  readonly store: PageStore
  readonly engine: Pick<Engine, 'draw' | 'judge'>
  readonly now: () => number
}

export type Many = ReturnType<typeof createMany>

export function createMany({ store, engine, now }: ManyParts) {
  const { getState, patch } = store
  let evaluating: AbortController | null = null

  const update = (change: Partial<Evaluation>) => {
    const { evaluation } = getState().judge
    if (evaluation) patch({ judge: { evaluation: { ...evaluation, ...change } } })
  }

  function stop() {
    evaluating?.abort(new Error('stopped'))
    evaluating = null
    const state = getState().judge.evaluation?.state
    if (state === 'drawing' || state === 'measuring') update({ state: 'stopped', millisecondsLeft: null })
  }

  async function evaluate({ kit, meter }: Opened, count: number) {
    stop()
    const {
      settings,
      model,
      engine: { status },
    } = getState()
    const batch = status.kind === 'ready' ? drawnTogether(status.backend.id) : 1
    const { signal } = (evaluating = new AbortController())
    patch({ judge: { evaluation: begun(settings, count) } })
    try {
      await evaluateMany({ engine, kit, meter, model, settings, count, batch, signal, now, update })
      if (!signal.aborted) update({ state: 'done' })
    } catch (error) {
      if (!signal.aborted) update({ state: 'failed', message: messageOf(error), millisecondsLeft: null })
    }
  }

  return { evaluate, stop }
}
