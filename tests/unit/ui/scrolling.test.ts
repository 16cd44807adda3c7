/** A box that scrolls sideways is the place of the hidden words in it: else they lie on the page, and make it as wide as what is in the box. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '..', '..', '..', 'src', 'ui')
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.tsx'))

it('keeps what it holds within itself', () => {
  const boxes = files.flatMap((path) =>
    readFileSync(join(root, path), 'utf8')
      .split('\n')
      .filter((line) => /<div\b.*\boverflow-x-auto\b/.test(line))
      .map((line) => ({ path, line: line.trim() })),
  )
  expect(boxes.length).toBeGreaterThan(2)
  expect(boxes.filter(({ line }) => !/\brelative\b/.test(line))).toEqual([])
})
