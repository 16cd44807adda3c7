/**
 * On how many lanes rows are computed soonest: tried, in turns and several times each, since other work on a device only ever adds time.
 * Never on fewer than usual: on a busy device one lane may seem the best, and that is for `Pace` to follow, not to be kept.
 */

/** The first is not counted: programs are compiled in it. */
const ROUNDS = 4
/** Another count has to take less than this share of what the usual one takes: it is kept for long, and the device may have been busy. */
const WORTH = 0.9
/** Where the usual count takes less, what is measured is the asking more than the computing, and says nothing of larger networks. */
const SHORT_MS = 40

/** The count that is fastest, the usual one among them; that where none is by far. Null where it can't be told. Rejects with what `measure` rejects with, which gives milliseconds. */
export async function bestCount(
  counts: readonly number[],
  usual: number,
  measure: (count: number) => Promise<number>,
): Promise<number | null> {
  const least = new Map<number, number>()
  for (let round = 0; round < ROUNDS; round++) {
    for (const count of counts) {
      const took = await measure(count)
      if (round > 0) least.set(count, Math.min(took, least.get(count) ?? Infinity))
    }
  }
  if (least.get(usual)! < SHORT_MS) return null
  const fastest = counts.reduce((best, count) => (least.get(count)! < least.get(best)! ? count : best))
  return least.get(fastest)! < WORTH * least.get(usual)! ? fastest : usual
}

/** How many of the lanes that there are compute. */
export class LanesUsed {
  constructor(
    private readonly all: number,
    public count: number,
  ) {}

  /**
   * Takes as many from now on as `run` is fastest with; gives back whether that could be told. Rejects with what `run` rejects with,
   * and leaves it as it was.
   */
  async tune(run: () => Promise<unknown>): Promise<boolean> {
    const usual = this.count
    const counts = Array.from({ length: this.all - usual + 1 }, (_, i) => usual + i)
    let best: number | null = null
    try {
      best = await bestCount(counts, usual, async (count) => {
        this.count = count
        const begun = performance.now()
        await run()
        return performance.now() - begun
      })
    } finally {
      this.count = best ?? usual
    }
    return best !== null
  }
}
