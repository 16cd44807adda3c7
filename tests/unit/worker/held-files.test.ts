/** What a worker holds stays within bounds, and what is needed is never dropped. */
import { expect, test } from 'vitest'
import type { ModelFile } from '../../../src/model/types'
import { HeldFiles } from '../../../src/worker/client/held-files'
import { memoryBudget } from '../../../src/worker/memory'

const MEGABYTE = 2 ** 20
const file = (name: string, megabytes: number): ModelFile => ({
  file: name,
  bytes: megabytes * MEGABYTE,
  sha256: '0'.repeat(64),
})
const need = (...files: ModelFile[]) => ({ network: null, files })

test('names what is missing, need by need', () => {
  const held = new HeldFiles(128 * MEGABYTE)
  const [a, b] = [file('a', 1), file('b', 1)]
  held.add([a])
  expect(held.missing([need(a, b), need(b)])).toEqual([b, b])
  held.add([b])
  expect(held.missing([need(a, b)])).toEqual([])
})

test('drops the least recently used beyond 128 MiB, none that is needed, and asks for it again later', () => {
  const held = new HeldFiles(128 * MEGABYTE)
  const files = ['a', 'b', 'c', 'd'].map((name) => file(name, 40))
  const [a, b] = files as [ModelFile, ModelFile]
  held.add(files)
  held.touch([need(a)])
  expect(held.drop(new Set(['c']))).toEqual(['b'])
  expect(held.missing([need(...files)])).toEqual([b])
  expect(held.drop(new Set())).toEqual([])
})

test('keeps more than the bound where all of it is needed', () => {
  const held = new HeldFiles(128 * MEGABYTE)
  held.add([file('a', 100), file('b', 100)])
  expect(held.drop(new Set(['a', 'b']))).toEqual([])
})

test('a smaller device keeps less, one that says nothing as much as a phone of 4 GB, and none what it can’t spare', () => {
  const budgets = [0.25, 2, 4, 8].map((gigabytes) => ({ gigabytes, ...memoryBudget(gigabytes) }))
  for (const [i, { gigabytes, files, networks }] of budgets.entries()) {
    // A browser ends a tab at a fraction of the memory there is.
    expect(files + networks).toBeLessThan(Math.max(gigabytes, 1) * 0.2 * 2 ** 30)
    if (i > 0) expect(networks).toBeGreaterThanOrEqual(budgets[i - 1]!.networks)
  }
  expect(memoryBudget()).toEqual(memoryBudget(4))
  expect(memoryBudget(8).networks).toBeGreaterThan(memoryBudget(2).networks)
})
