/**
 * Links of versions 1 and 2 and what the application of their time decoded them to (`old-links.jsonl`, written by that code and
 * not by this): every method, parameter and choice of then, and what was not understood.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseManifest } from '../../../src/model/manifest'
import { decodeLink, toPreset } from '../../../src/settings'

interface OldLink {
  readonly model: string
  readonly link: string
  readonly problems: number
  readonly preset: Readonly<Record<string, unknown>>
}

/** What no page ever wrote, was out of range then, and is a wish now: s may lead towards the negative. */
const UNDERSTOOD_SINCE = ['v=2&scale=-1']

const text = (...path: string[]) => readFileSync(join(import.meta.dirname, ...path), 'utf8')
const links = text('old-links.jsonl')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as OldLink)

describe.each(['avatars', 'tiny'])('old links of %s', (id) => {
  const model = parseManifest(JSON.parse(text('../../../models', id, 'manifest.json')))
  const own = links.filter((link) => link.model === id)

  it('are many, of both versions', () => {
    expect(own.filter(({ link }) => link.includes('v=1')).length).toBeGreaterThan(8)
    expect(own.filter(({ link }) => link.includes('v=2')).length).toBeGreaterThan(60)
  })

  it('decode to what they did', () => {
    for (const { link, problems, preset } of own) {
      const decoded = decodeLink(link, model)
      if (UNDERSTOOD_SINCE.includes(link)) {
        expect(toPreset(decoded.settings), link).toMatchObject({ ...preset, scale: -1 })
        continue
      }
      // A method may have gained parameters since; those of then are what they were.
      expect(toPreset(decoded.settings), link).toMatchObject(preset)
      expect(decoded.problems.length, link).toBe(problems)
    }
  })
})
