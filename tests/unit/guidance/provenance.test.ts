/** What a method's card says of its numbers is what was measured: tests/golden/authors.json, which tests/golden/authors.py wrote. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { methods } from '../../../src/guidance'
import { checkedText, errorText } from '../../../src/guidance/provenance'
import { provenances } from '../../../src/guidance/provenances/index.generated'

/** Whose code it can be; a card names the nearest to the authors of what ran. */
const WHOSE = ['authors', 'library', 'others'] as const

const Authors = v.object({
  versions: v.record(v.string(), v.string()),
  commits: v.record(v.pipe(v.string(), v.regex(/^[\w.-]+\/[\w.-]+$/)), v.pipe(v.string(), v.regex(/^[0-9a-f]{40}$/))),
  records: v.array(
    v.object({
      method: v.string(),
      what: v.string(),
      against: v.string(),
      kind: v.picklist(WHOSE),
      error: v.number(),
    }),
  ),
})
const text = readFileSync(join(import.meta.dirname, '../../golden/authors.json'), 'utf8')
const { records, commits } = v.parse(Authors, JSON.parse(text))

describe('the provenance of', () => {
  it.each(provenances.map((provenance) => [provenance.method, provenance] as const))(
    '%s',
    (id, { checked, ...told }) => {
      const own = records.filter(({ method }) => method === id)
      // No code that is not ours ran beside a second reading, and what ran is what the card claims.
      expect(checked.by).toBe(WHOSE.find((whose) => own.some(({ kind }) => kind === whose)) ?? 'reading')
      expect(checked.error).toBe(own.length === 0 ? null : Math.max(...own.map(({ error }) => error)))
      for (const words of [told.space, told.scale, told.starts, checked.what]) expect(words).not.toBe('')
      expect(checkedText(checked)).toContain(checked.what)
      if (told.differs !== null) expect(told.differs).toMatch(/\.$/)
    },
  )

  it('is near: no error is above single precision', () => {
    for (const { method, what, error } of records) expect(error, `${method}: ${what}`).toBeLessThan(2e-7)
    expect(errorText(1.5e-16)).toBe('1.5 · 10⁻¹⁶')
  })

  it('names the commit of code of others', () => {
    const named = records
      .filter(({ kind }) => kind === 'others')
      .map(({ against }) => /[\w.-]+\/[\w.-]+/.exec(against)?.[0])
    expect(named.length).toBeGreaterThan(0)
    for (const repository of named) expect(Object.keys(commits)).toContain(repository)
  })

  it('every method is told, once', () => {
    expect(provenances.map(({ method }) => method).sort()).toEqual(methods.map(({ id }) => id).sort())
  })

  it('names no method that there is not', () => {
    expect(records.map(({ method }) => method).filter((id) => !methods.some((method) => method.id === id))).toEqual([])
  })
})
