/** Draws the pictures of a still figure in the background, each value after the other: plain steps, no state of the page. */
import { lonesLeft, withLones, type Stop, type Value } from '../../figure'
import type { Settings } from '../../settings/types'
import type { Engine } from '../../worker/protocol'

export interface Asked {
  readonly value: Value
  readonly settings: Settings
}

export interface Drawing {
  readonly draw: Engine['draw']
  readonly asked: readonly Asked[]
  readonly signal: AbortSignal
  /** How many values are drawn. */
  readonly onProgress: (done: number, total: number) => void
}

/** One image each: the engine draws them side by side. */
const images = (settings: Settings): readonly Settings[] =>
  Array.from({ length: settings.samples }, (_, i) => ({ ...settings, samples: 1, image: settings.image + i }))

/** Rejects with what went wrong, or with the signal's reason. */
export async function drawStops({ draw, asked, signal, onProgress }: Drawing): Promise<readonly Stop[]> {
  const stops: Stop[] = []
  onProgress(0, asked.length)
  for (const { value, settings } of asked) {
    signal.throwIfAborted()
    const drawn = await draw(images(settings), lonesLeft(settings, stops), signal)
    stops.push({ value, settings, final: withLones(drawn, settings, stops) })
    signal.throwIfAborted()
    onProgress(stops.length, asked.length)
  }
  return stops
}
