/** Wishes that change more than one setting: another class, the next seed, a method as its authors would have it. */
import { withClass } from '../../guidance/networks'
import { sameSettings, withMethod } from '../../settings'
import type { Settings } from '../../settings/types'
import type { LinkCommands } from '../app/link'
import type { PageStore } from '../app/state'
import type { RunCommands } from '../run/runs'

export interface ControlCommands {
  /** Changes what is wanted, and the network where it can't be asked for that; draws the next seed as well unless the seed is locked. */
  want(patch: Pick<Settings, 'class'>): void
  nextSeed(): void
  /** The method's own defaults: scale, layers and parameters. */
  resetMethod(): void
}

interface Parts {
  readonly store: PageStore
  readonly change: LinkCommands['change']
  readonly rerun: RunCommands['rerun']
}

export function createControlCommands({ store, change, rerun }: Parts): ControlCommands {
  const { getState } = store
  const nextSeed = () => (getState().settings.seed + 1) % 2 ** 32
  return {
    want: ({ class: label }) => {
      const { settings, model, controls } = getState()
      change({ ...withClass(label, settings, model), ...(!controls.seedLocked && { seed: nextSeed() }) })
    },
    nextSeed: () => change({ seed: nextSeed() }),
    resetMethod: () => {
      const { settings, model } = getState()
      const defaults = withMethod(settings, settings.method, model)
      if (sameSettings(defaults, settings)) rerun()
      else change(defaults)
    },
  }
}
