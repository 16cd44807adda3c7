/** What the page says and asks of backends, from what each says of itself. */
import { backendById, backends } from '../backend-registry'
import type { BackendChoice, BackendId } from '../protocol'

export interface BackendOption {
  readonly value: BackendChoice
  readonly label: string
  readonly help: string
}

/** The menu, in the order in which backends are tried. */
export const backendMenu: readonly BackendOption[] = [
  { value: 'auto', label: 'Automatic', help: 'The first of these that computes the right numbers.' },
  ...backends.map(({ id, label, help }) => ({ value: id, label, help })),
]

/** The backend that is offered where another failed: tried last, since it runs everywhere. */
export const lastResort: BackendId = backends.at(-1)!.id

/** How many images a drawing in the background asks for at once. Throws RangeError for an id that no backend has. */
export const drawnTogether = (backend: BackendId): number => backendById(backend).together
