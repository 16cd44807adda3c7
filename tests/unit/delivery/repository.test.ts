/** What must hold of the tracked files, so that a clone works on any machine. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..', '..', '..')
const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
  .split('\0')
  .filter((file) => file !== '' && existsSync(join(root, file)))
const read = (file: string) => readFileSync(join(root, file), 'utf8')

test('the models take less than 320 MB', () => {
  const bytes = tracked
    .filter((file) => file.startsWith('models/'))
    .reduce((sum, file) => sum + statSync(join(root, file)).size, 0)
  expect(bytes).toBeGreaterThan(100e6)
  expect(bytes).toBeLessThan(320e6)
})

test('the lock file records no download addresses', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, { resolved?: string }> }
  const addresses = Object.values(packages).flatMap(({ resolved }) => resolved ?? [])
  expect(Object.keys(packages).length).toBeGreaterThan(50)
  expect(addresses.filter((address) => /^\w+:\/\//.test(address))).toEqual([])
})

test('the lock file knows the binaries of every platform, or npm ci refuses it', () => {
  // A registry may serve a new release before all of its platforms' binaries; npm install then leaves the missing ones out.
  type Entry = { optionalDependencies?: Record<string, string> }
  const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, Entry> }
  const wanted = Object.entries(packages).flatMap(([path, entry]) =>
    Object.keys(entry.optionalDependencies ?? {}).map((name) => ({ path, name })),
  )
  expect(wanted.length).toBeGreaterThan(20)
  const known = (path: string, name: string) =>
    `node_modules/${name}` in packages || `${path}/node_modules/${name}` in packages
  expect(wanted.filter(({ path, name }) => !known(path, name))).toEqual([])
})

test('no tracked file holds a path of some machine', () => {
  // Folders of the machines this was written on, and people's home folders.
  const machinePath = /(?<![\w.])\/(?:work|farm|home|Users)\/[\w.-]/
  const text = tracked.filter((file) => !/\.(?:png|bin|onnx|npy|npz|woff2|pt|ico)$/.test(file))
  expect(text.length).toBeGreaterThan(50)
  expect(text.filter((file) => machinePath.test(read(file)))).toEqual([])
  // Put together here, so that this file is held to the rule too.
  const path = (...parts: readonly string[]) => `/${parts.join('/')}`
  expect(machinePath.test(`see ${path('work', 'x')}`) && machinePath.test(`"${path('home', 'ann', 'x')}"`)).toBe(true)
  expect(machinePath.test(`https://a.b${path('work', 'x')}`)).toBe(false)
})

test('no tracked file is too big for a static host', () => {
  const big = tracked.filter((file) => statSync(join(root, file)).size > 25 * 2 ** 20)
  expect(big).toEqual([])
})

test('.ci/run and the README run the same command, which package.json knows', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
  expect(read('.ci/run')).toMatch(/^npm test$/m)
  expect(read('README.md')).toMatch(/^npm test\b/m)
  expect(read('README.md')).toMatch(/^npm start\b/m)
  for (const [, name] of read('README.md').matchAll(/npm run (?:-s )?([\w:]+)/g))
    expect(Object.keys(scripts)).toContain(name)
  // They install what is missing, so they may not need a package themselves.
  for (const script of [scripts['start'], scripts['test']]) expect(script).toMatch(/^node src\/cli\/[\w-]+\.mjs$/)
})

describe('commands of a bare clone', () => {
  const commands = tracked.filter((file) => file.startsWith('src/cli/') && file.endsWith('.mjs'))

  test('need nothing but Node', () => {
    const imports = commands.flatMap((file) => [...read(file).matchAll(/from '([^']+)'/g)].map(([, from]) => from!))
    expect(imports.length).toBeGreaterThan(10)
    expect(imports.filter((from) => !from.startsWith('node:') && !from.startsWith('./'))).toEqual([])
  })
})
