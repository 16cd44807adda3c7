/** Registry folders list themselves: a file that is dropped in is in the list, and a list that was forgotten is found. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { exportName, staleIndices, writeIndices } from '../../../src/cli/registries.mjs'

const REGISTRY = { folder: 'kinds', name: 'kinds', type: 'Kind', from: '../types' }
const INDEX = 'kinds/index.generated.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'registries-'))
  mkdirSync(join(root, 'kinds'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const put = (name: string, text: string) => writeFileSync(join(root, 'kinds', name), text)
const options = () => ({ root, registries: [REGISTRY] })

test('no committed index is stale', () => {
  const stale = staleIndices().map(({ file }) => file)
  expect(stale, 'run npm run registries and commit the result').toEqual([])
})

test('a file that is added or removed makes the index stale until it is written', () => {
  put('one.ts', 'export const one: Kind = {}\n')
  expect(writeIndices(options())).toEqual([INDEX])
  expect(staleIndices(options())).toEqual([])
  put('two-and-a-half.tsx', 'export function twoAndAHalf() {}\n')
  expect(staleIndices(options())).toHaveLength(1)
  writeIndices(options())
  expect(readFileSync(join(root, INDEX), 'utf8')).toContain("import { twoAndAHalf } from './two-and-a-half'\n")
  rmSync(join(root, 'kinds/one.ts'))
  expect(staleIndices(options())[0]?.text).not.toContain('one')
})

test('names follow the file, and a file that exports another name is refused in a sentence that says which is wanted', () => {
  expect(exportName('cfg-zero-star.ts')).toBe('cfgZeroStar')
  put('one.ts', 'export const uno: Kind = {}\n')
  expect(() => staleIndices(options())).toThrow('kinds/one.ts must export the Kind one')
})
