/** How rows are shared out among lanes: by how fast each was of late, so that all end together. */

/** How much of a lane's pace the newest run decides. */
const NEWEST = 0.3
/** A lane that is left out seems this much faster each time, so that it is tried again. */
const FORGIVEN = 0.97

export class Pace {
  /** Milliseconds a row of each lane; null until it ran. */
  readonly #each: (number | null)[]

  constructor(lanes: number) {
    this.#each = Array<null>(lanes).fill(null)
  }

  /**
   * Rows for each lane, which sum to `rows`: each row goes to the lane that would end it first, the last lanes first where all are
   * alike. Only the last `most` lanes get any.
   */
  share(rows: number, most = this.#each.length): readonly number[] {
    const first = this.#each.length - most
    const known = this.#each.filter((value) => value !== null)
    const usual = known.length > 0 ? known.reduce((a, b) => a + b, 0) / known.length : 1
    const paces = this.#each.map((value) => value ?? usual)
    const shares = paces.map(() => 0)
    for (let row = 0; row < rows; row++) {
      let best = first
      for (const [lane, pace] of paces.entries())
        if (lane > first && (shares[lane]! + 1) * pace <= (shares[best]! + 1) * paces[best]!) best = lane
      shares[best]! += 1
    }
    for (const [lane, share] of shares.entries())
      if (lane >= first && rows > 0 && share === 0 && this.#each[lane] !== null) this.#each[lane]! *= FORGIVEN
    return shares
  }

  /** A lane took so long for so many rows. */
  note(lane: number, rows: number, milliseconds: number): void {
    const now = milliseconds / rows
    const before = this.#each[lane]
    this.#each[lane] = before === null || before === undefined ? now : before + NEWEST * (now - before)
  }
}
