/** The judge on the page: what it sees in the three pictures, and the numbers of many images drawn in the background. */
import { messageOf } from '../../core/failure'
import { OWN } from '../../settings'
import type { Settings } from '../../settings/types'
import { drawnTogether } from '../../worker/client/backends'
import type { Engine } from '../../worker/protocol'
import type { JudgeKit, MetricsClient } from '../../worker/client/judge'
import type { PageStore } from '../app/state'
import { evaluateMany } from './evaluate'
import { type Evaluation, judgeSlice, type Verdict } from './slice'

/** Numbers of images that are offered. */
export const COUNTS = [100, 500] as const

/** Why so many images can't be drawn, and what to do; null where they can. */
export function countRefusal({ seed }: Settings, count: number): string | null {
  return seed + count - 1 > OWN.seed.max
    ? `Seeds count up from ${seed}, which leaves no room for ${count}. Choose a lower seed.`
    : null
}

/** Where the judge comes from. */
export interface Judging {
  /** Bytes to fetch. */
  readonly bytes: number
  /** Rejects with a sentence, or with the signal's reason. */
  readonly fetch: (signal: AbortSignal, onProgress: (loaded: number, total: number) => void) => Promise<JudgeKit>
  readonly meter: (kit: JudgeKit) => MetricsClient
}

export interface JudgeParts {
  readonly store: PageStore
  readonly engine: Pick<Engine, 'draw' | 'judge'>
  /** Null where the family has no judge. */
  readonly judging: Judging | null
  readonly now: () => number
}

export interface EvaluationController {
  open(): Promise<void>
  close(): void
  /** Draws so many images of the settings as they are now; one that is under way is given up. */
  evaluate(count: number): Promise<void>
  stop(): void
}

interface Opened {
  readonly kit: JudgeKit
  readonly meter: MetricsClient
}

function begun(settings: Settings, wanted: number): Evaluation {
  return { settings, wanted, done: 0, state: 'drawing', message: null, millisecondsLeft: null, metrics: null }
}

export function createEvaluationController({ store, engine, judging, now }: JudgeParts): EvaluationController {
  const { getState, patch } = store
  let fetching: AbortController | null = null
  let opened: Opened | null = null
  let evaluating: AbortController | null = null

  const update = (change: Partial<Evaluation>) => {
    const { evaluation } = getState().judge
    if (evaluation) patch({ judge: { evaluation: { ...evaluation, ...change } } })
  }

  /** Looks at the pictures of the last full run. */
  async function look() {
    const final = getState().run.settled?.final
    if (!opened || !final || getState().judge.verdicts?.final === final) return
    const images = final.flatMap(({ positive, negative, guided }) => [
      ...(positive ? [positive] : []),
      guided,
      ...(negative ? [negative] : []),
    ])
    try {
      const seen = (await engine.judge(opened.kit, images)).map((judgement) => judgement.seen)
      const samples = final.map(({ positive: drawn, negative }): Verdict => {
        const [positive, guided] = [drawn ? (seen.shift() ?? -1) : -1, seen.shift() ?? -1]
        return { positive, guided, negative: negative ? (seen.shift() ?? -1) : null }
      })
      if (opened) patch({ judge: { verdicts: { final, samples } } })
    } catch (error) {
      if (opened) patch({ judge: { state: { kind: 'failed', message: messageOf(error) } } })
    }
  }
  store.subscribe((state, before) => {
    if (state.run.settled !== before.run.settled) void look()
  })

  function stop() {
    evaluating?.abort(new Error('stopped'))
    evaluating = null
    const state = getState().judge.evaluation?.state
    if (state === 'drawing' || state === 'measuring') update({ state: 'stopped', millisecondsLeft: null })
  }

  function close() {
    stop()
    fetching?.abort(new Error('closed'))
    fetching = null
    opened?.meter.dispose()
    opened = null
    patch({ judge: judgeSlice })
  }

  return {
    async open() {
      if (opened || fetching || !judging) return
      const abort = new AbortController()
      fetching = abort
      const report = (loaded: number, total: number) => {
        if (!abort.signal.aborted) patch({ judge: { state: { kind: 'fetching', loaded, total } } })
      }
      report(0, judging.bytes)
      try {
        const kit = await judging.fetch(abort.signal, report)
        abort.signal.throwIfAborted()
        opened = { kit, meter: judging.meter(kit) }
        patch({ judge: { state: { kind: 'open' } } })
        void look()
      } catch (error) {
        if (!abort.signal.aborted) patch({ judge: { state: { kind: 'failed', message: messageOf(error) } } })
      } finally {
        if (fetching === abort) fetching = null
      }
    },

    close,
    stop,

    async evaluate(count) {
      if (!opened) return
      stop()
      const { kit, meter } = opened
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
    },
  }
}
