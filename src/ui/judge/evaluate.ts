/** Draws many images one after another, has each judged, and measures what there is so far: plain steps, no state of the page. */
import type { Judged } from '../../evaluation/metrics'
import type { ModelInfo } from '../../model/types'
import type { Settings } from '../../settings/types'
import type { JudgeKit, MetricsClient } from '../../worker/client/judge'
import type { Engine } from '../../worker/protocol'
import type { Evaluation } from './slice'

/** Below so many images the running numbers would say nothing. */
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

export interface Measuring {
  readonly engine: Pick<Engine, 'draw' | 'judge'>
  readonly kit: JudgeKit
  readonly meter: MetricsClient
  readonly model: ModelInfo
  readonly settings: Settings
  readonly count: number
  /** Images drawn side by side. */
  readonly batch: number
  readonly signal: AbortSignal
  readonly now: () => number
  readonly update: (change: Partial<Evaluation>) => void
}

/** Both sides of every image so far, and their numbers, taken now and then. */
function createTally({ meter, count, signal, update }: Measuring) {
  const positives: Judged[] = []
  const guided: Judged[] = []
  let busy: Promise<void> | null = null
  let measured = 0
  const measure = async () => {
    measured = guided.length
    const [positive, pushed] = await meter.measure([positives, guided])
    if (!positive || !pushed) throw new Error('The worker that measures left a set out.')
    const metrics = { positive, guided: pushed }
    if (!signal.aborted) update({ metrics })
    return metrics
  }
  return {
    add: (positive: Judged, pushed: Judged) => {
      positives.push(positive)
      guided.push(pushed)
    },
    done: () => guided.length,
    /** The worker that measures is asked only when it is free. */
    measureInPassing: () => {
      const done = guided.length
      if (busy || done < FIRST || done >= count || done - measured < count / 10) return
      busy = measure()
        .then(() => undefined)
        .finally(() => {
          busy = null
        })
      // The last measurement meets the same fault and says so.
      busy.catch(() => undefined)
    },
    measureLast: async () => {
      await busy
      return { positives, guided, metrics: await measure() }
    },
  }
}

/** All images of both sides, and their numbers. */
export interface Many {
  readonly positives: readonly Judged[]
  readonly guided: readonly Judged[]
  readonly metrics: NonNullable<Evaluation['metrics']>
}

/** Rejects with what went wrong, or with the signal's reason. */
export async function evaluateMany(parts: Measuring): Promise<Many> {
  const { engine, kit, model, settings, count, batch, signal, now, update } = parts
  const tally = createTally(parts)
  const began = now()
  for (let start = 0; start < count; start += batch) {
    const all = Array.from({ length: Math.min(batch, count - start) }, (_, i) =>
      settingsOfImage(settings, start + i, model.conditioning.classes.length),
    )
    const samples = await engine.draw(all, ['positive'], signal)
    const judgements = await engine.judge(
      kit,
      samples.flatMap((sample) => (sample.positive ? [sample.positive, sample.guided] : [])),
    )
    signal.throwIfAborted()
    all.forEach(({ class: asked }, i) => {
      const [plus, pushed] = [judgements[2 * i], judgements[2 * i + 1]]
      if (!plus || !pushed) throw new Error('The judge left an image out.')
      tally.add({ index: start + i, asked, ...plus }, { index: start + i, asked, ...pushed })
    })
    const done = tally.done()
    update({ done, millisecondsLeft: ((now() - began) / done) * (count - done) })
    tally.measureInPassing()
  }
  update({ state: 'measuring', millisecondsLeft: null })
  return tally.measureLast()
}
