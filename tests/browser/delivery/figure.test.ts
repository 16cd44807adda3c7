/** A still figure as a reader's browser shows it: by slider and keys, and by plain buttons where scripts are blocked. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { readModel } from '../../../src/cli/models'
import { figureHtml } from '../../../src/figure'
import { noiseFigure } from '../../support/figure'
import { launch, type Session } from '../harness'

let browser: Session
let html: string
beforeAll(async () => {
  browser = await launch({ webgpu: false, shell: true })
  html = await figureHtml(noiseFigure(readModel('tiny'), { from: 0, to: 3, count: 4 }, {}, { start: 1 }))
})
afterEach(() => browser.reset())
afterAll(() => browser.close())

async function open(options: BrowserContextOptions): Promise<Page> {
  const { page } = await browser.open('about:blank', options)
  await page.setContent(html)
  return page
}

/** The guided picture that is seen, by its words, and what else changes with the value. */
const seen = (page: Page) =>
  Promise.all([
    page.locator('img[alt^="Guided"]:visible').getAttribute('alt'),
    page.locator('.value:visible').innerText(),
    page.locator('.sentence:visible').innerText(),
    page.locator('a:visible').count(),
  ])

test('a slider moves through the values, and canvases show them enlarged as the page does', async () => {
  const page = await open({ viewport: { width: 390, height: 700 } })
  const slider = page.getByRole('slider')
  expect(await slider.getAttribute('aria-valuetext')).toBe('scale s = 1 (w = 2)')
  await slider.press('End')
  expect(await slider.getAttribute('aria-valuetext')).toBe('scale s = 3 (w = 4)')
  const [alt, value, sentence, links] = await seen(page)
  expect(alt).toMatch(/^Guided, PAG, s 3\.00, /)
  expect(value).toMatch(/^scale s = 3 \(w = 4\) · guided changed by \d+ %$/)
  expect(sentence).toMatch(/positive \+ 3\.00 · \(positive − negative\)/)
  expect(links).toBe(1)
  const drawn = await page.locator('canvas').evaluateAll((all) => all.map((one) => (one as HTMLCanvasElement).width))
  expect(drawn).toHaveLength(3)
  expect(Math.min(...drawn)).toBeGreaterThan(100)
  // Nothing is wider than a phone.
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
  browser.expectClean()
})

test('in a frame it tells its height, after each move as well: what it says may take another line', async () => {
  const { page } = await browser.open('about:blank', { viewport: { width: 390, height: 700 } })
  await page.evaluate((text) => {
    const frame = document.createElement('iframe')
    addEventListener('message', ({ data }: MessageEvent<{ readonly height: number }>) => {
      frame.style.height = `${data.height}px`
    })
    frame.style.border = '0'
    frame.srcdoc = text
    document.body.append(frame)
  }, html)
  const frame = page.locator('iframe')
  const inside = frame.contentFrame()
  const lacks = async () => {
    const [given, wanted] = [frame, inside.locator('body')].map((one) =>
      one.evaluate((element) => Math.ceil(element.getBoundingClientRect().height)),
    )
    return (await wanted!) - (await given!)
  }
  await expect.poll(lacks, { timeout: 30_000 }).toBe(0)
  await inside.locator('.k1.value').evaluate((value) => (value.textContent = 'long '.repeat(200)))
  expect(await lacks()).toBeGreaterThan(50)
  for (const key of ['Home', 'ArrowRight']) await inside.getByRole('slider').press(key)
  await expect.poll(lacks, { timeout: 30_000 }).toBe(0)
  browser.expectClean()
})

test('where scripts are blocked, its buttons do the same without one', async () => {
  const page = await open({ javaScriptEnabled: false })
  expect((await seen(page))[0]).toMatch(/^Guided, PAG, s 1\.00, /)
  await page.getByRole('radio', { name: 'scale s = 1 (w = 2)' }).press('ArrowRight')
  expect((await seen(page))[0]).toMatch(/^Guided, PAG, s 2\.00, /)
  expect(await page.locator('img:visible').count()).toBe(3)
  await page.locator('label', { hasText: /^0$/ }).click()
  const [alt, value, sentence] = await seen(page)
  expect(alt).toMatch(/^Guided, PAG, s 0\.00, /)
  expect(value).toMatch(/^scale s = 0 /)
  expect(sentence).toMatch(/positive \+ 0\.00 /)
})
