/** Predictions of the trajectories that guidance does not touch, kept between runs that differ only in how the two are combined. */
import type { Settings } from '../settings/types'
import type { Answer } from './inputs'

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
  readonly #runs = new Map<string, Map<string, Answer>>()
  #bytes = 0

  /** `budget`: bytes of predictions kept; a phone's tab is killed for much more. */
  constructor(private readonly budget = 64 * 2 ** 20) {}

  /** The predictions kept for runs with this key, now the last to be forgotten. */
  open(key: string): KeptAnswers {
    const run = this.#runs.get(key) ?? new Map<string, Answer>()
    this.#runs.delete(key)
    this.#runs.set(key, run)
    return {
      get: (name) => run.get(name),
      set: (name, answer) => {
        if (run.has(name)) return
        const bytes = bytesOf(answer)
        for (const [oldest, answers] of this.#runs) {
          if (oldest === key || this.#bytes + bytes <= this.budget) break
          this.#runs.delete(oldest)
          for (const forgotten of answers.values()) this.#bytes -= bytesOf(forgotten)
        }
        if (this.#bytes + bytes > this.budget) return
        run.set(name, answer)
        this.#bytes += bytes
      },
    }
  }
}

/** The value with the keys of its objects in order, so that equal settings give equal text. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical)
  if (typeof value !== 'object' || value === null) return value
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, held]) => [key, canonical(held)])
}

/** The settings that decide the positive-alone and negative-alone trajectories. */
export function trajectoryKey(settings: Settings): string {
  const { scale: _scale, window: _window, stack: _stack, rescale: _rescale, ...rest } = settings
  return JSON.stringify(canonical(rest))
}
