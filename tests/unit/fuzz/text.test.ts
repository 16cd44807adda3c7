/** Links, presets, manifests and messages that nobody meant: refused in words or read, and never an error that nobody foresaw. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ValiError } from 'valibot'
import { methods } from '../../../src/guidance'
import { ManifestError, parseManifest } from '../../../src/model/manifest'
import {
  decodeLink,
  defaultSettings,
  encodeLink,
  isSettings,
  parsePreset,
  sameSettings,
  toPreset,
} from '../../../src/settings'
import { parseCommand, parseReply } from '../../../src/worker/messages'
import { failsOnlyWith, mutated, tries } from '../../support/fuzz'
import { toyModel } from '../../support/model'
import { stepRecord } from '../../support/step-record'

const TINY = join(import.meta.dirname, '../../../models/tiny/manifest.json')
const manifest: unknown = JSON.parse(readFileSync(TINY, 'utf8'))

const presets = methods.map(({ id }) => toPreset({ ...defaultSettings(toyModel, id), steps: 4 }))
const stacked = { ...presets[1], stack: [{ method: 'seg', sigma: 'inf', layers: [0], window: [0.1, 2] }] }

const KEYS = [
  'v',
  'model',
  'stack',
  'weights',
  'window',
  '__proto__',
  ...presets.flatMap((preset) => Object.keys(preset)),
]
const VALUES = [
  '',
  '1',
  '-1',
  '1e999',
  '0_1_2',
  'inf',
  'true',
  'all',
  'none',
  '%',
  '%00',
  '3',
  'seg:scale=1,layers=0;icg',
  '__proto__',
]
const anyText = fc.oneof(
  fc.constantFrom(...VALUES, ...methods.map(({ id }) => id)),
  fc.string({ unit: 'binary', maxLength: 30 }),
)
const anyLink = fc
  .array(fc.tuple(fc.oneof(fc.constantFrom(...KEYS), anyText), anyText), { maxLength: 8 })
  .map((parts) => parts.map(([key, value]) => `${key}=${value}`).join('&'))

describe('whatever a stranger writes', () => {
  it('as a link gives settings that can run and that their own link repeats', () => {
    fc.assert(
      fc.property(fc.oneof(anyLink, fc.string({ unit: 'binary', maxLength: 200 })), (link) => {
        const { settings } = decodeLink(link, toyModel)
        expect(isSettings(settings)).toBe(true)
        const again = decodeLink(encodeLink(settings, toyModel), toyModel)
        expect(again.problems).toEqual([])
        expect(sameSettings(again.settings, settings)).toBe(true)
      }),
      tries(600),
    )
  })

  it('as a preset is refused in a sentence, or can run', () => {
    const anyPreset = fc.constantFrom(...presets, stacked).chain(mutated)
    fc.assert(
      fc.property(fc.oneof(anyPreset, fc.jsonValue()), (preset) => {
        const result = parsePreset(preset, toyModel)
        expect(
          result.ok ? isSettings(result.settings) : result.problem.length > 10 && result.problem.length < 2000,
        ).toBe(true)
      }),
      tries(400),
    )
  })

  it('as a manifest is refused by name', () => {
    const check = (json: unknown) => failsOnlyWith(ManifestError, () => parseManifest(json))
    return expect(fc.assert(fc.asyncProperty(mutated(manifest), check), tries(150))).resolves.toBeUndefined()
  })
})

const settings = { ...defaultSettings(toyModel, 'seg'), parameters: { sigma: 1 } }
const x = new Float32Array(4)
const bytes = new Uint8Array(3)
const failure = { code: 'internal', message: 'It broke.', remedy: 'Mend it.', retryable: true }

describe('messages', () => {
  const COMMANDS = [
    { kind: 'open', backend: 'wasm', threads: 1, acceptSoftware: false },
    { kind: 'load', model: toyModel, files: { 'graph.onnx': bytes, 'weights.bin': bytes }, networks: 1 },
    { kind: 'files', files: { a: bytes }, drop: ['b'] },
    { kind: 'sample', job: 1, settings, alone: ['positive', 'negative'] },
    { kind: 'draw', job: 1, settings: [settings], alone: ['positive'] },
    { kind: 'map', id: 1, request: { settings, layer: 0, x, sigma: 1, sample: 0, step: 0 } },
  ]
  const REPLIES = [
    { kind: 'ready', backend: { id: 'wasm', label: 'WASM', threads: 1, goldenError: 0 } },
    { kind: 'step', job: 1, record: stepRecord },
    {
      kind: 'finished',
      job: 1,
      samples: [{ positive: x, negative: null, guided: x }],
      summary: { digests: [], evaluatedRows: 1, milliseconds: 1 },
    },
    { kind: 'failed', job: 1, failure },
    { kind: 'living', lock: 'engine' },
  ]

  it.each([
    ['to the worker', COMMANDS, parseCommand],
    ['from the worker', REPLIES, parseReply],
  ])('%s that were damaged are refused or read', async (_, whole, parse) => {
    for (const message of whole) expect(parse(message)).toEqual(message)
    const any = fc.oneof(fc.constantFrom(...whole).chain(mutated), fc.anything())
    await fc.assert(
      fc.asyncProperty(any, (message) => failsOnlyWith(ValiError, () => parse(message))),
      tries(300),
    )
  })
})
