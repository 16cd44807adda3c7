/** Attention layers: picked in the drawing, perturbed in all heads or one, and what becomes of a map. */
import { expect, it } from 'vitest'
import { choice, pageSuite, part, settled } from './suite'

const suite = pageSuite()
const at = suite.shared()

it('picks a range with shift, a stage by its name, and says what none means', async () => {
  const page = await at('#v=2&method=pag')
  await choice(page, 'layer-sets', 'none').click()
  await part(page, 'no-layers').waitFor()
  await page.locator('[data-layer="2"]').click()
  await page.locator('[data-layer="4"]').click({ modifiers: ['Shift'] })
  expect(await part(page, 'layer-count').textContent()).toBe('3 of 7')
  await choice(page, 'layer-sets', 'decoder').click()
  expect(page.url()).toContain('layers=4_5_6')
})

it('are perturbed in all heads or in one, of those that they have', async () => {
  const page = await at('#v=2&method=pag&layers=0')
  const head = part(page, 'head')
  const heads = () =>
    head.locator('option').evaluateAll((options) => options.map((option) => option.getAttribute('value')))
  expect(await heads()).toEqual(['-1', '0', '1', '2'])
  await head.selectOption('2')
  await page.waitForURL(/[&#]head=2/)
  await choice(page, 'layer-sets', 'middle').click()
  await head.locator('option[value="5"]').waitFor({ state: 'attached' })
})

it('shows what the perturbation does to one map', async () => {
  const page = await at('#v=1&method=pag&layers=0')
  await page.locator('[data-layer="3"]').click()
  await settled(page)
  const bits = part(page, 'bits')
  await bits.nth(1).waitFor()
  expect(await bits.nth(1).textContent()).toBe('0.00 bits')
  const token = part(page, 'token')
  await token.press('ArrowLeft')
  expect(await token.getAttribute('aria-label')).toContain('column 4, row 5 of 8 by 8')
})

it('gives each negative its own map and kernel', async () => {
  const page = await suite.open('#v=2&method=pag&layers=0&stack=seg:scale=0.5')
  await settled(page, { stack: 'seg' })
  await page.locator('[data-layer="0"]:not([data-term] *)').click()
  await page.getByText('0.00 bits').waitFor()
  await part(page, 'term-settings', 1).click()
  await part(page, 'kernel', 1).waitFor()
  expect(await part(page, 'kernel', 1).textContent()).toMatch(/16×16/)
  await page.locator('[data-term="1"] [data-layer="6"]').click()
  // The first leaves this layer alone. Its own map closes: one layer of one negative is looked into at a time.
  await part(page, 'map', 1).getByText('0.00 bits').waitFor()
  expect(await page.getByText('0.00 bits').count()).toBe(1)
  expect(await page.locator('[data-part="token"]').count()).toBe(1)
})
