/** What a stranger may bring to the page, drawn at random, and what the page is to make of it by its readers alone. */
import fc from 'fast-check'
import { encode } from 'fast-png'
import { methods } from '../../../src/guidance'
import {
  decodeLink,
  defaultSettings,
  encodeLink,
  hashOf,
  linkModel,
  parsePreset,
  presetModel,
  toPreset,
  withFlags,
} from '../../../src/settings'
import type { Settings } from '../../../src/settings/types'
import { withPngText } from '../../../src/storage/png-text'
import { readSettingsFile } from '../../../src/storage/settings-file'
import { readRequest, TYPE, VERSION } from '../../../src/ui/embed/protocol'
import { damaged, mutated } from '../../support/fuzz'
import { fakeModel } from './fake-engine'

export type Brought =
  | { readonly kind: 'file'; readonly bytes: Uint8Array<ArrayBuffer> }
  /** Goes into the address. */
  | { readonly kind: 'link'; readonly link: string }
  /** Of the page around. */
  | { readonly kind: 'message'; readonly message: unknown }

/** The worker lives, ends and comes back by itself, or ends for good. */
export type Death = 'none' | 'engine-lost' | 'engine-failed'

const ALL = methods.map(({ id }, seed) => ({ ...defaultSettings(fakeModel, id), steps: 4, seed }))
const anyOne = fc.constantFrom(...ALL)
const bytesOf = (text: string) => new TextEncoder().encode(text)

const plain = encode({ width: 2, height: 2, channels: 3, data: new Uint8Array(12) })
const anyFile = anyOne.chain((settings) => {
  const preset = toPreset(settings)
  const json = JSON.stringify(preset)
  return fc.oneof(
    fc.constantFrom(bytesOf(json), bytesOf(`See https://a.org/#${encodeLink(settings, fakeModel)}`)),
    mutated(preset).map((value) => bytesOf(JSON.stringify(value) ?? '')),
    damaged(bytesOf(json)),
    damaged(withPngText(plain, 'settings', json)),
  )
})

const anyLink = anyOne.chain((settings) =>
  damaged(bytesOf(encodeLink(settings, fakeModel))).map((bytes) => new TextDecoder().decode(bytes)),
)

const request = (settings: Settings) => ({ type: TYPE, version: VERSION, kind: 'set', settings: toPreset(settings) })
const anyMessage = anyOne.chain((settings) => {
  const link = { ...request(settings), settings: undefined, link: encodeLink(settings, fakeModel) }
  return fc.oneof(fc.constantFrom(request(settings), link), mutated(request(settings)), mutated(link))
})

export const anyVisit = fc.record({
  brought: fc.oneof(
    anyFile.map((bytes): Brought => ({ kind: 'file', bytes })),
    anyLink.map((link): Brought => ({ kind: 'link', link })),
    anyMessage.map((message): Brought => ({ kind: 'message', message })),
  ),
  death: fc.constantFrom<Death>('none', 'none', 'engine-lost', 'engine-failed'),
})

function fromLink(link: string): Settings | 'elsewhere' {
  return linkModel(link, [fakeModel]) === fakeModel.id ? decodeLink(link, fakeModel).settings : 'elsewhere'
}

function fromPreset(preset: unknown): Settings | null | 'elsewhere' {
  if (presetModel(preset) === 'shapes') return 'elsewhere'
  const result = parsePreset(preset, fakeModel)
  return result.ok ? result.settings : null
}

/** The settings that it asks for; null where it is refused; `elsewhere` where it is of another family. */
export function wantedBy(brought: Brought, now: Settings): Settings | null | 'elsewhere' {
  switch (brought.kind) {
    case 'link':
      return fromLink(new URL(`#${brought.link}`, 'http://a.org').hash)
    case 'file': {
      const read = readSettingsFile(brought.bytes)
      if (read.kind === 'fault') return null
      return read.kind === 'link' ? fromLink(hashOf(read.link)) : fromPreset(read.preset)
    }
    case 'message': {
      const read = readRequest(brought.message)
      if (read.kind !== 'request' || read.request.kind !== 'set') return null
      const { link, settings } = read.request
      if (link !== undefined) return fromLink(hashOf(link))
      return settings ? fromPreset(withFlags(toPreset(now), settings)) : null
    }
    default:
      return brought satisfies never
  }
}
