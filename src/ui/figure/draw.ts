/** Draws the pictures of a still figure in the background, each value after the other: plain steps, no state of the page. */
import { negativeAlone, type Stop, type Value } from '../../figure'
import type { ModelInfo } from '../../model/types'
import { trajectoryKey } from '../../sampling/cache'
import type { FinalSample } from '../../sampling/records'
import type { Settings } from '../../settings/types'
import type { Engine } from '../../worker/protocol'

export interface Asked {
  readonly value: Value
  readonly settings: Settings
}

export interface Drawing {
  readonly draw: Engine['draw']
  readonly model: ModelInfo
  readonly asked: readonly Asked[]
  readonly signal: AbortSignal
  /** How much of it is there: pictures of one value, or the negatives that several have in common. */
  readonly onProgress: (done: number, total: number) => void
}

/** One image each: the engine draws them side by side. */
const images = (settings: Settings): readonly Settings[] =>
  Array.from({ length: settings.samples }, (_, i) => ({ ...settings, samples: 1, image: settings.image + i }))

/** Rejects with what went wrong, or with the signal's reason. */
export async function drawStops({ draw, model, asked, signal, onProgress }: Drawing): Promise<readonly Stop[]> {
  const keys = new Set(asked.flatMap(({ settings }) => (negativeAlone(settings, model) ? trajectoryKey(settings) : [])))
  const total = asked.length + keys.size
  let done = 0
  const drawn = async (settings: Settings) => {
    signal.throwIfAborted()
    const samples = await draw(images(settings), signal)
    signal.throwIfAborted()
    done += 1
    onProgress(done, total)
    return samples
  }
  const negatives = new Map<string, readonly FinalSample[]>()
  const negativesOf = async (settings: Settings) => {
    const alone = negativeAlone(settings, model)
    if (!alone) return null
    const key = trajectoryKey(settings)
    const known = negatives.get(key) ?? (await drawn(alone))
    negatives.set(key, known)
    return known
  }
  const stops: Stop[] = []
  onProgress(0, total)
  for (const { value, settings } of asked) {
    const negative = await negativesOf(settings)
    const samples = await drawn(settings)
    const final = samples.map((own, i): FinalSample => ({ ...own, negative: negative?.[i]?.guided ?? null }))
    stops.push({ value, settings, final: shared(final, stops) })
  }
  return stops
}

const same = (a: Float32Array | null, b: Float32Array | null) =>
  a !== null && b !== null && a.length === b.length && a.every((value, i) => value === b[i])

/** A positive that was drawn again with the same result is the one before, to the object. */
function shared(final: readonly FinalSample[], stops: readonly Stop[]): readonly FinalSample[] {
  const before = stops.at(-1)?.final
  return final.map((own, i) => {
    const positive = before?.[i]?.positive ?? null
    return same(own.positive, positive) ? { ...own, positive } : own
  })
}
