/** The link holds everything: copied, walked back and forth, made elsewhere, or broken. */
import { expect, it } from 'vitest'
import { parts } from '../../../src/settings/parts'
import { chooseMethod, description, goTo, live, pageSuite, part, settled, stagePixels } from './suite'

const suite = pageSuite()

it('holds everything: a copied link opens the same images; back and forward walk the changes', async () => {
  const page = await suite.open()
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await settled(page)
  await chooseMethod(page, 'seg')
  await settled(page, { method: 'seg', seed: 1 })
  const first = await description(page)
  await part(page, 'next-seed').click()
  await settled(page, { seed: 2 })
  await page.locator('[data-layer="3"]').click()
  await page.waitForURL(/layers=/)
  await settled(page)
  const words = await description(page)
  await part(page, 'to-share').click()
  await part(page, 'copy-link').click()
  await part(page, 'share-dialog').getByText('Copied.').waitFor()
  const link = await page.evaluate(() => navigator.clipboard.readText())
  const guided = await stagePixels(page, 'guided')
  const digest = await part(page, 'stage').getAttribute('data-digests')
  expect(digest).toMatch(/^[0-9a-f]{64}$/)

  const other = await suite.open(link.slice(suite.url.length))
  await settled(other)
  expect(await description(other)).toBe(words)
  expect(await stagePixels(other, 'guided')).toBe(guided)
  expect(await part(other, 'stage').getAttribute('data-digests')).toBe(digest)

  await page.goBack()
  await settled(page, { seed: 2 })
  expect(await description(page)).not.toBe(words)
  await page.goBack()
  await settled(page, { seed: 1 })
  expect(await description(page)).toBe(first)
  await page.goForward()
  await settled(page, { seed: 2 })
})

it('closes a dialog with its room: Back leads to one that can be used', async () => {
  const page = await suite.open('#room=learn')
  await part(page, 'lesson-link').first().waitFor()
  await goTo(page, '#v=2&steps=4')
  await settled(page)
  await part(page, 'to-share').click()
  await part(page, 'share-dialog').waitFor()
  await page.goBack()
  // A press that another dialog's backdrop would catch.
  await part(page, 'lesson-address').click({ timeout: 10_000 })
  await page.goForward()
  await settled(page)
  expect(await part(page, 'share-dialog').count()).toBe(0)
})

it('says that a link was made with other weights, and follows it', async () => {
  const page = await suite.open('#v=1&method=pag&seed=5&weights=00000000')
  const notice = part(page, 'notice')
  expect(await notice.textContent()).toContain('made with other weights')
  expect(await notice.count()).toBe(1)
  await settled(page, { seed: 5 })
  await notice.locator('[data-part="dismiss"]').click()
  expect(await notice.count()).toBe(0)
})

it('opens a broken link with defaults and says which part was not understood', async () => {
  const page = await suite.open('#v=1&method=pag&scale=many&seed=7')
  const notice = part(page, 'notice')
  expect(await notice.textContent()).toContain('scale must be a number, not "many"')
  await live(page)
  const fresh = await suite.open()
  await settled(fresh, { method: 'pag' })
  const scale = Number(await part(fresh, 'stage').getAttribute('data-scale'))
  await settled(page, { seed: 7, scale })
  await notice.locator('[data-part="dismiss"]').click()
  await notice.waitFor({ state: 'detached' })
})

it('shows each control that an address shows alone, within what stands around it', async () => {
  const page = await suite.open()
  await settled(page)
  for (const { name } of parts.filter(({ within }) => within === 'controls')) {
    await goTo(page, `#v=3&method=pag&embed=1&show=${name}`)
    await expect.poll(() => page.locator('h2').count(), { message: `headings over ${name}` }).toBe(1)
  }
  await goTo(page, '#v=3&method=pag&embed=1&show=measured')
  await part(page, 'measured').waitFor({ timeout: 10_000 })
})
