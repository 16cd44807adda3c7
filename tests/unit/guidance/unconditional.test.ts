/** A family with a network that was trained without classes, as its manifest says: who draws without a class, and what CFG compares with. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT } from '../../../src/cli/readme-tables'
import { networkOfClass, unconditionalNetwork, withClass } from '../../../src/guidance/networks'
import { negativePrediction, negativesOf, networksOf } from '../../../src/guidance/pair'
import { parseManifest } from '../../../src/model/manifest'
import type { ModelInfo } from '../../../src/model/types'
import { defaultSettings, settingsRefusal } from '../../../src/settings'
import type { Settings } from '../../../src/settings/types'

interface Manifest {
  readonly networks: readonly { readonly id: string; readonly role: string; readonly samples: number }[]
}
const tiny = JSON.parse(readFileSync(join(ROOT, 'models/tiny/manifest.json'), 'utf8')) as Manifest
const [main] = tiny.networks
const made = (id: string, more: object = {}) => ({
  ...main,
  id,
  role: 'unconditional',
  labelDropout: true,
  averages: [],
  weights: { file: `${id}.bin`, bytes: 10, sha256: '0'.repeat(64) },
  ...more,
})
const apart = made('unconditional')
const early = made('unconditional-1-16', { samples: 10 })
const manifest = (networks: readonly object[]) => parseManifest({ ...tiny, networks })
const both = manifest([...tiny.networks, apart, early])
const undropped = manifest([...tiny.networks.filter(({ role }) => role !== 'dropout'), apart, early])

const settingsOf = (model: ModelInfo, method: string, label: number | null, more: Partial<Settings> = {}) => ({
  ...defaultSettings(model, method, label),
  class: label,
  ...more,
})
const negativeOf = (settings: Settings, model: ModelInfo) => {
  const [negative] = negativesOf(settings)
  return negative ? negativePrediction(negative, model) : null
}

it('the manifest says that it knows images without a class, or is refused', () => {
  expect(() => manifest([...tiny.networks, made('unconditional', { labelDropout: false })])).toThrow(
    /networks\.6\.labelDropout: must be true of a network that was trained without classes/,
  )
})

describe('without a class', () => {
  it('the default network is this one, before one with label dropout', () => {
    expect(unconditionalNetwork(both)?.id).toBe('unconditional')
    expect(networkOfClass(null, both)?.id).toBe('unconditional')
    expect(networkOfClass(0, both)?.id).toBe('main')
    for (const method of ['none', 'pag', 'sag']) {
      const settings = settingsOf(both, method, null)
      expect(settings.network, method).toBe('unconditional')
      expect(settingsRefusal(settings, both), method).toBeNull()
    }
  })

  it('autoguidance compares it with itself, less trained', () => {
    const settings = settingsOf(both, 'autoguidance', null)
    expect(settings.parameters['weak']).toBe('unconditional-1-16')
    expect(negativeOf(settings, both)?.network).toEqual({ id: 'unconditional-1-16' })
  })

  it('is chosen with the network that can, and with a class the network is one that knows it', () => {
    const asked = { class: 0, network: 'main', ema: 0.1 }
    expect(withClass(null, asked, both)).toEqual({ class: null, network: 'unconditional', ema: null })
    expect(withClass(null, { ...asked, network: 'dropout' }, both)).toEqual({
      class: null,
      network: 'dropout',
      ema: 0.1,
    })
    expect(withClass(2, { class: null, network: 'unconditional', ema: null }, both)).toMatchObject({ network: 'main' })
    expect(withClass(2, asked, both)).toEqual({ ...asked, class: 2 })
  })
})

describe('with a class', () => {
  it('this one can’t be asked, and the refusal says what can', () => {
    expect(settingsRefusal(settingsOf(both, 'none', 1, { network: 'unconditional' }), both)).toMatch(
      /^class: Network unconditional was trained without classes.* set network to main, or set class to none/,
    )
  })

  it('CFG takes it for the negative of a network that always saw one', () => {
    const settings = settingsOf(undropped, 'cfg', 1)
    expect(settings.network).toBe('main')
    expect(settingsRefusal(settings, undropped)).toBeNull()
    expect(negativeOf(settings, undropped)).toMatchObject({
      network: { id: 'unconditional' },
      condition: { kind: 'null' },
    })
    expect(
      networksOf(settings, undropped)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(['main', 'unconditional'])
  })

  it('CFG stays on the network with label dropout where there is one, and its negative with it', () => {
    const settings = settingsOf(both, 'cfg', 1)
    expect(settings.network).toBe('dropout')
    expect(negativeOf(settings, both)).toMatchObject({ network: { id: 'dropout' }, condition: { kind: 'null' } })
  })
})
