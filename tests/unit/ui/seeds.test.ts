import { describe, expect, it } from 'vitest'
import { defaultSettings } from '../../../src/settings'
import { chosenSeed, seedAfter, sharesWith } from '../../../src/ui/controls/seeds'
import { model } from './fixtures'

describe('chosen seeds', () => {
  it('are of a class, where somebody searched', () => {
    expect([chosenSeed(0, model), chosenSeed(6, model), chosenSeed(null, model)]).toEqual([1, 61, null])
    expect(chosenSeed(6, { ...model, chosen: null })).toBeNull()
  })

  it('are followed by the first seed that is another, others by the next', () => {
    expect([seedAfter(61, 61), seedAfter(1, 1), seedAfter(60, 61), seedAfter(61, null)]).toEqual([1, 2, 61, 62])
    expect(seedAfter(2 ** 32 - 1, 61)).toBe(0)
  })

  it('tell what is known of all seeds under the settings that it was counted with, and under no others', () => {
    const counted = { ...defaultSettings(model, 'pag', 6), scale: 1, seed: 5, samples: 3 }
    expect(sharesWith(counted, model)).toMatchObject({ ofClass: { harms: 0.06 }, ofAll: { helps: 0.4, harms: 0.2 } })
    const others = [
      { scale: 0.5 },
      { layers: [0] },
      { method: 'seg', parameters: defaultSettings(model, 'seg').parameters },
      { steps: 32 },
      { solver: 'heun' },
      { rescale: 0.5 },
      { network: 'small' },
      { window: [0, 2] as const },
    ]
    for (const other of others) expect(sharesWith({ ...counted, ...other }, model), JSON.stringify(other)).toBeNull()
    expect(sharesWith(counted, { ...model, chosen: null })).toBeNull()
    expect(sharesWith({ ...counted, class: null, network: 'dropout' }, model)).toBeNull()
  })
})
