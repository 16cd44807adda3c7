/** What is copied from the dialog *Share*, and that it opens what it says. */
import decodeQR from 'qr/decode.js'
import { describe, expect, it } from 'vitest'
import { decodeLink, encodeLink, hashOf } from '../../../src/settings'
import { partByName } from '../../../src/settings/parts'
import { NO_VIEW, readView, type View } from '../../../src/settings/view'
import { decodePng } from '../../../src/storage/png'
import { encodePng } from '../../../src/storage/write-png'
import { equationSlice } from '../../../src/ui/equation/slice'
import { CONTROL_PARTS, FIRST_TICKS, PANELS, partsOf, ticked, tickedAll } from '../../../src/ui/share/parts-choice'
import { qrOf, qrPicture } from '../../../src/ui/share/qr'
import { elementText, embedLink, iframeText, linkText, markdownText } from '../../../src/ui/share/texts'
import { viewNow, viewWords } from '../../../src/ui/share/view-now'
import type { Shared } from '../../../src/ui/share/way'
import { ways } from '../../../src/ui/share/ways'
import { rulesOf } from '../../../src/ui/view/rules'
import { model, settings } from './fixtures'

const shared: Shared = {
  page: 'https://site.example/play/',
  hash: encodeLink({ ...settings, seed: 7 }, model),
  view: {},
  words: 'PAG, “s” <1> & [more]',
}

const viewed = (view: Partial<View>): Shared => ({ ...shared, view })
const viewIn = (link: string) => readView(hashOf(link)).view

/** Attributes of the last element of a snippet, as a browser reads them. */
function attributes(html: string): Record<string, string> {
  const own = html.slice(html.lastIndexOf('<', html.lastIndexOf('</') - 1))
  const plain = (text: string) =>
    text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
  return Object.fromEntries([...own.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, key, value]) => [key!, plain(value!)]))
}

it('every way to share has an id, a label and a place of its own', () => {
  for (const key of ['id', 'label', 'place'] as const)
    expect(new Set(ways.map((way) => way[key])).size).toBe(ways.length)
})

describe('a link', () => {
  it('opens the settings, and the view where it is asked for', () => {
    expect(linkText(shared)).toBe(`https://site.example/play/#${shared.hash}`)
    const link = linkText(viewed({ at: 3, lens: 'spectrum', inspect: 2, theme: 'dark', present: true }))
    expect(decodeLink(hashOf(link), model)).toMatchObject({ settings: { seed: 7 }, problems: [], notes: [] })
    expect(viewIn(link)).toEqual({ ...NO_VIEW, at: 3, lens: 'spectrum', inspect: 2, theme: 'dark', present: true })
  })

  it('says in words what the view adds', () => {
    const page = {
      playhead: { position: 0.6, playing: false },
      equation: { ...equationSlice, lens: 'spectrum' },
      network: {
        inspected: { term: 0, layer: 1 },
        token: null,
        vision: null,
        visionProblem: null,
        shippedVision: false,
      },
      shell: { theme: 'dark' as const, more: false },
    }
    const now = viewNow(page, 5, { ...NO_VIEW, lesson: 'pag', page: 2, lock: ['seed'] })
    expect(now).toMatchObject({ at: 3, lens: 'spectrum', inspect: 1, theme: 'dark', lesson: 'pag', page: 2 })
    expect(viewWords(now, 5, model)).toEqual([
      'step 3 of 5',
      'the plot “spectrum”',
      `the maps of layer ${model.layers[1]!.name}`,
      'the lesson at its step 3',
      'what is locked',
      'in the dark',
    ])
    const plain = { ...page, playhead: { position: 1, playing: false }, equation: equationSlice }
    const fresh = {
      ...plain,
      network: { ...page.network, inspected: null },
      shell: { theme: 'system' as const, more: false },
    }
    expect(viewWords(viewNow(fresh, 5, NO_VIEW), 5, model)).toEqual([])
  })
})

describe('an embed', () => {
  const parts = { show: ['pictures', 'seed'], hide: ['compare'], lock: ['seed'] }

  it('is an iframe whose address opens the same, without what is of the whole page', () => {
    const own = viewed({ at: 2, present: true, lesson: 'pag', page: 1 })
    const read = attributes(iframeText(own, parts, 300))
    expect(read).toMatchObject({ title: `Guidance Playground: ${shared.words}`, height: '300', loading: 'lazy' })
    expect(read.src).toBe(embedLink(own, parts))
    expect(viewIn(read.src!)).toEqual({ ...NO_VIEW, embed: true, at: 2, ...parts })
    expect(decodeLink(hashOf(read.src!), model)).toMatchObject({ settings: { seed: 7 }, problems: [] })
  })

  it('is an element of a script that lies beside the page', () => {
    const html = elementText(viewed({ at: 2, theme: 'dark' }), parts)
    expect(html).toContain('<script src="https://site.example/play/guidance-playground.js"></script>')
    const read = attributes(html)
    expect(read).toMatchObject({
      title: shared.words,
      show: 'pictures seed',
      hide: 'compare',
      lock: 'seed',
      theme: 'dark',
    })
    expect(viewIn(read.link!)).toMatchObject({ at: 2 })
  })

  it('shows and locks what is ticked, and nothing else', () => {
    expect(partsOf(FIRST_TICKS)).toEqual({ show: null, hide: [], lock: [] })
    const tick = (name: string, what: 'shown' | 'held', on: boolean) => (ticks: typeof FIRST_TICKS) =>
      ticked(ticks, partByName(name)!, what, on)
    const made = [
      tick('compare', 'shown', true),
      tick('compare', 'shown', false),
      tick('window', 'shown', true),
      tick('seed', 'shown', true),
      tick('seed', 'held', true),
      tick('scale', 'held', true),
      tick('scale', 'shown', false),
    ].reduce((ticks, change) => change(ticks), FIRST_TICKS)
    const said = partsOf(made)
    expect(said).toEqual({ show: ['sentence', 'pictures', 'axis', 'seed'], hide: ['compare'], lock: ['seed'] })
    const all = partsOf(tickedAll(FIRST_TICKS, true))
    expect(all).toEqual({ show: ['sentence', 'scale', 'pictures', 'controls'], hide: ['compare'], lock: [] })
    // As the page understands it, and what it shows where nothing is said.
    for (const ticks of [FIRST_TICKS, made, tick('compare', 'shown', true)(FIRST_TICKS), tickedAll(made, true)]) {
      const rules = rulesOf({ ...NO_VIEW, embed: true, ...partsOf(ticks) }, null)
      for (const { name } of [...PANELS, ...CONTROL_PARTS]) {
        expect(rules?.of(name), name).toBe(ticks.held.has(name) ? 'held' : ticks.shown.has(name) ? 'shown' : 'hidden')
      }
    }
    expect(partsOf(tickedAll(tickedAll(FIRST_TICKS, true), false))).toEqual(partsOf(FIRST_TICKS))
  })
})

it('Markdown is a link, or a picture that is one, whatever stands in its words', () => {
  const own = { ...shared, hash: 'v=3&class=a(b) c' }
  const link = 'https://site.example/play/#v=3&class=a%28b%29%20c'
  expect(markdownText(own, null)).toBe(String.raw`[PAG, “s” \<1\> & \[more\]](${link})`)
  expect(markdownText(own, { file: 'pag (1).png', alt: 'One *image*' })).toBe(
    String.raw`[![One \*image\*](pag%20%281%29.png)](${link})`,
  )
})

describe('a QR code', () => {
  it('is read as the link that it was made of', async () => {
    const link = linkText(viewed({ at: 3, theme: 'dark', lock: ['seed', 'class'] }))
    const code = qrOf(link)!
    const picture = qrPicture(code)
    expect(decodeQR(picture)).toBe(link)
    expect(await decodePng(await encodePng(picture))).toMatchObject({ width: picture.width })
    expect(code.path.match(/M/g)).toHaveLength(code.modules.flat().filter(Boolean).length)
  })

  it('is not made of more than one holds', () => {
    expect(qrOf('x'.repeat(2953))).not.toBeNull()
    expect(qrOf('x'.repeat(2954))).toBeNull()
  })
})
