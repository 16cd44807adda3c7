/** The page by keyboard: it plays and steps, moves the window, and every control is reached. */
import { expect, it } from 'vitest'
import { live, pageSuite, part, settled, slider } from './suite'

const suite = pageSuite()

it('plays with space, steps with arrows, and leaves keys to the control that has the focus', async () => {
  const page = await suite.open('#v=2&steps=16')
  await settled(page)
  const at = async () => Number(await part(page, 'playhead').getAttribute('aria-valuenow'))
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('ArrowLeft')
  expect(await at()).toBe(14)
  await slider(page, 'steps').focus()
  await page.keyboard.press('ArrowRight')
  await settled(page, { steps: 17 })
  await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur())
  await page.keyboard.press('Space')
  await page.locator('[data-part="play"][data-playing="true"]').waitFor()
  await page.locator('[data-part="play"][data-playing="false"]').waitFor()
  expect(await at()).toBe(17)
  // A button that was clicked keeps the focus, and has no use for arrows.
  await part(page, 'next-seed').click()
  await settled(page, { seed: 2 })
  await page.keyboard.press('ArrowLeft')
  expect(await at()).toBe(16)

  // A choice among few is one stop, in which arrows go on and round; the page keeps its place meanwhile.
  const plots = part(page, 'plots').getByRole('button')
  const focused = () => page.evaluate(() => (document.activeElement as HTMLElement).dataset['value'])
  const values = await plots.evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset['value']))
  expect(await plots.evaluateAll((all) => all.filter((one) => (one as HTMLElement).tabIndex === 0).length)).toBe(1)
  await plots.first().focus()
  await page.keyboard.press('ArrowRight')
  expect(await focused()).toBe(values[1])
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowLeft')
  expect(await focused()).toBe(values.at(-1))
  await page.keyboard.press('Enter')
  expect(await plots.last().getAttribute('aria-pressed')).toBe('true')
  expect(await at()).toBe(16)
})

it('narrows the guidance window by a step with each arrow', async () => {
  const page = await suite.open()
  await settled(page)
  await part(page, 'window-edge-upper').press('ArrowRight')
  await page.waitForURL(/window=0_\d/)
  expect(await part(page, 'window-band').textContent()).toMatch(/guided for 0 < σ ≤ \d/)
  await settled(page)
  await part(page, 'playhead').press('Home')
  expect(await part(page, 'absence').textContent()).toContain('outside the guidance window')
})

it('reaches every control with Tab', async () => {
  const page = await suite.open()
  await live(page)
  const reached = new Set<string | null>()
  for (let i = 0; i < 90; i++) {
    await page.keyboard.press('Tab')
    reached.add(
      await page.evaluate(() => {
        const named = document.activeElement?.closest<HTMLElement>('[data-part], [data-layer]')
        return named?.dataset.part ?? (named ? `layer ${named.dataset.layer}` : null)
      }),
    )
  }
  for (const name of [
    'to-share',
    'scale',
    'seed',
    'next-seed',
    'samples',
    'mix',
    'layer 0',
    'steps',
    'play',
    'playhead',
    'window-edge-lower',
  ]) {
    expect([...reached]).toContain(name)
  }
})
