import fc from 'fast-check'
import { expect, it } from 'vitest'
import { packed, unpacked } from '../../../src/lesson'
import { linkParts } from '../../../src/settings'
import { readView, viewText } from '../../../src/settings/view'
import { LESSON } from '../../support/lesson'

const link = (value: string) => `https://example.org/#v=3&scale=0.5&${viewText({ lesson: value })}`
const read = (hash: string) => unpacked(readView(hash.slice(hash.indexOf('#'))).view.lesson ?? '')

it('a lesson in a link comes out as it went in, whatever its last letters are', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(unpacked(packed(text) ?? '')).toBe(text)
    }),
    { numRuns: 100 },
  )
  const value = packed(LESSON)!
  expect(value.length).toBeLessThan(LESSON.length)
  expect(read(link(value))).toBe(LESSON)
})

it('comes through mails and sentences', () => {
  const value = packed(LESSON)!
  expect(read(`${link(value)}.`)).toBe(LESSON)
  expect(read(link(value).replaceAll('=', '%3D').replaceAll('&', '&amp;'))).toBe(LESSON)
  expect(read(link(value).replace('z:', 'z%3A'))).toBe(LESSON)
  expect(linkParts(link(value).split('#')[1]!).scale).toBe('0.5')
})

it('one that was damaged is told from one that is whole', () => {
  const value = packed(LESSON)!
  for (const broken of [value.slice(0, -1), value.slice(0, 300), `${value.slice(0, 300)}e`, 'z:e', 'z:!!e', 'first'])
    expect(unpacked(broken)).toBe(null)
})

it('one that is too long for a link is not made one, and none is unpacked without end', () => {
  let state = 1
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24
  const random = Array.from({ length: 20_000 }, () => String.fromCharCode(32 + (next() % 90))).join('')
  expect(packed(random)).toBe(null)
  const bomb = packed('a'.repeat(2_000_000))
  expect(bomb).not.toBe(null)
  expect(unpacked(bomb!)).toBe(null)
})
