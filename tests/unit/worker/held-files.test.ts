/** What a worker holds stays within bounds, and what is needed is never dropped. */
import { expect, test } from 'vitest'
import type { ModelFile } from '../../../src/model/types'
import { HeldFiles } from '../../../src/worker/client/held-files'

const MEGABYTE = 2 ** 20
const file = (name: string, megabytes: number): ModelFile => ({
  file: name,
  bytes: megabytes * MEGABYTE,
  sha256: '0'.repeat(64),
})
const need = (...files: ModelFile[]) => ({ network: null, files })

test('names what is missing, need by need', () => {
  const held = new HeldFiles()
  const [a, b] = [file('a', 1), file('b', 1)]
  held.add([a])
  expect(held.missing([need(a, b), need(b)])).toEqual([b, b])
  held.add([b])
  expect(held.missing([need(a, b)])).toEqual([])
})

test('drops the least recently used beyond 128 MiB, none that is needed, and asks for it again later', () => {
  const held = new HeldFiles()
  const files = ['a', 'b', 'c', 'd'].map((name) => file(name, 40))
  const [a, b] = files as [ModelFile, ModelFile]
  held.add(files)
  held.touch([need(a)])
  expect(held.drop(new Set(['c']))).toEqual(['b'])
  expect(held.missing([need(...files)])).toEqual([b])
  expect(held.drop(new Set())).toEqual([])
})

test('keeps more than the bound where all of it is needed', () => {
  const held = new HeldFiles()
  held.add([file('a', 100), file('b', 100)])
  expect(held.drop(new Set(['a', 'b']))).toEqual([])
})
