import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openPreset } from '../../../src/cli/preset'
import { decodeLink, encodeLink, FLAG_KEYS, hashOf, isLink, linkParts } from '../../../src/settings'
import { anySettings } from '../../support/any-settings'
import { toyModel as model } from '../../support/model'

/** What is done to a link on its way, by who does it. */
const DAMAGES: Record<string, (link: string) => string> = {
  'a full stop': (link) => `${link}.`,
  'a bracket of Markdown and a comma': (link) => `${link}),`,
  'stars, as in bold text': (link) => `**${link}**`,
  'angle brackets, encoded': (link) => `${link}%3E%22`,
  'a sentence in Chinese': (link) => `${link}。`,
  'typographic quotes': (link) => `${link}”…`,
  'an emoji': (link) => `${link}\u{1f600}\ufe0f`,
  'a web page, without an end': (link) => link.replaceAll('&', '&amp;'),
  'a web page, twice': (link) => link.replaceAll('&', '&amp;amp;'),
  'a web page, by number': (link) => link.replaceAll('&', '&#38;').replaceAll('=', '&#x3D;'),
  JSON: (link) => link.replaceAll('&', '\\u0026').replaceAll('=', '\\u003d'),
  'Markdown’s backslashes': (link) => link.replaceAll(/[_&=*]/g, '\\$&'),
  'a redirect': (link) => encodeURIComponent(link),
  'a redirect of a redirect': (link) => encodeURIComponent(encodeURIComponent(link)),
  'encoded ampersands alone': (link) => link.replaceAll('&', '%26'),
  'an encoder that knows no plus': (link) => link.replaceAll('%2B', ' '),
  'a decoder': (link) => link.replaceAll('%2B', '+'),
  'a campaign': (link) => `${link}&utm_source=chat&utm_medium=social&fbclid=IwAR0`,
  'a campaign that begins a query': (link) => `${link}?gclid=1&ref=home`,
  'spaces of no width': (link) => link.replaceAll('&', '\u200b&\u2060'),
  'the same, encoded': (link) => `${link}%E2%80%8B%EF%BB%BF`,
  'a line of mail': (link) => link.replace('&', '\r\n&'),
  'lines of a word processor, and fillers': (link) => link.replaceAll('=', '\u2028=\u3164').replaceAll('o', 'o\ufe0f'),
  'a sign in the place of a word': (link) => link.replaceAll('inf', '∞'),
  'soft hyphens': (link) => link.replaceAll('e', 'e\u00ad'),
  'quoted-printable mail': (link) => `${link.replaceAll('=', '=3D')}&`,
  'a word processor’s dashes': (link) => link.replaceAll('-', '–'),
  'a keyboard of full width': (link) =>
    link.replaceAll(/[0-9&=]/g, (typed) => String.fromCodePoint(typed.codePointAt(0)! + 0xfee0)),
  'a text fragment': (link) => `${link}:~:text=guidance`,
  'a second mark': (link) => `#${link}#seed=77`,
}

describe('a link survives', () => {
  it.each(Object.entries(DAMAGES))('%s', (_, damage) => {
    fc.assert(
      fc.property(anySettings, (settings) => {
        const link = encodeLink(settings, model)
        const damaged = decodeLink(`#${damage(link)}`, model)
        expect(damaged).toEqual(decodeLink(`#${link}`, model))
        expect(damaged.notes).toEqual([])
      }),
      { numRuns: 8 },
    )
  })

  it('two of them, one after the other', () => {
    const link = 'v=3&model=avatars&method=cfg%2B%2B&lambda=0.5&scale=0.5&weights=feedc0de'
    const whole = JSON.stringify(linkParts(link))
    // Escapes of the next way's own signs are beyond mending.
    const { 'quoted-printable mail': _mail, JSON: _json, 'Markdown’s backslashes': _escapes, ...plain } = DAMAGES
    for (const first of Object.values(plain))
      for (const second of Object.values(plain))
        expect(JSON.stringify(linkParts(second(first(link)))), second(first(link))).toBe(whole)
  })

  it('blanks and quotes around what it says', () => {
    expect(linkParts('# v = "2" & method = “seg” & window=( 0.5_inf )')).toEqual({
      v: '2',
      method: 'seg',
      window: '0.5_inf',
    })
  })

  it('the loss of the pluses of a method that is named so', () => {
    expect(linkParts('#v=2&method=cfg%20%20&lambda=0.5')).toEqual({ v: '2', method: 'cfg++', lambda: '0.5' })
    expect(linkParts('#v=2&method=cfg ')).toEqual({ v: '2', method: 'cfg' })
  })
})

describe('what is no damage', () => {
  it('keeps each setting: none is taken for what others append', () => {
    for (const key of [...FLAG_KEYS, 'v', 'weights', 'room', 'game', 'told'])
      expect(linkParts(`#${key}=1`)).toEqual({ [key]: '1' })
  })

  it('is said: an unknown key, and weights that no network has', () => {
    const { problems, notes } = decodeLink('#v=2&colour=red&weights=0badc0de', model)
    expect(problems).toEqual(['"colour" is not a setting'])
    expect(notes).toHaveLength(1)
  })

  it('says nothing of weights where the tag or the network’s name was cut off', () => {
    const small = model.networks.find(({ id }) => id === 'small')!
    const link = `v=3&method=autoguidance&weak=small&weights=feedc0de.${small.weights.sha256.slice(0, 8)}`
    for (const cut of [link, link.slice(0, -3), link.replace('weak=small&', ''), 'v=3&weights='])
      expect(decodeLink(cut, model).notes, cut).toEqual([])
  })
})

describe('on the command line', () => {
  it.each([
    'https://example.org/play/#v=2&method=seg&class=3.',
    '<https://example.org/play/#v=2&amp;method=seg&amp;class=3>',
    'https://example.org/play/%23v%3D2%26method%3Dseg%26class%3D3',
    '#method=seg&class=3',
    '\u200bv=2&method=seg&class=3&fbclid=1',
    'v%3D2%26method%3Dseg%26class%3D3',
  ])('%s is a link, and names its class', (link) => {
    expect(isLink(link)).toBe(true)
    const source = openPreset(link, {})
    expect(source.fixesClass).toBe(true)
    const read = source.settings({
      ...model,
      conditioning: {
        kind: 'class',
        labelDropout: false,
        classes: [...model.conditioning.classes, model.conditioning.classes[0]!],
      },
    })
    expect(read).toMatchObject({ method: 'seg', class: 3 })
  })

  it('the page’s address alone is a link that says nothing', () => {
    expect(isLink('https://example.org/play/')).toBe(true)
    expect(linkParts(hashOf('https://example.org/play/'))).toEqual({})
  })

  it.each(['preset.json', 'v=', 'pictures/a b.png'])('%s is a file', (name) => expect(isLink(name)).toBe(false))
})
