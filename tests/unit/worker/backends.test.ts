/** The registry of backends, and which of them a start takes after failures. */
import { mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { filesOf } from '../../../src/cli/offline.mjs'
import { backendById, backends, candidatesOn } from '../../../src/worker/backend-registry'
import { backendMenu, drawnTogether, lastResort } from '../../../src/worker/client/backends'
import { Candidates } from '../../../src/worker/client/candidates'
import { parseCommand } from '../../../src/worker/messages'

const ISOLATED = { isolated: true, cores: 4 }
const PLAIN = { isolated: false, cores: 4 }
const MINUTE = 60_000

describe('every backend', () => {
  test('has a runtime that the service worker keeps the site with', () => {
    const empty = mkdtempSync(join(tmpdir(), 'site-'))
    const { runtimes } = filesOf(empty)
    rmdirSync(empty)
    expect(Object.keys(runtimes)).toEqual(expect.arrayContaining(backends.map(({ runtime }) => runtime)))
  })

  test.each(backends.map((backend) => [backend.id, backend] as const))(
    '%s says all that is asked of it',
    (id, backend) => {
      for (const text of [backend.name, backend.label, backend.help]) expect(text.trim()).not.toBe('')
      expect(backend.together).toBeGreaterThanOrEqual(1)
      expect(backend.threads(4)).toBeGreaterThanOrEqual(1)
      expect(backendById(id)).toBe(backend)
      expect(backendMenu.filter(({ value }) => value === id)).toEqual([
        { value: id, label: backend.label, help: backend.help },
      ])
      expect(drawnTogether(id)).toBe(backend.together)
      expect(parseCommand({ kind: 'open', backend: id, threads: 1, acceptSoftware: false })).toMatchObject({
        backend: id,
      })
    },
  )

  test('has an id, a label and a place of its own; auto is no id', () => {
    for (const key of ['id', 'label', 'order', 'name'] as const)
      expect(new Set(backends.map((backend) => backend[key])).size, key).toBe(backends.length)
    expect(backends.map(({ id }) => id)).not.toContain('auto')
  })

  test('an id that none has is refused by name', () => {
    expect(() => backendById('webnn')).toThrow('webnn')
    expect(() => parseCommand({ kind: 'open', backend: 'webnn', threads: 1, acceptSoftware: false })).toThrow('webnn')
  })
})

test('a page tries the graphics processor first, threads only where it is isolated and has several cores', () => {
  expect(candidatesOn(ISOLATED)).toEqual(['webgpu', 'runner', 'wasm-threads', 'wasm'])
  expect(candidatesOn(PLAIN)).toEqual(['webgpu', 'runner', 'wasm'])
  expect(candidatesOn({ isolated: true, cores: 1 })).toEqual(['webgpu', 'runner', 'wasm'])
  // What is offered after a failure must be there on every page.
  expect(backendById(lastResort).refusal({ isolated: false, cores: 1 })).toBeNull()
})

describe('candidates of one start', () => {
  test('one that does not pass its start is given up at once, one that worked at its second loss', () => {
    const candidates = new Candidates('auto', ISOLATED)
    expect(candidates.refuse()).toEqual({ kind: 'next', rejected: 'webgpu' })
    expect(candidates.current).toBe('runner')
    expect(candidates.lose(9 * MINUTE)).toEqual({ kind: 'again' })
    expect(candidates.current).toBe('runner')
    expect(candidates.lose(9 * MINUTE)).toEqual({ kind: 'next', rejected: 'runner' })
    // The losses of another do not count.
    expect(candidates.lose(9 * MINUTE)).toEqual({ kind: 'again' })
    expect(candidates.refuse()).toEqual({ kind: 'next', rejected: 'wasm-threads' })
    expect(candidates.refuse()).toEqual({ kind: 'none-left' })
    expect(candidates.current).toBe('wasm')
  })

  test('losses before ten minutes of work are forgiven, and the one after them counts as the first', () => {
    const candidates = new Candidates('webgpu', ISOLATED)
    expect(candidates.lose(0)).toEqual({ kind: 'again' })
    for (let day = 0; day < 5; day++) expect(candidates.lose(10 * MINUTE)).toEqual({ kind: 'again' })
    expect(candidates.lose(9 * MINUTE)).toEqual({ kind: 'none-left' })
  })

  test('a chosen one has no successor', () => {
    const candidates = new Candidates('webgpu', ISOLATED)
    expect(candidates.current).toBe('webgpu')
    expect(candidates.refuse()).toEqual({ kind: 'none-left' })
  })
})
