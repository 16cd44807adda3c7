/** Troubles that stop nothing, such as full storage: each is said once, though every file meets it. */
import type { EngineFailure } from '../../core/failure'
import type { EngineEvent } from '../protocol'

export class Notices {
  readonly #said = new Set<string>()

  constructor(private readonly emit: (event: EngineEvent) => void) {}

  say(failure: EngineFailure): void {
    if (this.#said.has(failure.code)) return
    this.#said.add(failure.code)
    this.emit({ kind: 'recovering', failure })
  }

  /** Forgets what was said: a new start may say it again. */
  forget(): void {
    this.#said.clear()
  }
}
