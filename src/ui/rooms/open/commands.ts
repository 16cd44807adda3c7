/** The room's commands, free to be handed to buttons as they are. */
import type { Opening, OpeningParts } from './contract'
import { ModelOpening } from './opening'

export function createOpening(parts: OpeningParts): Opening {
  const opening = new ModelOpening(parts)
  return {
    store: opening.store,
    bring: (files) => opening.bring(files),
    chooseGraph: (path) => opening.chooseGraph(path),
    assign: (path, role) => opening.assign(path, role),
    lookAnyway: () => opening.lookAnyway(),
    change: (form) => opening.change(form),
    attempt: () => opening.attempt(),
    open: () => opening.open(),
    openOutside: () => opening.openOutside(),
    map: () => opening.map(),
    stop: () => opening.stop(),
    clear: () => opening.clear(),
    keep: () => opening.keep(),
    forget: (id) => opening.forget(id),
    addSecond: (...asked) => opening.addSecond(...asked),
    dropSecond: (...asked) => opening.dropSecond(...asked),
    dispose: () => opening.dispose(),
  }
}
