/** The judge on the page: what it sees in the three pictures, and the numbers of many images drawn in the background. */
import { messageOf } from '../../core/failure'
import { OWN } from '../../settings'
import type { Settings } from '../../settings/types'
import type { Engine } from '../../worker/protocol'
import type { JudgeKit, MetricsClient } from '../../worker/client/judge'
import type { PageStore } from '../app/state'
import type { Run } from '../run/run'
import type { Many, Opened } from './many'
import { judgeSlice } from './slice'
import { distancesOf, imagesOf, verdictsOf } from './verdicts'

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
  readonly meter: (kit: JudgeKit) => Promise<MetricsClient>
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

/** What the judge sees in pictures, and a moment later how far each is from real ones; told while that is still wanted. */
async function lookAt(
  final: NonNullable<Run['final']>,
  { kit, meter }: Opened,
  { store: { getState, patch }, engine }: Pick<JudgeParts, 'store' | 'engine'>,
  wanted: () => boolean,
) {
  const judgements = await engine.judge(kit, imagesOf(final))
  if (!wanted()) return
  const seen = judgements.map((judgement) => judgement.seen)
  patch({ judge: { verdicts: { final, samples: verdictsOf(final, seen) } } })
  const distances = await meter.distances(judgements.map(({ features }) => features))
  if (wanted() && getState().judge.verdicts?.final === final)
    patch({ judge: { distances: { final, samples: distancesOf(final, distances) } } })
}

export function createEvaluationController({ store, engine, judging, now }: JudgeParts): EvaluationController {
  const { getState, patch } = store
  // What draws many images is fetched when they are first wanted.
  let many: Many | null = null
  let fetching: AbortController | null = null
  let opened: Opened | null = null

  const fail = (error: unknown) => patch({ judge: { state: { kind: 'failed', message: messageOf(error) } } })

  /** Looks at the pictures of the last full run. */
  async function look() {
    const final = getState().run.settled?.final
    if (!opened || !final || getState().judge.verdicts?.final === final) return
    const now = opened
    try {
      await lookAt(final, now, { store, engine }, () => opened === now)
    } catch (error) {
      if (opened) fail(error)
    }
  }
  store.subscribe((state, before) => {
    if (state.run.settled !== before.run.settled) void look()
  })

  async function open() {
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
      const meter = await judging.meter(kit)
      if (abort.signal.aborted) return meter.dispose()
      opened = { kit, meter }
      patch({ judge: { state: { kind: 'open' } } })
      void look()
    } catch (error) {
      if (!abort.signal.aborted) fail(error)
    } finally {
      if (fetching === abort) fetching = null
    }
  }

  function close() {
    many?.stop()
    fetching?.abort(new Error('closed'))
    fetching = null
    opened?.meter.dispose()
    opened = null
    patch({ judge: judgeSlice })
  }

  return {
    open,
    close,
    stop: () => many?.stop(),
    evaluate: async (count) => {
      if (!opened) return
      many ??= (await import('./many')).createMany({ store, engine, now })
      if (opened) await many.evaluate(opened, count)
    },
  }
}
