/** How pictures are drawn that are larger than they are: smoothly, or with the edges of their pixels; saved ones as they are; how two are compared, and nine seen. */
import { readFileSync } from 'node:fs'
import { decode } from 'fast-png'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { resample } from '../../../src/core/resample'
import type { Role } from '../../../src/ui/run/run'
import { addStyle, choice, goTo, pageSuite, part, pictures, settled, stagePixels } from './suite'

const suite = pageSuite()

interface Drawn {
  readonly width: number
  readonly height: number
  /** How large it is on the page. */
  readonly side: number
  readonly bytes: Uint8Array
}

async function drawn(page: Page, selector: string): Promise<Drawn> {
  const { bytes, ...rest } = await page
    .locator(`${selector} canvas`)
    .first()
    .evaluate(async (canvas) => {
      if (!(canvas instanceof HTMLCanvasElement)) throw new Error('not a canvas')
      const { width, height } = canvas
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, width, height)
      const reader = new FileReader()
      await new Promise((resolve) => {
        reader.addEventListener('load', resolve)
        reader.readAsDataURL(new Blob([data]))
      })
      return { width, height, side: canvas.getBoundingClientRect().width, bytes: String(reader.result) }
    })
  return { ...rest, bytes: Uint8Array.from(Buffer.from(bytes.slice(bytes.indexOf(',') + 1), 'base64')) }
}

it.each([1, 2])(
  'are enlarged to the pixels of a screen of density %i by Lanczos, at most eight times',
  async (deviceScaleFactor) => {
    const page = await suite.open('#v=2&steps=4', { viewport: { width: 1280, height: 800 }, deviceScaleFactor })
    await settled(page)
    const guided = '[data-part="panel-guided"]'
    const smooth = await drawn(page, guided)
    expect(smooth.width).toBe(Math.min(512, Math.round(smooth.side * deviceScaleFactor)))
    await page.locator('[data-part="edges"]').click()
    const own = await drawn(page, guided)
    expect([own.width, own.height]).toEqual([64, 64])
    const enlarged = resample(own.bytes, own, 4, smooth, new Uint8ClampedArray(4 * smooth.width * smooth.height))
    expect(enlarged.every((byte, i) => byte === smooth.bytes[i])).toBe(true)
    await page.locator('[data-part="edges"]').click()
    expect((await drawn(page, guided)).width).toBe(smooth.width)
  },
)

it('shows a pixel that is pointed at in its own colour, and no smooth edge where single pixels are told of', async () => {
  const page = await suite.open('#v=2&steps=4')
  await settled(page)
  await page.locator('[data-part="equation-pictures"]').focus()
  await page.keyboard.press('ArrowRight')
  const outline = page.locator('[data-part="panel-positive"] span[style*="background"]')
  const colour = await outline.evaluate((element) => getComputedStyle(element).backgroundColor)
  await page.locator('[data-part="edges"]').click()
  const { bytes } = await drawn(page, '[data-part="panel-positive"]')
  const at = 4 * (32 * 64 + 33)
  expect(colour).toBe(`rgb(${bytes.slice(at, at + 3).join(', ')})`)
  await page.locator('[data-part="edges"]').click()
  await page.locator('[data-part="number-clipped"]').click()
  expect((await drawn(page, '[data-part="lens"]')).width).toBe(64)
})

/** As browsers do that guard against fingerprints: what is read back from a canvas is noise. */
function spoil() {
  for (const { prototype } of [CanvasRenderingContext2D, OffscreenCanvasRenderingContext2D]) {
    const { getImageData } = prototype
    prototype.getImageData = function (...rectangle: Parameters<typeof getImageData>) {
      const read = Reflect.apply(getImageData, this, rectangle)
      crypto.getRandomValues(read.data.subarray(0, 65_536))
      return read
    }
  }
  OffscreenCanvas.prototype.convertToBlob = () => Promise.resolve(new Blob(['noise']))
}

it('are saved as they are, pixel by pixel, where a canvas gives nothing back', async () => {
  const { page } = await suite.session.open(undefined, {
    viewport: { width: 1440, height: 900 },
    acceptDownloads: true,
  })
  await page.addInitScript(spoil)
  await page.goto(`${suite.url}#v=2&steps=4`)
  await settled(page)
  await page.locator('[data-part="files"]').click()
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('[data-part="save-png"]').click()])
  const { width, data, channels } = decode(new Uint8Array(readFileSync(await download.path())))
  await page.locator('[data-part="edges"]').click()
  const own = decode(Buffer.from((await stagePixels(page, 'positive')).split(',')[1]!, 'base64'))
  // The first panel: 40 px from the left, 74 px from the top, each pixel eight wide.
  for (const [x, y] of [
    [0, 0],
    [31, 17],
    [32, 40],
    [63, 63],
  ] as const) {
    const pixel = own.channels * (y * own.width + x)
    const colour = Array.from(own.data.subarray(pixel, pixel + 3))
    for (const [right, down] of [
      [0, 0],
      [7, 7],
    ] as const) {
      const at = channels * ((74 + 8 * y + down) * width + 40 + 8 * x + right)
      expect(Array.from(data.subarray(at, at + 3))).toEqual(colour)
    }
  }
})

/** What is seen of the comparison, without the line over it. */
async function seen(page: Page) {
  const { width, data, channels } = decode(await part(page, 'laid').screenshot())
  const height = data.length / channels / width
  return {
    width,
    data: Array.from({ length: height }, (_, y) => data.slice(y * width * channels, (y + 1) * width * channels)),
  }
}

/** Columns of two screenshots that differ, by the share of the width. */
function differing(a: Awaited<ReturnType<typeof seen>>, b: typeof a): Set<number> {
  const channels = a.data[0]!.length / a.width
  return new Set(
    a.data.flatMap((row, y) =>
      Array.from(row.keys())
        .filter((at) => row[at] !== b.data[y]![at])
        .map((at) => Math.floor(at / channels) / a.width),
    ),
  )
}

/** How often React has given the compared pictures' canvases other properties, as it does whenever it renders them. */
const renderings = (page: Page) =>
  part(page, 'laid')
    .locator('canvas')
    .evaluateAll((all) => {
      const key = Object.keys(all[0] ?? {}).find((name) => name.startsWith('__reactProps$'))
      if (key === undefined) throw new Error('not drawn by React')
      const known = ((window as { known?: unknown[] }).known ??= [])
      for (const canvas of all) {
        const props = (canvas as unknown as Record<string, unknown>)[key]
        if (!known.includes(props)) known.push(props)
      }
      return known.length
    })

it('are compared exactly in place: by a line, by holding, and by turns', async () => {
  const page = await suite.open('#v=2&steps=4', { reducedMotion: 'reduce' })
  await settled(page)
  // The canvases then are the pictures, whatever their size on the page.
  await part(page, 'edges').click()
  const [positive, , guided] = await pictures(page)
  await part(page, 'compare-open').click()
  const line = part(page, 'compare').getByRole('slider')
  await line.waitFor()
  const laid = (role: Role) =>
    part(page, `laid-${role}`)
      .locator('canvas')
      .evaluate((canvas) => (canvas instanceof HTMLCanvasElement ? canvas.toDataURL() : ''))
  expect([await laid('positive'), await laid('guided')]).toEqual([positive, guided])
  expect(await part(page, 'laid-guided').boundingBox()).toEqual(await part(page, 'laid-positive').boundingBox())

  await addStyle(page, '[data-part="compare-surface"] { opacity: 0 }')
  const rendered = await renderings(page)
  await page.keyboard.press('End')
  expect(await line.getAttribute('aria-valuetext')).toBe('100 % positive, 0 % guided')
  expect(await renderings(page)).toBe(rendered)
  const first = await seen(page)
  await page.keyboard.press('Home')
  const second = await seen(page)
  expect(differing(first, second).size).toBeGreaterThan(100)
  const box = (await part(page, 'laid').boundingBox())!
  await page.mouse.click(box.x + 0.6 * box.width, box.y + 20)
  expect(await line.getAttribute('aria-valuenow')).toBe('60')
  // A button that was pressed elsewhere and is let go over the picture moves nothing.
  await page.mouse.move(box.x + box.width / 2, box.y - 4)
  await page.mouse.down()
  await page.mouse.move(box.x + 0.3 * box.width, box.y + 20)
  await page.mouse.up()
  expect(await line.getAttribute('aria-valuenow')).toBe('60')
  const cut = await seen(page)
  // Left of the line is the one to the last pixel, and right of it the other.
  expect([...differing(cut, first)].filter((at) => at < 0.595)).toEqual([])
  expect([...differing(cut, second)].filter((at) => at > 0.605)).toEqual([])

  await choice(page, 'compare-way', 'hold').click()
  const isSeen = (role: Role) => page.locator(`[data-part="compare-${role}"][data-seen="true"]`)
  await isSeen('guided').waitFor()
  expect(await isSeen('positive').count()).toBe(0)
  await page.keyboard.down('x')
  await isSeen('positive').waitFor()
  expect(differing(await seen(page), first).size).toBe(0)
  expect(await isSeen('guided').count()).toBe(0)
  await page.keyboard.up('x')
  await isSeen('guided').waitFor()
  expect(differing(await seen(page), second).size).toBe(0)
  await part(page, 'seed').press('x')
  expect(await isSeen('positive').count()).toBe(0)
  await page.mouse.move(box.x + 40, box.y + 40)
  await page.mouse.down()
  await isSeen('positive').waitFor()
  await page.mouse.up()
  await isSeen('guided').waitFor()
  // Closed while it is held, it is opened again as it rests; under another room the key is that room's.
  await page.keyboard.down('x')
  await isSeen('positive').waitFor()
  await page.keyboard.press('Escape')
  await part(page, 'panel-guided').waitFor()
  await page.keyboard.up('x')
  await part(page, 'compare-open').click()
  await isSeen('guided').waitFor()
  expect(await isSeen('positive').count()).toBe(0)
  await goTo(page, '#room=measured&v=2&steps=4')
  await part(page, 'all-methods').waitFor()
  await page.keyboard.down('x')
  expect(await isSeen('positive').count()).toBe(0)
  await page.keyboard.up('x')
  await page.goBack()
  await part(page, 'laid').waitFor()

  // Where motion is not wanted it waits to be asked.
  await choice(page, 'compare-way', 'blink').click()
  expect(await part(page, 'compare-blink').textContent()).toBe('Start blinking')
  await part(page, 'compare-blink').click()
  await isSeen('positive').waitFor()
  await isSeen('guided').waitFor()
  await goTo(page, '#room=measured&v=2&steps=4')
  await part(page, 'all-methods').waitFor()
  const turns = await part(page, 'compare-guided').evaluate(async (label) => {
    const seen = new Set<string | null>()
    // Longer than a turn.
    for (const end = performance.now() + 1200; performance.now() < end;) {
      seen.add(label.getAttribute('data-seen'))
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    return seen.size
  })
  expect(turns).toBe(1)
  await page.goBack()
  await part(page, 'compare-blink').click()
  expect(await part(page, 'compare-blink').textContent()).toBe('Start blinking')

  // The step under the playhead is the one that is compared.
  await part(page, 'playhead').press('PageDown')
  const early = await laid('guided')
  expect(early).not.toBe(guided)
  await choice(page, 'compare-pair', 'negative-positive').press('Escape')
  await part(page, 'panel-guided').waitFor()
  expect(await stagePixels(page, 'guided')).toBe(early)
  expect(await page.evaluate(() => document.activeElement?.getAttribute('data-part'))).toBe('compare-open')

  // Of equal pictures nothing differs, wherever the line is.
  await goTo(page, '#v=2&steps=4&scale=0')
  await settled(page, { scale: 0 })
  await part(page, 'playhead').press('End')
  await part(page, 'compare-open').click()
  await choice(page, 'compare-way', 'wipe').click()
  const half = await seen(page)
  await line.press('Home')
  expect(differing(half, await seen(page)).size).toBe(0)
  expect(await part(page, 'compare-difference').textContent()).toBe('The guided equals the positive.')
})

it('are one or nine at a click, of which a further click makes one the large one', async () => {
  const page = await suite.open('#v=2&steps=4')
  await settled(page)
  await part(page, 'edges').click()
  const canvases = (role: Role) =>
    part(page, `panel-${role}`)
      .locator('canvas')
      .evaluateAll((all) => all.map((canvas) => (canvas instanceof HTMLCanvasElement ? canvas.toDataURL() : '')))
  const one = await canvases('guided')
  await part(page, 'nine').click()
  await page.waitForURL(/samples=9/)
  await settled(page)
  const nine = await canvases('guided')
  expect(nine).toHaveLength(9)
  expect(nine[0]).toBe(one[0])
  await page.getByRole('button', { name: 'Sample 5, guided' }).click()
  expect(await canvases('guided')).toEqual([nine[4]])
  expect(page.url()).toContain('samples=9')
  await part(page, 'image-alone').click()
  await page.waitForURL(/image=4/)
  await settled(page)
  expect(page.url()).not.toContain('samples=')
  expect(await canvases('guided')).toEqual([nine[4]])
  await page.goBack()
  await settled(page)
  await part(page, 'samples-all').click()
  expect(await canvases('guided')).toEqual(nine)
  await part(page, 'compare-open').click()
  await part(page, 'laid-guided').waitFor()
  expect(await part(page, 'laid-guided').locator('canvas').count()).toBe(9)
  await part(page, 'compare-close').click()
  await part(page, 'nine').click()
  await settled(page)
  expect(page.url()).not.toContain('samples=')
  expect(await canvases('guided')).toEqual(one)
  await page.goBack()
  await settled(page)
  expect(await canvases('guided')).toEqual(nine)
  await page.goBack()
  await settled(page)
  expect(await canvases('guided')).toEqual(one)
})
