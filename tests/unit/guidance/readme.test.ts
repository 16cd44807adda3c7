/** The table of methods in the docs lists what the project runs, in the order of the menu. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { methods } from '../../../src/guidance'

it('lists every method once, and no other', () => {
  const text = readFileSync(new URL('../../../src/guidance/README.md', import.meta.url), 'utf8')
  const rows = [...text.matchAll(/^\| `([^`]+)` \| ([^|]+) \|/gm)]
  expect(rows.map(([, id]) => id).sort()).toEqual(methods.map(({ id }) => id).sort())
  expect(rows.every(([, , here]) => here!.trim() !== '–')).toBe(true)
})
