import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { piecesOf } from '../../../src/ui/kit/Tex'

const sources = readdirSync('src/ui', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.tsx'))
  .map((file) => ({ file, text: readFileSync(join('src/ui', file), 'utf8') }))

/** The places of a pattern, as `file: match`. */
const placesOf = (pattern: RegExp) =>
  sources.flatMap(({ file, text }) => [...text.matchAll(pattern)].map(([match]) => `${file}: ${match}`))

describe('the theme', () => {
  it('names every size of text once: no component writes a size of its own', () => {
    expect(sources.length).toBeGreaterThan(60)
    expect(
      placesOf(/\btext-(xs|sm|base|\[[\d.]+(rem|px)\])/g).filter((place) => !/Operator|equation\//.test(place)),
    ).toEqual([])
  })

  it('names the look of links and progress bars once', () => {
    expect(placesOf(/underline-offset-\S+|decoration-\S+/g)).toEqual([])
    expect(placesOf(/role="progressbar"/g)).toEqual(['kit/Progress.tsx: role="progressbar"'])
    expect(placesOf(/target="_blank"/g)).toEqual(['kit/Link.tsx: target="_blank"'])
  })
})

describe('symbols', () => {
  it('are letters with their scripts', () => {
    expect(piecesOf('D^{+}')).toEqual([{ base: 'D', sup: '+', sub: null }])
    expect(piecesOf('D^{-}_1')).toEqual([{ base: 'D', sup: '-', sub: '1' }])
    expect(piecesOf(String.raw`\Delta_2`)).toEqual([{ base: 'Delta', sup: null, sub: '2' }])
    expect(
      piecesOf(String.raw`(x_t - D^{+})/\sigma`)
        .map(({ base }) => base)
        .join(''),
    ).toBe('(x - D)/sigma')
  })
})
