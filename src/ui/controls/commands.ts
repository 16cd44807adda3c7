/** Wishes that change more than one setting: another class, another seed, a method as its authors would have it. */
import { withClass } from '../../guidance/networks'
import { sameSettings, withMethod } from '../../settings'
import type { Settings } from '../../settings/types'
import type { LinkCommands } from '../app/link'
import type { PageStore } from '../app/state'
import type { RunCommands } from '../run/runs'
import { chosenSeed, seedAfter } from './seeds'

export interface ControlCommands {
  /** Changes what is wanted, and the network where it can't be asked for that; goes to the class's chosen seed unless the seed is kept. */
  want(patch: Pick<Settings, 'class'>): void
  /** The person's own seed, which stays. */
  keepSeed(seed: number): void
  nextSeed(): void
  /** Back to the chosen seed of the class, where there is one. */
  chooseSeed(): void
  /** The method's own defaults: scale, layers and parameters. */
  resetMethod(): void
}

interface Parts {
  readonly store: PageStore
  readonly change: LinkCommands['change']
  readonly rerun: RunCommands['rerun']
}

export function createControlCommands({ store, change, rerun }: Parts): ControlCommands {
  const { getState, patch } = store
  function keepSeed(seed: number) {
    patch({ controls: { seedKept: true } })
    change({ seed })
  }
  return {
    want: ({ class: label }) => {
      const { controls, model, settings } = getState()
      const seed = controls.seedKept ? null : chosenSeed(label, model)
      // A class takes back the network that "any" had to leave.
      const { left } = controls
      const back = label !== null && left?.taken === settings.network ? left.asked : {}
      const asked = withClass(label, { ...settings, ...back }, model)
      const { network, ema } = settings
      const leaves = label === null && asked.network !== network
      patch({ controls: { left: leaves ? { asked: { network, ema }, taken: asked.network } : null } })
      change({ ...asked, ...(seed !== null && { seed }) })
    },
    keepSeed,
    nextSeed: () => {
      const { controls, model, settings } = getState()
      keepSeed(seedAfter(settings.seed, controls.seedKept ? null : chosenSeed(settings.class, model)))
    },
    chooseSeed: () => {
      const { model, settings } = getState()
      const seed = chosenSeed(settings.class, model)
      if (seed === null) return
      patch({ controls: { seedKept: false } })
      change({ seed })
    },
    resetMethod: () => {
      const { settings, model } = getState()
      const defaults = withMethod(settings, settings.method, model)
      if (sameSettings(defaults, settings)) rerun()
      else change(defaults)
    },
  }
}
