/** What a person wrote for the lab and it can't be used. */

/** The message is a sentence that says what, why, and what to do. */
export class LabError extends Error {
  override readonly name = 'LabError'
}
