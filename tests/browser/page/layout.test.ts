/** Where things stand: on a phone, presented, and in the theme that was chosen. */
import { expect, it } from 'vitest'
import { live, pageSuite, part } from './suite'

const suite = pageSuite()

it('keeps the pictures in view on a phone while the controls scroll', async () => {
  const page = await suite.open('', { viewport: { width: 390, height: 844 } })
  await live(page)
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight))
  const box = await part(page, 'stage').boundingBox()
  expect(box!.y).toBeGreaterThanOrEqual(0)
  expect(box!.y + box!.height).toBeLessThan(300)
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
})

it.each([
  [1280, 720],
  [1440, 900],
  [1920, 1080],
])('at %i × %i the equation is in view with the pictures, and nothing runs into the slider', async (width, height) => {
  const page = await suite.open('', { viewport: { width, height } })
  await live(page)
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
})

it('folds the controls away to present, and the pictures grow', async () => {
  const page = await suite.open('', { viewport: { width: 1920, height: 1080 } })
  await live(page)
  const width = async () => (await part(page, 'panel-positive').boundingBox())!.width
  const before = await width()
  await part(page, 'present').click()
  expect(await width()).toBeGreaterThan(1.2 * before)
  await part(page, 'present').click()
  await part(page, 'class').waitFor()
})

it('keeps the chosen theme', async () => {
  const page = await suite.open()
  const theme = part(page, 'theme')
  await theme.click()
  await theme.click()
  expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark')
  await page.reload()
  await theme.waitFor()
  expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark')
  expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(17, 19, 21)')
})
