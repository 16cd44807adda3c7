/** The registry of ways to compare: what the files of `ways/` describe. */
import type { Way } from './way'
import { ways as all } from './ways/index.generated'

export const ways: readonly Way[] = [...all].sort((a, b) => a.place - b.place)

/** Throws RangeError for an id that no way has. */
export function wayById(id: string): Way {
  const way = ways.find((one) => one.id === id)
  if (!way) throw new RangeError(`there is no way to compare "${id}"`)
  return way
}
