/** Cuts the rows of a batch into runs, and says which of them go on at the same time. Pure. */

export interface Cut {
  /** Every run has exactly so many rows, filled up where fewer are left; null where a run takes any number. */
  readonly fixed: number | null
  /** Rows of one run, at most. */
  readonly most: number
  /** Rows for each of the runs that can go on at the same time. */
  readonly share: (rows: number) => readonly number[]
}

/** Runs of each round, by the places of their rows. A place in a round is a lane; empty ones are kept, so that lanes are known by it. */
export function roundsOf(places: readonly number[], { fixed, most, share }: Cut): readonly (readonly number[])[][] {
  const rounds: (readonly number[])[][] = []
  const lanes = share(0).length
  for (let from = 0; from < places.length;) {
    const round: (readonly number[])[] = []
    const left = places.length - from
    const lengths = fixed === null ? share(evenly(left, most * lanes)) : Array<number>(lanes).fill(fixed)
    for (const length of lengths) {
      round.push(places.slice(from, from + Math.min(length, most)))
      from += round.at(-1)!.length
    }
    rounds.push(round)
  }
  return rounds
}

/** Of `all`, what the first of as few equal parts as can be takes. */
function evenly(all: number, most: number): number {
  return Math.ceil(all / Math.ceil(all / most))
}
