/**
 * Draws a run that nobody has asked for yet, when nothing else is to do, so that it is there at once when it is wanted. What it has in
 * common with what is shown is not drawn again.
 */
import type { Lone } from '../../sampling/records'
import type { Settings } from '../../settings/types'
import type { Engine } from '../../worker/protocol'
import type { PageStore } from '../app/state'
import { filled, filledStep, heldLones } from './run'
import type { RunCache } from './run-cache'

export interface ForeseeParts extends Pick<PageStore, 'getState'> {
  readonly engine: Engine
  readonly cache: RunCache
  /** What a run is kept under. */
  readonly keyOf: (settings: Settings) => string
  /** Trajectories that somebody looks at, but for some. */
  readonly aloneBut: (lones: readonly Lone[]) => readonly Lone[]
}

/** Numbers of such runs, which the engine does not count. */
let ids = -1

/** Rejects with a sentence, or with the signal's reason; does nothing where the run is there. */
export async function foresee(parts: ForeseeParts, settings: Settings, signal: AbortSignal): Promise<void> {
  const { getState, engine, cache, keyOf, aloneBut } = parts
  const key = keyOf(settings)
  if (cache.has(key)) return
  const { settled } = getState().run
  const lones = heldLones(settled, settings)
  const { records, samples, summary } = await engine.foresee(settings, aloneBut(lones), signal)
  // Under another key it would be of a run that nobody can ask for any more.
  if (signal.aborted || key !== keyOf(settings)) return
  cache.set(key, {
    id: --ids,
    origin: 'live',
    pass: 'full',
    settings,
    steps: settings.steps,
    records: records.map((record) => filledStep(record, settled, lones)),
    final: filled(samples, settled?.final, lones),
    summary,
  })
}
