/** The backends that there are, in the order in which they are tried. */
import type { BackendDefinition, Surroundings } from './backend'
import { definitions } from './backends/index.generated'
import type { BackendId } from './protocol'

export const backends: readonly BackendDefinition[] = [...definitions].sort((a, b) => a.order - b.order)

/** Throws RangeError for an id that no backend has. */
export function backendById(id: BackendId): BackendDefinition {
  const found = backends.find((backend) => backend.id === id)
  if (!found) throw new RangeError(`there is no backend ${id}`)
  return found
}

/** What a page can try, the best first. */
export function candidatesOn(page: Surroundings): readonly BackendId[] {
  return backends.filter(({ refusal }) => refusal(page) === null).map(({ id }) => id)
}
