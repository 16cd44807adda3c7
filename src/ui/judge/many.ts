/** The numbers of many images of what is wanted: one count at a time, until it is done, fails or is given up. */
import { messageOf } from '../../core/failure'
import { plainOf } from '../../lab/point'
import type { ModelInfo } from '../../model/types'
import type { Settings } from '../../settings/types'
import { browserStorage } from '../../storage/lab'
import type { JudgeKit, MetricsClient } from '../../worker/client/judge'
import type { Engine } from '../../worker/protocol'
import type { PageStore } from '../app/state'
import { drawnTogether } from '../../worker/client/backends'
import { keepJudged } from '../rooms/lab/judged/result'
import { evaluateMany, type Many as ManyJudged } from './evaluate'
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
  const storage = browserStorage()

  /** Both sides are rows of the lab's results from here on. */
  async function keep({ positives, guided, metrics }: ManyJudged, settings: Settings, model: ModelInfo, kit: JudgeKit) {
    const judge = kit.info.weights.sha256
    const plain = { settings: plainOf(settings, model), model, judge, judged: positives, metrics: metrics.positive }
    await keepJudged(storage, plain, Date.now())
    await keepJudged(storage, { settings, model, judge, judged: guided, metrics: metrics.guided }, Date.now())
  }

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
      const many = await evaluateMany({ engine, kit, meter, model, settings, count, batch, signal, now, update })
      if (signal.aborted) return
      update({ state: 'done' })
      await keep(many, settings, model, kit)
    } catch (error) {
      if (!signal.aborted) update({ state: 'failed', message: messageOf(error), millisecondsLeft: null })
    }
  }

  return { evaluate, stop }
}
