/** Small windows: nothing is cut off, and what stays in view leaves room for the controls. Includes WCAG 2.2, 1.4.10. */
import { expect, it } from 'vitest'
import { methods } from '../../../src/guidance'
import { goTo, pageSuite, part, slider } from './suite'

/** One page, which becomes smaller. */
const at = pageSuite().shared()

it.each([
  ['320 px', 320, 568],
  ['a phone held sideways', 844, 390],
  ['1280 × 800 at 200 %', 640, 400],
  ['half a laptop screen', 900, 600],
])('%s: no sideways scrolling, and every control can be seen', async (_, width, height) => {
  const page = await at()
  await page.setViewportSize({ width, height })
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
  for (const control of [part(page, 'class'), slider(page, 'steps'), part(page, 'play')]) {
    await control.evaluate((element) => element.scrollIntoView({ block: 'center' }))
    const onTop = await control.evaluate((element) => {
      const box = element.getBoundingClientRect()
      const seen = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2)
      return (
        seen !== null &&
        (element.contains(seen) || seen.contains(element)) &&
        seen.closest('[role="application"]') === null
      )
    })
    expect(onTop).toBe(true)
  }
})

it('every method’s formula and equation fit a phone', async () => {
  const page = await at()
  await page.setViewportSize({ width: 390, height: 844 })
  for (const { id } of methods) {
    await goTo(page, `#v=2&method=${encodeURIComponent(id)}&steps=4`)
    await page
      .locator('aside dl a')
      .and(page.locator(`[href="${methods.find((method) => method.id === id)!.source.url}"]`))
      .waitFor()
    // A block of a formula that is wider than the column takes the focus, so that it can be scrolled.
    const wide = await page.locator('aside span[tabindex="0"]:has(.katex)').allTextContents()
    expect([id, wide, await page.evaluate(() => document.documentElement.scrollWidth)]).toEqual([id, [], 390])
  }
})
