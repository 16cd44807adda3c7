/** On how many lanes rows are computed soonest: tried, in turns and several times each, since other work on a device only ever adds time. */

/** The first is not counted: programs are compiled in it. */
const ROUNDS = 4
/** What brings less than this is not worth another core. */
const WORTH = 0.95

/** The fewest of `counts`, rising, that hardly any other beats. Rejects with what `measure` rejects with, which gives milliseconds. */
export async function bestCount(
  counts: readonly number[],
  measure: (count: number) => Promise<number>,
): Promise<number> {
  const least = new Map<number, number>()
  for (let round = 0; round < ROUNDS; round++) {
    for (const count of counts) {
      const took = await measure(count)
      if (round > 0) least.set(count, Math.min(took, least.get(count) ?? Infinity))
    }
  }
  const fastest = Math.min(...least.values())
  return counts.find((count) => WORTH * least.get(count)! <= fastest)!
}

/** How many of the lanes that there are compute. */
export class LanesUsed {
  constructor(
    private readonly all: number,
    public count: number,
  ) {}

  /** Takes as many from now on as `run` is fastest with. Rejects with what `run` rejects with, and leaves it as it was. */
  async tune(run: () => Promise<unknown>): Promise<void> {
    const before = this.count
    const counts = Array.from({ length: this.all }, (_, i) => i + 1)
    try {
      this.count = await bestCount(counts, async (count) => {
        this.count = count
        const begun = performance.now()
        await run()
        return performance.now() - begun
      })
    } catch (error) {
      this.count = before
      throw error
    }
  }
}
