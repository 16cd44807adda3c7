import { describe, expect, test } from 'vitest'
import { defaultSettings } from '../../../src/settings'
import { parseCommand, parseReply } from '../../../src/worker/messages'
import { toyModel } from '../../support/model'

const settings = defaultSettings(toyModel)

describe('messages', () => {
  test('keep the very arrays they carry, an open window and an endless blur', () => {
    const x = new Float32Array(4)
    const request = {
      settings: { ...defaultSettings(toyModel, 'seg'), window: [0, Infinity], parameters: { sigma: Infinity } },
      layer: 0,
      x,
      sigma: 1,
      sample: 0,
      step: 0,
    }
    const command = parseCommand({ kind: 'map', id: 1, request })
    expect(command.kind === 'map' && command.request.x).toBe(x)
    expect(command).toEqual({ kind: 'map', id: 1, request })
  })

  test('carry stacked terms, a network of made weights and files by name', () => {
    const { method, scale, layers, window, parameters } = settings
    const stacked = { ...settings, class: null, ema: 0.07, stack: [{ method, scale, layers, window, parameters }] }
    const command = { kind: 'sample', job: 1, alone: ['positive', 'negative'], settings: stacked }
    expect(parseCommand(command)).toEqual(command)
    const files = { kind: 'files', files: { 'a.bin': new Uint8Array(2) }, drop: ['b.bin'] }
    expect(parseCommand(files)).toEqual(files)
    const combining = {
      kind: 'combining',
      network: { id: 'main', sigmaRel: 0.07, neon: { against: 'sims-1', w: 1 } },
      done: 1,
      total: 5,
    }
    expect(parseReply(combining)).toEqual(combining)
  })

  test.each([
    ['no object', 'open'],
    [
      'a stacked term without its window',
      {
        kind: 'sample',
        job: 1,
        alone: ['positive', 'negative'],
        settings: { ...settings, stack: [{ ...settings, window: undefined }] },
      },
    ],
    ['a file that is text', { kind: 'files', files: { 'a.bin': 'text' }, drop: [] }],
    ['an unknown kind', { kind: 'explode' }],
    ['a backend that does not exist', { kind: 'open', backend: 'cuda', threads: 1, acceptSoftware: false }],
    ['no threads', { kind: 'open', backend: 'wasm', threads: 0, acceptSoftware: false }],
    ['settings that lack a seed', { kind: 'sample', job: 1, settings: { ...settings, seed: undefined } }],
    ['steps that are no number', { kind: 'sample', job: 1, settings: { ...settings, steps: NaN } }],
    [
      'more steps than there can be',
      { kind: 'sample', job: 1, alone: ['positive', 'negative'], settings: { ...settings, steps: 65 } },
    ],
    [
      'a method that does not exist',
      { kind: 'sample', job: 1, alone: ['positive', 'negative'], settings: { ...settings, method: 'magic' } },
    ],
    [
      'a parameter of another method',
      {
        kind: 'sample',
        job: 1,
        alone: ['positive', 'negative'],
        settings: { ...settings, parameters: { ...settings.parameters, sigma: 1 } },
      },
    ],
    [
      'a parameter out of its range',
      {
        kind: 'sample',
        job: 1,
        alone: ['positive', 'negative'],
        settings: { ...settings, parameters: { ...settings.parameters, rate: 2 } },
      },
    ],
    ['nothing to draw', { kind: 'draw', job: 1, settings: [], alone: [] }],
    ['a trajectory that is none', { kind: 'draw', job: 1, settings: [settings], alone: ['both'] }],
    ['images to judge that are lists', { kind: 'judge', id: 1, images: [[0]] }],
    [
      'an image that is a list',
      { kind: 'map', id: 1, request: { settings, layer: 0, x: [0], sigma: 1, sample: 0, step: 0 } },
    ],
  ])('refuse a command with %s', (_, command) => {
    expect(() => parseCommand(command)).toThrow(/^Invalid/)
  })

  test.each([
    [
      'an unknown failure',
      { kind: 'failed', job: 1, failure: { code: 'oops', message: '', remedy: '', retryable: true } },
    ],
    [
      'a digest that is a number',
      { kind: 'finished', job: 1, samples: [], summary: { digests: [1], evaluatedRows: 1, milliseconds: 1 } },
    ],
    ['a judgement without a class', { kind: 'judged', id: 1, judgements: [{ features: new Float32Array(1) }] }],
    ['a command', { kind: 'cancel', job: 1 }],
  ])('refuse a reply with %s', (_, reply) => {
    expect(() => parseReply(reply)).toThrow(/^Invalid/)
  })
})
