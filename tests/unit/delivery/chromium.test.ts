/** Where the browser tests find a Chromium, as root on a Debian whose programs and package manager are made up. */
import { spawnSync } from 'node:child_process'
import { accessSync } from 'node:fs'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { ensureChromium, findHeadlessShell } from '../../../src/cli/chromium.mjs'

vi.mock('node:child_process', () => ({ spawnSync: vi.fn<typeof spawnSync>() }))
vi.mock('node:fs', async (original) => ({
  ...(await original<typeof import('node:fs')>()),
  accessSync: vi.fn<typeof accessSync>(),
  readFileSync: () => 'ID=debian\n',
}))

const WHOLE = '/usr/bin/chromium'
const SHELL = '/usr/bin/chromium-headless-shell'
const present = new Set<string>()
const said: string[] = []

/** What apt-get does: nothing, or it puts programs there. */
function aptGet(status: number, ...programs: readonly string[]) {
  vi.mocked(spawnSync).mockImplementation((_command, parameters) => {
    if (parameters?.[0] === 'install') for (const program of programs) present.add(program)
    return { status } as ReturnType<typeof spawnSync>
  })
}

beforeEach(() => {
  present.clear()
  said.length = 0
  vi.stubEnv('CHROMIUM_PATH', '')
  vi.stubEnv('PATH', '')
  vi.spyOn(console, 'log').mockImplementation((text: string) => void said.push(text))
  vi.spyOn(process, 'getuid').mockReturnValue(0)
  vi.mocked(spawnSync).mockReset()
  vi.mocked(accessSync).mockImplementation((path) => {
    if (!present.has(String(path))) throw new Error('ENOENT')
  })
})
afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

it('uses what is there, and installs nothing', () => {
  for (const program of [WHOLE, SHELL]) present.add(program)
  expect(ensureChromium()).toBe(WHOLE)
  expect(findHeadlessShell()).toBe(SHELL)
  expect(spawnSync).not.toHaveBeenCalled()
})

it('installs the headless shell beside a Chromium', () => {
  present.add(WHOLE)
  aptGet(0, SHELL)
  expect(ensureChromium()).toBe(WHOLE)
  expect(findHeadlessShell()).toBe(SHELL)
})

it('runs in the Chromium that is there where the shell can’t be had, and says so', () => {
  present.add(WHOLE)
  aptGet(100)
  expect(ensureChromium()).toBe(WHOLE)
  expect(findHeadlessShell()).toBe(WHOLE)
  expect(said.at(-1)).toMatch(/^apt-get update failed, so the browser tests run in \/usr\/bin\/chromium/)
})

it('fails where there is none and none can be had', () => {
  aptGet(100)
  expect(() => ensureChromium()).toThrow('apt-get update failed; the browser tests need a Chromium.')
})
