/** Words that several parts of the room share. Pure. */
import type { Verdict } from '../../method/measured'

export const VERDICTS = { helps: 'helps', same: 'not told apart', harms: 'harms' } as const satisfies Record<
  Verdict,
  string
>

/** `a, b and c` */
export function list(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}
