/** A region that cannot be drawn says so and offers the ways on, while the others go on; nothing that goes wrong is silent. */
import { expect, it } from 'vitest'
import { chooseMethod, live, pageSuite, settled } from './suite'

const suite = pageSuite()
const FAILED = '[data-part="region-failed"]'

it('keeps the other regions and the link, and each way on leads on', async () => {
  const watched = await suite.watch('?unreadable=seg#v=2&method=pag&seed=3&steps=4')
  const { page } = watched
  // React reports what a region caught.
  watched.allow(/these samples can’t be read/)
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await live(page)
  await settled(page)
  expect(await page.locator(FAILED).count()).toBe(0)

  await chooseMethod(page, 'seg')
  const axis = page.locator(FAILED).last()
  await axis.getByText('The noise axis could not be drawn: these samples can’t be read.').waitFor()
  expect(await page.locator(FAILED).count()).toBeGreaterThan(1)
  expect(page.url()).toContain('method=seg')

  await axis.locator('[data-part="region-link"]').click()
  expect(new URL(await page.evaluate(() => navigator.clipboard.readText())).href).toBe(page.url())
  // The same again, since the run is the same.
  await axis.locator('[data-part="region-again"]').click()
  await axis.waitFor()

  await axis.locator('[data-part="region-reset"]').click()
  await settled(page, { method: 'pag' })
  await page.locator(FAILED).first().waitFor({ state: 'detached' })
  expect(page.url()).not.toContain('seed=3')

  // So does going back, first to what failed and then to what did not.
  await page.goBack()
  await page.locator(FAILED).first().waitFor()
  await page.goBack()
  await page.locator(FAILED).first().waitFor({ state: 'detached' })
  await settled(page, { seed: 3 })
})

it('says what nothing else caught', async () => {
  const watched = await suite.watch('#v=2&steps=4')
  const { page } = watched
  watched.allow(/thrown on purpose/)
  await live(page)
  await page.evaluate(() => void setTimeout(() => Promise.reject(new Error('thrown on purpose.'))))
  const told = page.locator('main').getByText('Something on the page went wrong: thrown on purpose.')
  await told.waitFor()
  expect(await told.count()).toBe(1)
})
