/** Which of a model's files are wanted, by whom, and which a worker must keep. */
import { needsOf, type Need } from '../../engine/needs'
import { startingFiles } from '../../engine/recipe'
import { isSettings, settingsProblem } from '../../settings'
import type { Settings } from '../../settings/types'
import type { Start } from './state'

export interface WantsParts {
  readonly start: () => Start | null
  /** Whether the reader gave a vision transformer in place of the model's own. */
  readonly ownVision: () => boolean
  readonly waiting: () => readonly Settings[]
  readonly running: () => readonly Settings[]
  /** What is asked beside the runs. */
  readonly asked: () => readonly Settings[]
}

export class Wants {
  constructor(private readonly parts: WantsParts) {}

  /**
   * Files of a run. Throws RangeError for settings that the model can't serve, for values outside their range, which the worker
   * would take for a broken message, and where no model has come.
   */
  needs(settings: Settings): readonly Need[] {
    if (!isSettings(settings)) throw new RangeError(settingsProblem(settings))
    const info = this.parts.start()?.info
    if (!info) throw new RangeError(`the model ${settings.model} is not loaded`)
    return needsOf(settings, info, this.parts.ownVision())
  }

  /** Names of the files whose download should go on. */
  wanted(): ReadonlySet<string> {
    return new Set([...this.#names(this.parts.waiting()), ...this.#names(this.parts.asked())])
  }

  /** Names of the files that a worker must keep, whatever else it needs. */
  inUse(): readonly string[] {
    const info = this.parts.start()?.info
    const first = info ? startingFiles(info).map(({ file }) => file) : []
    return [...first, ...this.#names(this.parts.running()), ...this.#names(this.parts.asked())]
  }

  /** Names of the files of settings; none where no model has come, or it can't serve them. */
  #names(settings: readonly Settings[]): readonly string[] {
    const start = this.parts.start()
    return settings.flatMap((own) => {
      try {
        return own.model === start?.model ? namesOf(this.needs(own)) : []
      } catch {
        return []
      }
    })
  }
}

export function namesOf(needs: readonly Need[]): readonly string[] {
  return needs.flatMap(({ files }) => files.map(({ file }) => file))
}
