/** The registry of ways to share: what the files of `ways/` describe. */
import type { ShareWay } from './way'
import { ways as all } from './ways/index.generated'

export const ways: readonly ShareWay[] = [...all].sort((a, b) => a.place - b.place)
