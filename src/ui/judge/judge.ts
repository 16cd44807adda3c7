/** The judge on the page: what it sees in the three pictures, and the numbers of many images drawn in the background. */
import type { JudgeFiles } from '../../evaluation/judge'
import type { Judged } from '../../evaluation/metrics'
import { OWN } from '../../settings'
import type { Settings } from '../../settings/types'
import { drawnTogether } from '../../worker/client/backends'
import type { Engine } from '../../worker/protocol'
import type { JudgeKit, MetricsClient } from '../../worker/client/judge'
import type { PageStore } from '../app/state'
import { type Evaluation, judgeSlice, type Verdict } from './slice'

/** Numbers of images that are offered. */
export const COUNTS = [100, 500] as const

/** Images from which on the running numbers say anything. */
export const FIRST = 20

/**
 * Settings of image `index`, as `npm run evaluate` has them: seeds count up, and classes take turns, unless none is wanted:
 * the held-out renders are of all classes.
 */
export function settingsOfImage(settings: Settings, index: number, classes: number): Settings {
  return {
    ...settings,
    samples: 1,
    seed: settings.seed + index,
    class: settings.class === null ? null : index % classes,
  }
}

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
  readonly kit: JudgeFiles
  readonly meter: MetricsClient
}

const sentence = (error: unknown) => (error instanceof Error ? error.message : String(error))

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
      if (opened) patch({ judge: { state: { kind: 'failed', message: sentence(error) } } })
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
        if (!abort.signal.aborted) patch({ judge: { state: { kind: 'failed', message: sentence(error) } } })
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
      patch({
        judge: {
          evaluation: {
            settings,
            wanted: count,
            done: 0,
            state: 'drawing',
            message: null,
            millisecondsLeft: null,
            metrics: null,
          },
        },
      })
      const positives: Judged[] = []
      const guided: Judged[] = []
      let measuring: Promise<void> | null = null
      let measured = 0
      const measure = async () => {
        measured = guided.length
        const [positive, pushed] = await meter.measure([positives, guided])
        if (!signal.aborted && positive && pushed) update({ metrics: { positive, guided: pushed } })
      }
      const began = now()
      try {
        for (let start = 0; start < count; start += batch) {
          const all = Array.from({ length: Math.min(batch, count - start) }, (_, i) =>
            settingsOfImage(settings, start + i, model.conditioning.classes.length),
          )
          const samples = await engine.draw(all, signal)
          const judgements = await engine.judge(
            kit,
            samples.flatMap((sample) => (sample.positive ? [sample.positive, sample.guided] : [])),
          )
          signal.throwIfAborted()
          all.forEach(({ class: asked }, i) => {
            const [plus, pushed] = [judgements[2 * i], judgements[2 * i + 1]]
            if (!plus || !pushed) throw new Error('The judge left an image out.')
            positives.push({ index: start + i, asked, ...plus })
            guided.push({ index: start + i, asked, ...pushed })
          })
          const done = guided.length
          update({ done, millisecondsLeft: ((now() - began) / done) * (count - done) })
          // The worker that measures is asked only when it is free.
          if (!measuring && done >= FIRST && done < count && done - measured >= count / 10) {
            measuring = measure().finally(() => {
              measuring = null
            })
            // The last measurement meets the same fault and says so.
            measuring.catch(() => undefined)
          }
        }
        update({ state: 'measuring', millisecondsLeft: null })
        await measuring
        await measure()
        if (!signal.aborted) update({ state: 'done' })
      } catch (error) {
        if (!signal.aborted) update({ state: 'failed', message: sentence(error), millisecondsLeft: null })
      }
    },
  }
}
