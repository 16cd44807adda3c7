import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseJudge } from '../../../src/evaluation/judge'
import { defaultFamily, inOrder, parseFamily, shownFamilies, type FamilyInfo } from '../../../src/model/families'
import { ManifestError, parseManifest } from '../../../src/model/manifest'
import type { FamilyEntry } from '../../../src/model/types'
import { linkModel } from '../../../src/settings'

const MODELS = join(import.meta.dirname, '../../../models')
const json = (...path: string[]): unknown => JSON.parse(readFileSync(join(MODELS, ...path), 'utf8'))

const family = (id: string, entry: Partial<FamilyEntry> = {}): FamilyInfo =>
  parseFamily({ id, name: id, family: entry })

describe('families', () => {
  it('come in their order, and by id where that is the same', () => {
    const ids = inOrder([family('c', { order: 2 }), family('b'), family('a'), family('d', { order: 1 })])
    expect(ids.map(({ id }) => id)).toEqual(['d', 'c', 'a', 'b'])
  })

  it('are shown but for those that are hidden', () => {
    const shown = shownFamilies([family('b'), family('a', { hidden: true }), family('c', { order: 1 })])
    expect(shown.map(({ id }) => id)).toEqual(['c', 'b'])
  })

  it('default to the first that is not hidden', () => {
    expect(defaultFamily([family('a', { order: 1, hidden: true }), family('b')]).id).toBe('b')
    expect(() => defaultFamily([family('a', { hidden: true })])).toThrow(RangeError)
  })

  it('are refused where their entry is wrong', () => {
    expect(() => parseFamily({ id: 'a', name: 'A', family: { order: 'first' } })).toThrow(ManifestError)
    expect(() => parseFamily({ name: 'A' })).toThrow(ManifestError)
  })

  it('are what links name, and links of versions 1 and 2 that name none mean the one of then', () => {
    const families = [family('new', { order: 1 }), family('first', { unnamedInLinks: true })]
    expect(linkModel('#v=2&model=new', families)).toBe('new')
    expect(linkModel('#v=2&method=pag', families)).toBe('first')
    expect(linkModel('#v=1&method=pag', families)).toBe('first')
    expect(linkModel('#method=pag', families)).toBe('new')
    expect(linkModel('', families)).toBe('new')
  })
})

describe.each(readdirSync(MODELS).filter((id) => readdirSync(join(MODELS, id)).includes('manifest.json')))(
  'family %s',
  (id) => {
    const model = parseManifest(json(id, 'manifest.json'))

    it('is in the folder of its name, and says what it draws', () => {
      expect(model.id).toBe(id)
      const { name, family: entry } = model
      expect({ id, name, family: entry }).toEqual(parseFamily(json(id, 'manifest.json')))
      expect(model.family.sentence).toMatch(/\.$/)
    })

    it('has the judge and the evaluation that it names', () => {
      if (model.judge) {
        const { graph, weights, statistics, heads } = parseJudge(json(model.judge.family, model.judge.file))
        expect(graph.bytes + weights.bytes + statistics.bytes + (heads?.bytes ?? 0)).toBe(model.judge.bytes)
      }
      const files = readdirSync(join(MODELS, id))
      expect(model.evaluation === 'evaluation.json').toBe(files.includes('evaluation.json'))
      if (files.includes('judge.json')) expect(model.judge).toMatchObject({ family: id, file: 'judge.json' })
    })
  },
)
