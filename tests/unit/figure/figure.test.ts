/** Still figures as files: what is in them, what they say, and that nothing of them lies elsewhere. */
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { resample } from '../../../src/core/resample'
import { FigureError, figureHtml, MOST_BYTES } from '../../../src/figure'
import { RESAMPLE } from '../../../src/figure/script'
import { decodePng } from '../../../src/storage/png'
import { decodeLink, hashOf, sameSettings } from '../../../src/settings'
import { readModel } from '../../../src/cli/models'
import { toByte } from '../../../src/core/image'
import { noiseFigure } from '../../support/figure'

const avatars = readModel('avatars')
const tiny = readModel('tiny')
const range = { from: 0, to: 3, count: 4 }

const unescaped = (text: string) => text.replaceAll('&amp;', '&').replaceAll('&#39;', "'")
const imagesOf = (html: string) =>
  [...html.matchAll(/<img class="([^"]*)" width="(\d+)" height="\d+" alt="([^"]*)" src="([^"]*)">/g)].map(
    ([, classes = '', width, alt = '', src = '']) => ({ classes, width: Number(width), alt, src }),
  )

describe('a figure', () => {
  it('of nine values of the pictures that people see takes less than half of what it may', async () => {
    const html = await figureHtml(noiseFigure(avatars, { from: 0, to: 3, count: 9 }))
    expect(html.length).toBeLessThan(MOST_BYTES / 2)
  })

  it('that would be larger is refused, with how many values there may be', async () => {
    const figure = noiseFigure(avatars, { from: 0, to: 3, count: 3 }, { samples: 9 })
    const refused = await figureHtml(figure).then(
      () => null,
      (error: unknown) => error,
    )
    expect(refused).toBeInstanceOf(FigureError)
    const fewer = Number(/choose about (\d+) values, or fewer samples/.exec(String(refused))?.[1])
    expect(fewer).toBeGreaterThan(0)
    expect(fewer).toBeLessThan(3)
  })

  it('holds each picture once, exact, and says each in words', async () => {
    const figure = noiseFigure(tiny, range)
    const images = imagesOf(await figureHtml(figure))
    // The positive and the negative are the same at every scale.
    expect(images.map(({ classes }) => classes)).toEqual(['', '', 'k k0', 'k k1', 'k k2', 'k k3'])
    expect(images[0]?.alt).toMatch(/^Positive, the network without guidance: /)
    expect(images[1]?.alt).toMatch(/^Negative, PAG on all \d+ attention layers: /)
    expect(images[4]?.alt).toMatch(/^Guided, PAG, s 2.00, .* It differs from the positive by \d+ % /)
    const bytes = Buffer.from(images[4]!.src.replace('data:image/png;base64,', ''), 'base64')
    const { width, data } = await decodePng(new Uint8Array(bytes))
    expect(width).toBe(tiny.image.width)
    const guided = figure.stops[2]!.final[0]!.guided
    const area = tiny.image.width * tiny.image.height
    for (const [at, channel] of [
      [0, 0],
      [17, 1],
      [area - 1, 2],
    ] as const)
      expect(data[3 * at + channel]).toBe(toByte(guided[channel * area + at]!))
  })

  it('lays several samples in a square, and tells the slider’s script', async () => {
    const figure = noiseFigure(tiny, range, { samples: 3 })
    const html = await figureHtml(figure)
    expect(html).toContain('data-columns="2" data-rows="2"')
    const [first] = imagesOf(html)
    const bytes = Buffer.from(first!.src.replace('data:image/png;base64,', ''), 'base64')
    const { width, data } = await decodePng(new Uint8Array(bytes))
    const { width: across, height: down } = tiny.image
    expect([first?.width, width]).toEqual([2 * across, 2 * across])
    // Row by row, and white where there is no fourth.
    const red = [0, across, down * width, down * width + across].map((at) => data[3 * at])
    expect(red).toEqual([...figure.stops[0]!.final.map(({ positive }) => toByte(positive![0]!)), 255])
  })

  it('links each value to the live page', async () => {
    const figure = noiseFigure(tiny, range)
    const links = [...(await figureHtml(figure)).matchAll(/<a class="(\w+ \w+)" href="([^"]*)"/g)]
    expect(links.map(([, classes]) => classes)).toEqual(['k k0', 'k k1', 'k k2', 'k k3'])
    links.forEach(([, , href = ''], index) => {
      expect(href).toMatch(/^https:\/\/example\.org\/play\/#/)
      const { settings, problems } = decodeLink(hashOf(unescaped(href)), tiny)
      expect(problems).toEqual([])
      expect(sameSettings(settings, figure.stops[index]!.settings)).toBe(true)
    })
    expect(await figureHtml({ ...figure, page: null })).not.toContain('<a ')
  })

  it('fetches nothing, and runs nothing but its own script', async () => {
    const html = await figureHtml(noiseFigure(tiny, range))
    const addresses = [...html.matchAll(/(?:src|href|url\()="?([^">)]*)/g)].map(([, address = '']) => address)
    expect(addresses.length).toBeGreaterThan(6)
    const outside = addresses.filter((address) => !address.startsWith('data:image/png;base64,'))
    expect(outside.every((address) => address.startsWith('https://example.org/play/#'))).toBe(true)
    const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(html)!
    expect(policy).toMatch(/^default-src 'none'; /)
    for (const tag of ['style', 'script']) {
      const [, text = ''] = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(html)!
      const digest = createHash('sha256').update(text).digest('base64')
      expect(policy).toContain(`${tag}-src 'sha256-${digest}'`)
    }
    expect(html).not.toMatch(/ style=| on\w+="/)
  })

  it('writes a title of anybody as text', async () => {
    const html = await figureHtml(noiseFigure(tiny, range, {}, { title: '<script>alert("1")</script> & more' }))
    expect(html).toContain('<h1>&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; more</h1>')
    expect(html.match(/<script>/g)).toHaveLength(1)
  })

  it('opens with one value chosen, and names them all', async () => {
    const html = await figureHtml(noiseFigure(tiny, range, {}, { start: 2 }))
    const stops = [
      ...html.matchAll(/<input class="stop" type="radio" name="at" id="at\d" aria-label="([^"]*)"( checked)?>/g),
    ]
    expect(stops.map(([, label]) => label)).toEqual([
      'scale s = 0 (w = 1)',
      'scale s = 1 (w = 2)',
      'scale s = 2 (w = 3)',
      'scale s = 3 (w = 4)',
    ])
    expect(stops.findIndex(([, , checked]) => checked)).toBe(2)
  })
})

describe('its script', () => {
  it.each([
    ['enlarges', 5, 7, 23, 16],
    ['shrinks', 16, 9, 5, 4],
  ])('%s as the page does', (_, width, height, toWidth, toHeight) => {
    const rgba = Uint8ClampedArray.from({ length: 4 * width * height }, (__, i) => (i * 97 + 31 * (i % 7)) % 256)
    // eslint-disable-next-line no-new-func
    const own = new Function(`${RESAMPLE}; return resample`)() as (...given: unknown[]) => Uint8ClampedArray
    const [from, to] = [
      { width, height },
      { width: toWidth, height: toHeight },
    ]
    const wanted = resample(rgba, from, 4, to, new Uint8ClampedArray(4 * toWidth * toHeight))
    const drawn = own(rgba, width, height, toWidth, toHeight)
    expect(drawn).toHaveLength(wanted.length)
    // One holds its weights in 32 bits, the other in 64: a byte may round the other way.
    expect(Math.max(...drawn.map((byte, i) => Math.abs(byte - wanted[i]!)))).toBeLessThanOrEqual(1)
  })
})
