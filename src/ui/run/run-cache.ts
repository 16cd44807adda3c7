/** Finished runs by their settings, so that going back, or toggling between two settings, shows its images at once. Pure. */
import type { Run } from './run'

/** Runs held at most; a run of nine samples is about 100 MB, so the budget is counted in recorded images. */
const IMAGE_BUDGET = 4000

function images(run: Run): number {
  return run.records.length * run.settings.samples * 8
}

export class RunCache {
  readonly #runs = new Map<string, Run>()

  clear(): void {
    this.#runs.clear()
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
    let total = [...this.#runs.values()].reduce((sum, held) => sum + images(held), 0)
    for (const [oldest, held] of this.#runs) {
      if (total <= IMAGE_BUDGET || this.#runs.size === 1) return
      this.#runs.delete(oldest)
      total -= images(held)
    }
  }
}
