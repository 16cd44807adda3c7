/** Predictions of the trajectories that guidance does not touch, kept between runs that differ only in how the two are combined. */
import { canonicalJson } from '../core/canonical'
import { changesPositive } from '../guidance/pair'
import type { Settings } from '../settings/types'
import type { Answer } from './inputs'
import type { Lone } from './records'

export interface KeptAnswers {
  get(name: string): Answer | undefined
  set(name: string, answer: Answer): void
}

const bytesOf = ({ denoised, mask }: Answer) => denoised.byteLength + (mask?.byteLength ?? 0)

/**
 * Predictions along the positive-alone and negative-alone trajectories. Reuse mixes rows of different batches, so it is right
 * only for a denoiser whose rows do not depend, to the bit, on the batch around them.
 */
export class TrajectoryCache {
  readonly #walks = new Map<string, Map<string, Answer>>()
  #bytes = 0

  /** `budget`: bytes of predictions kept; a phone's tab is killed for much more. */
  constructor(private readonly budget = 64 * 2 ** 20) {}

  /** The predictions kept for these settings, now the last to be forgotten. */
  open(settings: Settings): Readonly<Record<Lone, KeptAnswers>> {
    const keys = { positive: loneKey('positive', settings), negative: loneKey('negative', settings) }
    const opened = new Set(Object.values(keys))
    const kept = (key: string): KeptAnswers => {
      const walk = this.#walks.get(key) ?? new Map<string, Answer>()
      this.#walks.delete(key)
      this.#walks.set(key, walk)
      return { get: (name) => walk.get(name), set: (name, answer) => this.#keep(walk, name, answer, opened) }
    }
    return { positive: kept(keys.positive), negative: kept(keys.negative) }
  }

  /** Forgets the longest unused walks but the opened ones, as far as there is need. */
  #keep(walk: Map<string, Answer>, name: string, answer: Answer, opened: ReadonlySet<string>): void {
    if (walk.has(name)) return
    const bytes = bytesOf(answer)
    for (const [oldest, answers] of this.#walks) {
      if (this.#bytes + bytes <= this.budget) break
      if (opened.has(oldest)) continue
      this.#walks.delete(oldest)
      for (const forgotten of answers.values()) this.#bytes -= bytesOf(forgotten)
    }
    if (this.#bytes + bytes > this.budget) return
    walk.set(name, answer)
    this.#bytes += bytes
  }
}

/** The cache with nothing in it to be read: what is to come is kept before it is known whether it may be used. */
export const noting = (cache: TrajectoryCache): Pick<TrajectoryCache, 'open'> => ({
  open: (settings) => {
    const { positive, negative } = cache.open(settings)
    const get = () => undefined
    return { positive: { ...positive, get }, negative: { ...negative, get } }
  },
})

/** The settings that decide both lone trajectories. */
function trajectoryKey(settings: Settings): string {
  const { scale: _scale, window: _window, stack: _stack, rescale: _rescale, ...rest } = settings
  return canonicalJson(rest)
}

const OF_POSITIVE = [
  'model',
  'network',
  'ema',
  'class',
  'seed',
  'samples',
  'image',
  'steps',
  'solver',
  'solverParameters',
] as const satisfies readonly (keyof Settings)[]

/** The settings that decide a lone trajectory: the positive hears of the first negative only where its method has a say in it. */
export function loneKey(which: Lone, settings: Settings): string {
  if (which === 'negative' || changesPositive(settings)) return trajectoryKey(settings)
  return canonicalJson(OF_POSITIVE.map((key) => settings[key]))
}
