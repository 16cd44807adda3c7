/** The registry of what an input may be told. */
import type { InputMeaning } from './input'
import { meanings as all } from './inputs/index.generated'

/** In the order of menus. */
export const meanings: readonly InputMeaning[] = [...all].sort((a, b) => a.place - b.place)

/** Throws RangeError for one that does not exist. */
export function meaningOf(id: string): InputMeaning {
  const meaning = meanings.find((one) => one.id === id)
  if (!meaning) throw new RangeError(`an input can’t mean ${id}; there are ${meanings.map((one) => one.id).join(', ')}`)
  return meaning
}
