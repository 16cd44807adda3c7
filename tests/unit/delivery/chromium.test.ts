/** Where the browser tests find a Chromium, on machines that are made up. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { ensureChromium, findHeadlessShell } from '../../../src/cli/chromium.mjs'

const WHOLE = '/usr/bin/chromium'
const SHELL = '/usr/bin/chromium-headless-shell'
const said: string[] = []

/** Root on a Debian with these programs; `installs` come with apt-get, which fails where there are none. */
function debian(programs: readonly string[], installs: readonly string[] = []) {
  const present = new Set(programs)
  const asked: string[] = []
  return {
    asked,
    executable: (path: string) => present.has(path),
    osRelease: () => 'PRETTY_NAME="Debian"\nID=debian\n',
    isRoot: () => true,
    aptGet([command = '']: readonly string[]) {
      asked.push(command)
      if (command === 'install') for (const program of installs) present.add(program)
      return installs.length > 0
    },
  }
}

beforeEach(() => {
  said.length = 0
  vi.stubEnv('CHROMIUM_PATH', '')
  vi.stubEnv('PATH', '')
  vi.spyOn(console, 'log').mockImplementation((text: string) => void said.push(text))
})
afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

it('uses what is there, and installs nothing', () => {
  const machine = debian([WHOLE, SHELL])
  expect(ensureChromium(machine)).toBe(WHOLE)
  expect(findHeadlessShell(machine)).toBe(SHELL)
  expect(machine.asked).toEqual([])
})

it('installs the headless shell beside a Chromium', () => {
  const machine = debian([WHOLE], [SHELL])
  expect(ensureChromium(machine)).toBe(WHOLE)
  expect(findHeadlessShell(machine)).toBe(SHELL)
  expect(machine.asked).toEqual(['update', 'install'])
})

it('runs in the Chromium that is there where the shell can’t be had, and says so', () => {
  const machine = debian([WHOLE])
  expect(ensureChromium(machine)).toBe(WHOLE)
  expect(findHeadlessShell(machine)).toBe(WHOLE)
  expect(said.at(-1)).toMatch(/^apt-get update failed, so the browser tests run in \/usr\/bin\/chromium/)
})

it('fails where there is none and none can be had', () => {
  expect(() => ensureChromium(debian([]))).toThrow('apt-get update failed; the browser tests need a Chromium.')
})

it('says what to install where it may not itself', () => {
  const machine = { ...debian([]), isRoot: () => false }
  expect(() => ensureChromium(machine)).toThrow(/sudo apt-get update && .* chromium/)
  expect(ensureChromium({ ...machine, executable: (path) => path === WHOLE })).toBe(WHOLE)
})
