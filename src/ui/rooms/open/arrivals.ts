/** Files of models on their way into the room, which they open: brought anywhere on the page, before the room is there to take them. */
import { go, leftAddress } from '../../lesson/address'
import { withoutRoom } from '../../../settings'
import { baseName, type BroughtFile, isOfModel } from '../../../worker/opener/files'
import { roomAddress } from '../rooms'

let waiting: readonly BroughtFile[] = []
let wanted: ReadonlySet<string> = new Set()
const heard = new Set<() => void>()

export const arrivals = {
  /** Those that have come since; they are taken once. */
  take(): readonly BroughtFile[] {
    const taken = waiting
    waiting = []
    return taken
  },
  subscribe(changed: () => void): () => void {
    heard.add(changed)
    return () => heard.delete(changed)
  },
  /** Names of files that a model in the room lacks: they belong to it, whatever they are called. */
  want(names: readonly string[]): void {
    wanted = new Set(names.map(baseName))
  },
}

export const anyOfModel = (files: readonly BroughtFile[]): boolean =>
  files.some(({ path }) => isOfModel(baseName(path), wanted))

/** Goes to the room with files, and keeps the settings in force beside it. */
export function bringModel(files: readonly BroughtFile[], hash = window.location.hash): void {
  waiting = [...waiting, ...files]
  const room = roomAddress('open', withoutRoom(leftAddress(hash)).replace(/^#/, ''))
  if (room !== hash) go(room)
  for (const changed of heard) changed()
}
