/** Addresses: rooms, models, and Back between them. */
import { expect, it } from 'vitest'
import { live, pageSuite, part, settled } from './suite'

const site = pageSuite()

it('says that there is no such room, and opens the playground with what the address says', async () => {
  const page = await site.open('#room=cellar&seed=5')
  await live(page)
  await part(page, 'notice').getByText('no room “cellar”').waitFor()
  expect(await part(page, 'seed').inputValue()).toBe('5')
  // The next link is the playground's own, as it always was.
  await part(page, 'next-seed').click()
  await page.waitForURL(/[#&]seed=6/)
  expect(page.url()).not.toContain('room=')
})

it('goes to another family of models without leaving the page, and Back returns to what was there', async () => {
  const page = await site.open('#v=2&method=pag&class=7&seed=5')
  await settled(page)
  await page.evaluate(() => Object.assign(window, { stayed: true }))
  const models = part(page, 'model')
  await models.selectOption('shapes')
  await page.waitForURL(/model=shapes/)
  await settled(page)
  // Three classes, and any of them.
  expect(await part(page, 'class').getByRole('option').count()).toBe(4)
  await page.goBack()
  await settled(page)
  expect(await models.inputValue()).toBe('avatars')
  expect(await part(page, 'class').inputValue()).toBe('7')
  expect(await page.evaluate(() => 'stayed' in window)).toBe(true)
})
