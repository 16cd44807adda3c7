/** Finished runs by their settings, so that going back, or toggling between two settings, shows its images at once. Pure. */
import type { Settings } from '../../settings/types'
import type { Run } from './run'

/** Runs held at most; a run of nine samples is about 100 MB, so the budget is counted in recorded images. */
const IMAGE_BUDGET = 4000

const images = ({ steps, samples }: Pick<Settings, 'steps' | 'samples'>): number => steps * samples * 8

/** How many runs of these settings may be drawn ahead: half of what is held is what a person has seen. */
export const roomAhead = (settings: Settings): number => Math.floor(IMAGE_BUDGET / 2 / images(settings))

export class RunCache {
  readonly #runs = new Map<string, Run>()

  clear(): void {
    this.#runs.clear()
  }

  has(key: string): boolean {
    return this.#runs.has(key)
  }

  get(key: string): Run | undefined {
    const run = this.#runs.get(key)
    if (run) {
      this.#runs.delete(key)
      this.#runs.set(key, run)
    }
    return run
  }

  /** Keeps a run and drops the longest unused ones beyond the budget; the newest always stays. */
  set(key: string, run: Run): void {
    this.#runs.delete(key)
    this.#runs.set(key, run)
    let total = [...this.#runs.values()].reduce((sum, held) => sum + images(held.settings), 0)
    for (const [oldest, held] of this.#runs) {
      if (total <= IMAGE_BUDGET || this.#runs.size === 1) return
      this.#runs.delete(oldest)
      total -= images(held.settings)
    }
  }
}
