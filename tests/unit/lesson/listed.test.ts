import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { lessonsText } from '../../../src/cli/lessons'
import { parseListed } from '../../../src/lesson'

const text = readFileSync(join(import.meta.dirname, '../../../public/lessons/index.json'), 'utf8')

it('the list of lessons is the one that `npm run registries` writes', () => expect(text).toBe(lessonsText()))

it('is in the order of the article, after those that are of no section', () => {
  const sections = parseListed(JSON.parse(text)).map(({ section }) => section ?? 0)
  expect(sections).toEqual([...sections].sort((a, b) => a - b))
  expect(() => parseListed([{ name: 'x' }])).toThrow(/key|Expected|Invalid/)
})
