/** What the engine meets: each failure a sentence and a way on, on a page that still works. */
import { expect, it } from 'vitest'
import { chooseMethod, live, pageSuite, part, settled } from './suite'

const suite = pageSuite()

it.each([
  ['download-failed', 'restart'],
  ['integrity', 'restart'],
  ['worker-died', 'restart'],
  ['not-finite', 'reset-layers'],
])('%s: a sentence, a way on, and a page that still works', async (code, remedy) => {
  const page = await suite.open(`?fail=${code}`)
  const alert = page.getByRole('alert').filter({ has: page.locator(`[data-part="remedy-${remedy}"]`) })
  await alert.waitFor()
  expect(await alert.textContent()).toMatch(/\. \w.*\./)
  await chooseMethod(page, 'seg')
  await page.waitForURL(/method=seg/)
  expect(await part(page, 'method').textContent()).toContain('SEG')
})

it('mends itself after a lost device, saying so meanwhile', async () => {
  const page = await suite.open('?fail=device-lost#v=1&method=pag&seed=3&steps=8')
  const notice = part(page, 'notice')
  await notice.waitFor()
  expect(await notice.textContent()).toContain('The graphics device was lost.')
  await settled(page, { seed: 3 })
  expect(await notice.count()).toBe(0)
})

it('says that storage is full and goes on', async () => {
  const page = await suite.open('?fail=storage-full')
  await part(page, 'notice').waitFor()
  expect(await part(page, 'notice').textContent()).toContain('no room to keep the model')
  await live(page)
  await settled(page, { seed: 1 })
})
