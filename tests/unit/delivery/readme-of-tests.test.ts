/** The table of failures names tests that are there. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const TESTS = join(import.meta.dirname, '../..')
const text = readFileSync(join(TESTS, 'README.md'), 'utf8')
const rows = text.split('\n').filter((line) => /^\| \d+ /.test(line))

/** What a quotation is looked for in: the last file that was named before it. */
const quotations = rows.flatMap((row) => {
  let file = ''
  return [...row.matchAll(/`([\w/-]+\.test\.ts)`|\*([^*]+)\*/g)].flatMap(([, named, words]) => {
    file = named ?? file
    return words === undefined ? [[file, ''] as const] : [[file, words] as const]
  })
})

it('has a row for each of the thirteen kinds', () => {
  expect(rows.map((row) => Number(row.split(' ')[1]))).toEqual(Array.from({ length: 13 }, (_, i) => i + 1))
  for (const row of rows) expect(row).toMatch(/\.test\.ts/)
})

it.each(quotations)('%s has “%s”', (file, words) => {
  expect(existsSync(join(TESTS, file))).toBe(true)
  expect(readFileSync(join(TESTS, file), 'utf8').includes(words)).toBe(true)
})
