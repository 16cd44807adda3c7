/** Where things stand: on a phone, presented, in the theme that was chosen, on paper, and where colours are forced. */
import { decode } from 'fast-png'
import type { Locator } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { chosen, choice, live, pageSuite, part, slider } from './suite'

const suite = pageSuite()

it('keeps the pictures in view on a phone while the controls scroll', async () => {
  const page = await suite.open('', { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true })
  await live(page)
  // Safari would enlarge the page for a field of smaller text.
  const sizes = await page
    .locator('input, select, textarea')
    .evaluateAll((fields) => fields.map((field) => Number.parseFloat(getComputedStyle(field).fontSize)))
  expect(sizes.length).toBeGreaterThan(5)
  expect(Math.min(...sizes)).toBeGreaterThanOrEqual(16)
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight))
  const box = await part(page, 'stage').boundingBox()
  expect(box!.y).toBeGreaterThanOrEqual(0)
  expect(box!.y + box!.height).toBeLessThan(300)
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
})

describe('one page at several sizes', () => {
  const at = suite.shared()
  it.each([
    [1280, 720],
    [1440, 900],
    [1920, 1080],
  ])(
    'at %i × %i the equation is in view with the pictures, and nothing runs into the slider',
    async (width, height) => {
      const page = await at()
      await page.setViewportSize({ width, height })
      const box = async (name: string) => (await part(page, name).boundingBox())!
      const [guided, sentence, scale, equation] = [
        await box('panel-guided'),
        await page.getByRole('heading', { level: 1 }).boundingBox(),
        await box('push'),
        await box('equation-pictures'),
      ]
      expect(guided.width).toBeGreaterThan(width / 6)
      expect(sentence!.x + sentence!.width).toBeLessThanOrEqual(scale.x)
      const axis = await page.locator('[data-part="axis"]').boundingBox()
      expect(equation.y + equation.height).toBeLessThanOrEqual(axis!.y + 2)
      // The columns scroll, and the page does not: it would end in nothing.
      expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBe(height)
    },
  )
})

/** In CSS pixels, of what is seen as text. */
function smallestText(): number {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const sizes: number[] = []
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement
    const seen = texts.currentNode.textContent?.trim() !== '' && element?.checkVisibility({ visibilityProperty: true })
    if (element && seen && element.getBoundingClientRect().width > 1)
      sizes.push(Number.parseFloat(getComputedStyle(element).fontSize))
  }
  return Math.min(...sizes)
}

it('folds the controls away to present, and the pictures grow', async () => {
  const page = await suite.open('', { viewport: { width: 1920, height: 1080 } })
  await live(page)
  const width = async () => (await part(page, 'panel-positive').boundingBox())!.width
  const before = await width()
  await part(page, 'present').click()
  await part(page, 'present-leave').waitFor()
  expect(await width()).toBeGreaterThan(1.2 * before)
  // A projector of a classroom; a reload keeps it, and the link says so.
  await page.setViewportSize({ width: 1280, height: 720 })
  await page.reload()
  await live(page)
  expect(page.url()).toContain('present=1')
  expect(await width()).toBeGreaterThan(370)
  const [sentence, scale] = [await page.locator('h1').boundingBox(), await part(page, 'push').boundingBox()]
  expect(sentence!.x + sentence!.width).toBeLessThanOrEqual(scale!.x)
  expect(await page.evaluate(smallestText)).toBeGreaterThanOrEqual(18)
  await page.keyboard.press('h')
  await page.locator('[data-covered="true"]').waitFor()
  await page.keyboard.press('r')
  await page.locator('[data-covered="false"]').waitFor()
  await page.keyboard.press('?')
  await part(page, 'present-help').waitFor()
  await page.keyboard.press('Escape')
  // While it closes, the help takes the key.
  await part(page, 'present-help').waitFor({ state: 'detached' })
  await page.keyboard.press('Escape')
  await part(page, 'class').waitFor()
  expect(page.url()).not.toContain('present=1')
})

it('leaves no void beside a lesson before an audience: the guided picture takes what height is left', async () => {
  const page = await suite.open('#present=1&lesson=positive-and-negative&page=2', {
    viewport: { width: 1280, height: 720 },
  })
  await live(page)
  await part(page, 'lesson-place').waitFor()
  const box = async (name: string) => (await part(page, name).boundingBox())!
  const [positive, negative, guided] = [
    await box('panel-positive'),
    await box('panel-negative'),
    await box('panel-guided'),
  ]
  expect(guided.width).toBeGreaterThan(480)
  expect(guided.x).toBeGreaterThan(positive.x + positive.width)
  expect(negative.y).toBeGreaterThanOrEqual(positive.y + positive.height)
  // Whole, with nothing to scroll to.
  const main = page.locator('main')
  expect(await main.evaluate(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight)).toBe(0)
  expect(await page.evaluate(smallestText)).toBeGreaterThanOrEqual(18)
})

/** What is seen at shares of an element's width and height. */
async function colours(element: Locator, ...places: readonly (readonly [number, number])[]): Promise<string[]> {
  const { width, height, channels, data } = decode(await element.screenshot())
  return places.map(([x, y]) => {
    const at = channels * (Math.floor(y * height) * width + Math.floor(x * width))
    return data.subarray(at, at + 3).join()
  })
}

it('keeps the chosen theme, is ink on white on paper, and loses nothing that is drawn where colours are forced', async () => {
  const page = await suite.open()
  const theme = part(page, 'theme')
  await theme.click()
  await theme.click()
  expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark')
  await page.reload()
  await theme.waitFor()
  expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark')
  expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(17, 19, 21)')

  await live(page)
  await page.emulateMedia({ media: 'print' })
  expect(await page.evaluate(() => getComputedStyle(document.body).color)).toBe('rgb(21, 23, 26)')
  // Nothing scrolls there, and nothing lies over the rest.
  const ways = await page
    .locator('main, main *, aside, div:has(> [data-part="axis"])')
    .locator('visible=true')
    .evaluateAll(
      (all) =>
        all
          .map((element) => getComputedStyle(element))
          .filter(({ overflowY, position }) => /auto|scroll/.test(overflowY) || /fixed|sticky/.test(position)).length,
    )
  expect(ways).toBe(0)
  // What the settings are and where they are found stands in the controls' place, as long as it is printed.
  await page.waitForFunction(() => {
    window.dispatchEvent(new Event('beforeprint'))
    return document.querySelector('[data-part="paper"]')
  })
  expect(
    await page.locator('aside, button, input, [role="slider"], [role="group"]').locator('visible=true').count(),
  ).toBe(0)
  expect(
    await page
      .locator('[data-part="stage"] canvas, [data-part="equation-pictures"] canvas')
      .locator('visible=true')
      .count(),
  ).toBeGreaterThan(6)
  expect(await part(page, 'paper').innerText()).toContain('seed 1')
  expect(await part(page, 'paper').getByRole('link').innerText()).toMatch(/^http.*#v=.*&steps=4&/)
  await page.evaluate(() => window.dispatchEvent(new Event('afterprint')))
  await part(page, 'paper').waitFor({ state: 'detached' })

  await page.emulateMedia({ media: 'screen', forcedColors: 'active' })
  const differ = async (seen: Promise<string[]>) => expect(new Set(await seen).size).toBe(2)
  await differ(colours(part(page, 'playhead'), [0.5, 0.3], [0.1, 0.3]))
  await differ(colours(part(page, 'window-edge-upper'), [0.5, 0.5], [0.9, 0.1]))
  await differ(colours(page.getByRole('switch').first(), [0.3, 0.5], [0.7, 0.5]))
  await differ(colours(slider(page, 'scale').locator('../../..'), [0.02, 0.5], [0.02, 0.05]))
  const plot = (await chosen(page, 'plots'))!
  const [pressed] = await colours(choice(page, 'plots', plot), [0.5, 0.1])
  const [other] = await colours(part(page, 'plots').locator('[aria-pressed="false"]').first(), [0.5, 0.1])
  expect(pressed).not.toBe(other)
})
