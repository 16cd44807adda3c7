/** Methods: chosen, fetched, described, measured, combined, added up, compared, and given a file of one's own. */
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { choice, chooseMethod, goTo, pageSuite, part, settled, slider, stagePixels } from './suite'

const suite = pageSuite()

describe('a method', () => {
  const at = suite.shared()

  it('is chosen by typing, with the reason of those that can’t run, and what they would fetch', async () => {
    const page = await suite.open('#v=2&method=pag&network=dropout&class=none')
    await settled(page)
    await part(page, 'method').press('Enter')
    const cfg = page.locator('[data-method="cfg"][role="option"]')
    await cfg.waitFor()
    expect(await cfg.getAttribute('aria-disabled')).toBe('true')
    expect(await cfg.textContent()).toContain('Choose a class')
    const autoguidance = page.locator('[data-method="autoguidance"][role="option"]')
    expect(await autoguidance.textContent()).toContain('needs 12.5 MB more')
    await page.keyboard.type('seg')
    await page.keyboard.press('Enter')
    await settled(page, { method: 'seg' })
    // The focus is back where it came from.
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-part'))).toBe('method')
  })

  it('comes with a chosen seed of each class, says so, and never replaces the person’s own', async () => {
    const page = await at('#steps=16')
    const origin = part(page, 'seed-origin')
    const back = part(page, 'choose-seed')
    const how = part(page, 'seed-how')
    await how.click()
    // Of this class, of all, and what it was chosen from.
    for (const figure of ['50\u00a0%', '40\u00a0%', '20\u00a0%', '100'])
      expect(await origin.textContent()).toContain(figure)
    await page.keyboard.press('Escape')
    expect(await back.count()).toBe(0)
    await part(page, 'class').selectOption('3')
    await settled(page, { seed: 31 })
    expect(await back.count()).toBe(0)
    await slider(page, 'scale').press('PageUp')
    await settled(page)
    await how.click()
    expect(await origin.textContent()).not.toContain('50\u00a0%')
    await page.keyboard.press('Escape')
    await part(page, 'next-seed').click()
    await settled(page, { seed: 1 })
    await part(page, 'class').selectOption('4')
    await settled(page, { seed: 1 })
    await back.click()
    await settled(page, { seed: 41 })
    expect(await back.count()).toBe(0)
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-part'))).toBe('next-seed')
  })

  it('says which choice each side makes', async () => {
    const page = await at('#v=2&method=cfg')
    const rows = await part(page, 'pair').locator('tbody tr').allTextContents()
    expect(rows.find((row) => row.startsWith('Asked for'))).toContain('any image')
    expect(rows.find((row) => row.startsWith('Network'))).toContain('the same')
  })

  it('shows the sum only where two predictions are added', async () => {
    const sum = (page: Page) => page.locator('annotation', { hasText: 'D = D^{+} + ' })
    const page = await at('#v=2&method=pag')
    await sum(page).waitFor({ state: 'attached' })
    await at('#v=2&method=nag')
    await page
      .locator('annotation', { hasText: String.raw`\tilde Z` })
      .first()
      .waitFor({ state: 'attached' })
    expect(await sum(page).count()).toBe(0)
  })

  it('whose negative is made of the guided way says that it is not sampled alone', async () => {
    const page = await at('#v=2&method=momentum')
    expect(await part(page, 'no-pictures').textContent()).toContain('Not sampled alone')
    expect(await part(page, 'hide-negative').count()).toBe(0)
    await chooseMethod(page, 'pag')
    await settled(page, { method: 'pag' })
    await part(page, 'hide-negative').waitFor()
    expect(await part(page, 'no-pictures').count()).toBe(0)
  })

  it('brings the parameters of the negative that a combiner is given', async () => {
    const page = await at('#v=2&method=apg')
    await part(page, 'negative').selectOption('seg')
    await slider(page, 'sigma').waitFor()
    expect(await slider(page, 'mix').count()).toBe(0)
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('APG')
  })

  it('is compared as the article does, a click a variant', async () => {
    const page = await at('#v=2&method=pag')
    await part(page, 'ablations').click()
    await part(page, 'ablation-seg-sigma').click()
    const variant = part(page, 'variants').locator('button').last()
    await variant.click()
    expect(await variant.getAttribute('aria-pressed')).toBe('true')
    expect(await part(page, 'variants').locator('[aria-pressed="true"]').count()).toBe(1)
    expect(page.url()).toContain('sigma=inf')
    expect(await part(page, 'kernel').textContent()).toContain('every query becomes the mean of all')
  })
})

it('fetches its network with progress; a cut connection says so, keeps the settings and is tried again', async () => {
  const page = await suite.open('?cut')
  await settled(page)
  await chooseMethod(page, 'autoguidance')
  await part(page, 'fetching').getByRole('progressbar').waitFor()
  const again = page.getByRole('alert').locator('[data-part="remedy-rerun"]')
  await again.waitFor()
  expect(await page.getByRole('alert').first().textContent()).toContain('A network could not be downloaded')
  expect(page.url()).toContain('method=autoguidance')
  await again.click()
  await settled(page, { method: 'autoguidance' })
  expect(await part(page, 'downloads').count()).toBe(0)
})

describe('what was measured', () => {
  const measured = (page: Page) => part(page, 'measured')
  const rows = (page: Page) => measured(page).getByRole('row').allInnerTexts()
  const caption = (page: Page) => measured(page).locator('caption').innerText()

  it('is told of many images, and a click takes the settings that were measured', async () => {
    const page = await suite.open('?measured=missing#v=2&method=pag&class=2&seed=5')
    await settled(page)
    await measured(page).waitFor()
    expect(await caption(page)).toMatch(/5,000 images each/)
    expect(await rows(page)).toEqual([
      expect.stringMatching(/^No guidance\s+4\.50 ± 0\.20/),
      expect.stringMatching(/^No guidance, 32 steps\s+4\.20 ± 0\.20\s+0\.30 better/),
      expect.stringMatching(/^All layers, s\s0\.50\s+4\.00 ± 0\.20\s+0\.50 better/),
    ])
    const why = /longer sampling without guidance is shown/
    expect(await caption(page)).toMatch(why)
    await measured(page).getByRole('row').last().getByRole('button').click()
    await settled(page, { scale: 0.5, seed: 5 })
    expect(await measured(page).locator('[aria-pressed="true"]').allTextContents()).toEqual([
      expect.stringMatching(/^All layers/),
    ])
    expect(page.url()).toContain('seed=5')
    await chooseMethod(page, 'seg')
    await settled(page, { method: 'seg' })
    expect(await caption(page)).toMatch(/2,000 images each/)
    expect(await caption(page)).not.toMatch(why)
    const seg = await rows(page)
    // Of as many images, and not the 4.50 of more.
    expect(seg[0]).toMatch(/^No guidance\s+4\.80\s*$/)
    expect(seg.at(-1)).toMatch(/^σ\u00a0=\u00a01, s\s0\.25.*not told apart/s)
    await chooseMethod(page, 'none')
    await settled(page, { method: 'none' })
    expect(await caption(page)).toMatch(/It falls with their number: compare equal ones/)
    expect(await rows(page)).toEqual([
      expect.stringMatching(/^Main\s+4\.50 ± 0\.20\s+5,000 images/),
      expect.stringMatching(/^Small\s+6\.00 ± 0\.20\s+2,000 images/),
      expect.stringMatching(/^No guidance, 32 steps\s+4\.20 ± 0\.20\s+0\.30 better\s+5,000 images/),
    ])
    const longer = measured(page).getByRole('row').last().getByRole('button')
    await longer.click()
    await page.waitForURL(/steps=32/)
    expect(await longer.getAttribute('aria-pressed')).toBe('true')
    await chooseMethod(page, 'icg')
    await settled(page, { method: 'icg' })
    await part(page, 'pair').waitFor()
    expect(await measured(page).count()).toBe(0)

    // All methods stand in a room of their own, which leaves the playground as it is; a row goes back with its settings.
    await page.evaluate(() => Object.assign(window, { stayed: true }))
    await part(page, 'to-measured').click()
    const all = part(page, 'all-methods')
    await all.waitFor()
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1')
    // What can't be fetched of one family leaves the others, and is tried again.
    expect(await all.locator('tr[data-row="icg"]').count()).toBe(0)
    expect(await part(page, 'measured-failed').textContent()).toMatch(/of Shapes.* can’t be shown: .*404/)
    await part(page, 'measured-again').click()
    await all.locator('tr[data-row="icg"]').waitFor()
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1')
    expect(await part(page, 'measured-failed').count()).toBe(0)
    expect(await page.title()).toContain('All methods, measured')
    expect(await part(page, 'measured-summary').innerText()).toMatch(
      /32 steps alone, without guidance, gains 0\.30 ± 0\.10/,
    )
    const first = async () => (await all.locator('tr[data-kind="method"] th').allInnerTexts())[0]
    expect(await first()).toMatch(/^PAG\n.*\nHelps on Avatars.*, harms on Shapes/)
    await choice(page, 'sort', 'gain shapes').click()
    expect(await first()).toMatch(/^ICG/)
    // A click beside the name, too: the row is the link.
    await all.locator('tr[data-row="pag"]').first().getByText('−0.50 ± 0.10').click()
    await settled(page, { method: 'pag', scale: 0.5, seed: 5 })
    expect(page.url()).not.toContain('room=')
    expect(await page.evaluate(() => 'stayed' in window)).toBe(true)
    await page.goBack()
    await all.getByRole('link', { name: /^Avatars.* in use/ }).waitFor({ state: 'detached' })
    // It is as it was left.
    expect(await first()).toMatch(/^ICG/)
    await part(page, 'shape')
      .getByRole('link', { name: /^w = 1\.5: −1\.00 ± 0\.20, helps/ })
      .press('Enter')
    await settled(page, { method: 'autoguidance', scale: 0.5, seed: 5 })
    // Who comes back has the focus where it was, on a link of a row as on one of a plot.
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('href'))
    await page.goBack()
    await all.waitFor()
    expect(await focused()).toMatch(/method=autoguidance.*scale=0\.5/)
    await all.locator('tr[data-row="icg"] a').first().press('Enter')
    await settled(page, { method: 'icg' })
    await page.goBack()
    await all.waitFor()
    expect(await focused()).toMatch(/method=icg/)
    // The name stands beside the rows of both families, and heads each.
    expect(await all.locator('tr[data-row="pag"] th').first().getAttribute('scope')).toBe('row')
    // A method that was never measured is taken on the family that the address names.
    await goTo(page, '#room=measured&model=shapes')
    await all.getByRole('link', { name: 'APG', exact: true }).press('Enter')
    await settled(page, { method: 'apg' })
    expect(page.url()).toContain('model=shapes')
  })
})

it('negatives add up: a further one has its own scale and its own row in the equation', async () => {
  const page = await suite.open('#v=2&scale=1')
  await settled(page)
  const before = await stagePixels(page, 'guided')
  const first = await part(page, 'description').textContent()
  await chooseMethod(page, 'seg', part(page, 'add-term'))
  await settled(page, { stack: 'seg' })
  expect(await part(page, 'description').textContent()).toContain('Added: Smoothed energy guidance')
  expect(await stagePixels(page, 'guided')).not.toBe(before)
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toMatch(/negative\).*SEG\)/)
  expect(await part(page, 'stacked').textContent()).toContain('SEG')
  await slider(page, 'scale', 1).press('End')
  await page.waitForURL(/stack=seg/)
  await part(page, 'remove-term', 1).click()
  await settled(page, { stack: '' })
  expect(await part(page, 'stacked').count()).toBe(0)
  expect(await part(page, 'description').textContent()).toBe(first)
  expect(await stagePixels(page, 'guided')).toBe(before)
})

it('takes a vision transformer of one’s own, and says what is wrong with a file that is none', async () => {
  const page = await suite.open('#v=2&method=sag')
  await settled(page)
  await part(page, 'mask').selectOption('dino')
  const refusal = part(page, 'refusal')
  expect(await refusal.textContent()).toContain('no vision transformer')
  const file = (name: string, buffer: Buffer) => ({ name, mimeType: 'application/octet-stream', buffer })
  await part(page, 'vision-file').setInputFiles(file('notes.onnx', Buffer.from('no')))
  await page
    .getByRole('alert')
    .filter({ hasText: /^notes\.onnx: .* can’t be used/ })
    .waitFor()
  await part(page, 'vision-file').setInputFiles(file('dino.onnx', Buffer.alloc(64)))
  await page.getByText('dino.onnx', { exact: true }).waitFor()
  await refusal.waitFor({ state: 'detached' })
  await settled(page, { method: 'sag', seed: 1 })
})
