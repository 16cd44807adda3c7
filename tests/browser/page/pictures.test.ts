/** How pictures are drawn that are larger than they are: smoothly, or with the edges of their pixels; saved ones as they are. */
import { readFileSync } from 'node:fs'
import { decode } from 'fast-png'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { resample } from '../../../src/core/resample'
import { pageSuite, settled } from './suite'

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

it('are saved as they are, pixel by pixel', async () => {
  const page = await suite.open('#v=2&steps=4')
  await settled(page)
  await page.locator('[data-part="files"]').click()
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('[data-part="save-png"]').click()])
  const { width, data, channels } = decode(new Uint8Array(readFileSync(await download.path())))
  await page.locator('[data-part="edges"]').click()
  const own = await drawn(page, '[data-part="panel-positive"]')
  // The first panel: 40 px from the left, 74 px from the top, each pixel eight wide.
  for (const [x, y] of [
    [0, 0],
    [31, 17],
    [32, 40],
    [63, 63],
  ] as const) {
    const colour = Array.from(own.bytes.slice(4 * (y * 64 + x), 4 * (y * 64 + x) + 3))
    for (const [right, down] of [
      [0, 0],
      [7, 7],
    ] as const) {
      const at = channels * ((74 + 8 * y + down) * width + 40 + 8 * x + right)
      expect(Array.from(data.subarray(at, at + 3))).toEqual(colour)
    }
  }
})
