import { expect, it } from 'vitest'
import { absentModel, meansModel, openedId, openedParts } from '../../../src/model/opened'
import { decodeLink, encodeLink, linkModel, parsePreset, toPreset, defaultSettings } from '../../../src/settings'
import { toyModel } from '../../support/model'

const HASH = '0123456789abcdef'.repeat(4)
const mine = { ...toyModel, id: openedId('Meine Gesichter (ε)!', HASH) }
const settings = { ...defaultSettings(mine, 'pag'), seed: 9 }
const link = encodeLink(settings, mine)
/** The same file, called otherwise by whoever has it. */
const theirs = { ...toyModel, id: openedId('faces', HASH) }

it('has a name to read and the beginning of the hash', () => {
  expect(mine.id).toBe('meine-gesichter_0123456789abcdef')
  expect(openedParts(mine.id)).toEqual({ name: 'meine-gesichter', hash: '0123456789abcdef' })
  expect(openedId('模型', HASH)).toBe('model_0123456789abcdef')
  expect(openedParts(openedId('a'.repeat(200), HASH))?.name).toHaveLength(32)
  for (const id of ['avatars', 'toys', 'a_0123', '']) expect(openedParts(id), id).toBeNull()
})

it('is told by the file, whatever it is called', () => {
  expect(meansModel(mine.id, theirs.id)).toBe(true)
  expect(meansModel(mine.id, openedId('faces', 'f'.repeat(64)))).toBe(false)
  expect(meansModel('faces', theirs.id)).toBe(false)
  expect(meansModel(undefined, theirs.id)).toBe(false)
  expect(linkModel(link, [toyModel, theirs])).toBe(theirs.id)
  expect(linkModel(link, [toyModel])).toBe(mine.id)
  expect(decodeLink(link, theirs)).toMatchObject({ settings: { ...settings, model: theirs.id }, problems: [] })
  expect(parsePreset(toPreset(settings), theirs)).toMatchObject({ ok: true })
})

it('says which file a link lacks, and shows the first picture of what is here', () => {
  const absent = decodeLink(link, toyModel)
  expect(absent.notes).toEqual([absentModel(mine.id)])
  expect(absent.notes[0]).toContain('“meine-gesichter” (its SHA-256 begins 0123456789abcdef)')
  expect(absent.problems).toEqual([])
  expect(absent.settings.model).toBe(toyModel.id)
  expect(parsePreset(toPreset(settings), toyModel)).toMatchObject({ ok: false, problem: absentModel(mine.id) })
  expect(absentModel('toys')).toBeNull()
})
