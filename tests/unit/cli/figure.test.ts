/** The command that writes still figures: what it writes, and what it says of arguments that are wrong. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { figureCommand } from '../../../src/cli/figure'
import { UsageError } from '../../../src/cli/usage'

const LINK = 'https://example.org/play/#v=3&model=tiny&method=pag&scale=1&layers=0&steps=2&class=1'
let folder = ''
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'figure-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const run = (...args: string[]) => figureCommand([...args, '--threads', '1'])
const out = (name: string) => join(folder, `${name}.html`)
const pictures = (html: string) => [...html.matchAll(/<img class="([^"]*)"/g)].map(([, classes]) => classes)

describe('npm run figure', () => {
  it('writes pictures along a scale, and links to the page that the preset came from', async () => {
    const said = await run(
      '--preset',
      LINK,
      '--along',
      'scale',
      '--from',
      '0',
      '--to',
      '2',
      '--count',
      '3',
      '--out',
      out('a'),
    )
    expect(said).toMatch(/a\.html: 3 values of scale, \d+ kB\.$/)
    const html = readFileSync(out('a'), 'utf8')
    expect(pictures(html)).toEqual(['', '', 'k k0', 'k k1', 'k k2'])
    expect(html).toContain('href="https://example.org/play/#v=')
    // It opens with the preset's own scale; without guidance the guided picture is the positive.
    expect(html).toMatch(/aria-label="scale s = 1 \(w = 2\)" checked/)
    const sources = [...html.matchAll(/src="(data:[^"]*)"/g)].map(([, source]) => source)
    expect(sources[2]).toBe(sources[0])
    expect(sources[3]).not.toBe(sources[0])
  })

  it('takes values of any setting as a link writes them', async () => {
    const said = await run(
      '--preset',
      LINK.slice(LINK.indexOf('#') + 1),
      '--along',
      'layers',
      '--values',
      'all,1',
      '--out',
      out('b'),
    )
    expect(said).toMatch(/2 values of layers.* Without --page it links to no live page\.$/)
    const html = readFileSync(out('b'), 'utf8')
    // Layers change the negative, and not the positive.
    expect(pictures(html)).toEqual(['', 'k k0', 'k k1', 'k k0', 'k k1'])
    expect(html).toMatch(/aria-label="layers: all" checked/)
  })

  it.each([
    ['neither a setting nor a card', [], /either --along KEY or --card/],
    ['a setting that the method lacks', ['--along', 'sigma'], /can't go along sigma/],
    ['a range that is no number', ['--along', 'scale', '--from', 'low'], /--from must be a number, not low/],
    ['values and a range', ['--along', 'scale', '--values', '1,2', '--count', '3'], /have no place beside it/],
    ['a single value', ['--along', 'scale', '--values', '1'], /2 to 32 values/],
    ['a page that is no address', ['--along', 'scale', '--page', 'play.html'], /must be an address/],
    ['a theme that is none', ['--along', 'scale', '--theme', 'blue'], /light, dark or auto/],
  ])('refuses %s', async (_, args, message) => {
    const refused: unknown = await run('--preset', LINK, '--out', out('c'), ...args).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(UsageError)
    expect(String(refused)).toMatch(message)
  })
})
