import { expect, it } from 'vitest'
import { facts } from '../../../src/lesson'

it('what a student reads of a fact is no key, where a key is no word', () => {
  const keys = facts.filter(({ name, words }) => words === name).map(({ name }) => name)
  expect(keys).toEqual(['method', 'solver'])
})
