/** What other sites show beside a link to the page: whole addresses where the site's is known, and nothing that needs one where not. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { oembedOf, siteAddress, tagsOf } from '../../../src/cli/site-cards.mjs'
import { readView } from '../../../src/settings/view'
import { decodePng } from '../../../src/storage/png'

const site = 'https://name.example/play/'
const content = (tags: ReturnType<typeof tagsOf>, property: string) =>
  tags.find(({ attrs }) => attrs?.property === property)?.attrs?.content

describe('the address of the site', () => {
  it('is what SITE_URL says, as a folder', () => {
    expect(siteAddress('https://name.example/play')).toBe(site)
    expect(siteAddress(` ${site} `)).toBe(site)
    expect(siteAddress(undefined)).toBeNull()
    expect(siteAddress('')).toBeNull()
  })

  it.each(['name.example', 'ftp://name.example/', `${site}#v=3`, `${site}?a=1`])('is not %s', (said) => {
    expect(() => siteAddress(said)).toThrow(/SITE_URL must be/)
  })
})

it('tags name the card by its whole address, or not at all', async () => {
  const tags = tagsOf('What it is.', site)
  expect(content(tags, 'og:description')).toBe('What it is.')
  expect(content(tags, 'og:image')).toBe(`${site}card.png`)
  const card = await decodePng(new Uint8Array(readFileSync(join(import.meta.dirname, '../../../public/card.png'))))
  expect([content(tags, 'og:image:width'), content(tags, 'og:image:height')]).toEqual([
    `${card.width}`,
    `${card.height}`,
  ])
  expect(tags.find(({ attrs }) => attrs?.type === 'application/json+oembed')?.attrs?.href).toBe(`${site}oembed.json`)
  expect(JSON.stringify(tagsOf('What it is.', null))).not.toMatch(/card|oembed|http/)
})

it('oEmbed gives a frame of the page in which it knows that it is one', () => {
  const { html, type, version, width, height } = oembedOf(site)
  expect([type, version]).toEqual(['rich', '1.0'])
  const [, hash] = /src="[^"#]*(#[^"]*)"/.exec(html)!
  expect(readView(hash!).view.embed).toBe(true)
  expect(html).toContain(`width="${width}" height="${height}"`)
})
