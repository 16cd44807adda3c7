/** Parts of the page that are fetched later, over a connection that is cut at first. */
import { expect, it } from 'vitest'
import { pageSuite, settled } from './suite'

const site = pageSuite()

it('a method’s card that can’t be fetched says so beside the other controls, and comes when asked again', async () => {
  const { page, allow } = await site.watch('icon.svg')
  // The picture that the test begins at asks for an icon of its own.
  allow(/MethodDetails|dynamically imported|favicon/)
  let cut = true
  await page.route(/assets\/MethodDetails-[^/]*\.js/, (route) => (cut ? route.abort() : route.continue()))
  await page.goto(site.url)
  // A new run tries again by itself, so the last one has to be there.
  await settled(page)
  const failed = page.locator('aside [data-part="region-failed"]')
  await failed.waitFor()
  expect(await page.getByLabel('Class').isVisible()).toBe(true)
  cut = false
  await failed.locator('[data-part="region-again"]').click()
  await page.locator('aside .katex').first().waitFor()
  expect(await failed.count()).toBe(0)
})
