/** What the page computes while a slider is dragged: counted by V8's own profiler, so no clock is involved. */
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { pageSuite, part, settled, slider } from './suite'

const suite = pageSuite()

/** Calls of named functions of the page while something is done; the imitation's build keeps names. */
async function callsDuring(page: Page, names: readonly string[], act: () => Promise<void>): Promise<number[]> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Profiler.enable')
  await devtools.send('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
  await act()
  const { result } = await devtools.send('Profiler.takePreciseCoverage')
  await devtools.detach()
  const called = result.flatMap(({ functions }) => functions)
  return names.map((name) =>
    called
      .filter(({ functionName }) => functionName === name)
      .reduce((sum, { ranges }) => sum + (ranges[0]?.count ?? 0), 0),
  )
}

async function dragScale(page: Page): Promise<void> {
  const box = await slider(page, 'scale').boundingBox()
  if (!box) throw new Error('the slider is not on the page')
  const y = box.y + box.height / 2
  await page.mouse.move(box.x + box.width / 2, y)
  await page.mouse.down()
  for (let x = 1; x <= 20; x++) await page.mouse.move(box.x + box.width / 2 + 4 * x, y)
  await page.mouse.up()
}

it('asks no method what stands in its way while its menu is closed, and every one once it is open', async () => {
  const page = await suite.open()
  await settled(page)
  const link = page.url()
  const [dragged] = await callsDuring(page, ['chooserGroups'], () => dragScale(page))
  expect(page.url()).not.toBe(link)
  expect(dragged).toBe(0)
  const [opened] = await callsDuring(page, ['chooserGroups'], async () => {
    await part(page, 'method').click()
    await page.getByRole('option').first().waitFor()
  })
  expect(opened).toBeGreaterThan(0)
})

it('does not reckon the downloads again while the playhead moves', async () => {
  const page = await suite.open()
  await settled(page)
  const [reckoned, drawn] = await callsDuring(page, ['missingBytes', 'frameOf'], async () => {
    await part(page, 'play').click()
    await page.locator('[data-playing="true"]').waitFor()
    await page.locator('[data-playing="false"]').waitFor()
  })
  expect(drawn).toBeGreaterThan(0)
  expect(reckoned).toBe(0)
})
