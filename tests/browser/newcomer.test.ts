/** What a newcomer does, on the built site with the real model: opens the page, pushes the scale, shares the link. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launch, serveSite, type Session, type Site } from './harness'

let site: Site
let session: Session
let letWeightsThrough = () => {}
beforeAll(async () => {
  const seen = new Promise<void>((resolve) => (letWeightsThrough = resolve))
  site = await serveSite({
    isolation: true,
    // The model arrives only after the stored images were seen.
    intercept: async (_request, _response, path) => {
      if (path.endsWith('avatars/weights.fp16.bin')) await seen
      return false
    },
  })
  session = await launch({ webgpu: false })
})
afterAll(async () => {
  await session.close()
  await site.close()
})

const STAGE = 'section[aria-label^="Positive, negative"]'

/** Waits until a live, full run of this scale stands on the stage, and returns its digest. */
async function digestAt(page: Page, scale: string): Promise<string> {
  await page
    .locator(`main p.sr-only`, { hasText: `scale s = ${scale}. The guided image differs` })
    .waitFor({ state: 'attached', timeout: 120_000 })
  const stage = page.locator(`${STAGE}[data-digests]`)
  await stage.waitFor({ timeout: 120_000 })
  return (await stage.getAttribute('data-digests'))!
}

/** The bytes of each of the three pictures on the stage. */
const pictures = (page: Page) =>
  page
    .locator(`${STAGE} canvas`)
    .evaluateAll((canvases) =>
      canvases.map((canvas) => (canvas instanceof HTMLCanvasElement ? canvas.toDataURL() : '')),
    )

it('sees images at once, drags the scale, watches only the guided image change, and shares a link that gives the same image', async () => {
  const { page } = await session.open(site.url)
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  // The stored run shows before the model has loaded.
  await page.locator('main p.sr-only', { hasText: 'The guided image differs' }).waitFor({ state: 'attached' })
  expect(await pictures(page)).toHaveLength(3)
  expect(await page.getByRole('button', { name: /^Engine/ }).textContent()).not.toMatch(/WASM/)
  letWeightsThrough()

  const first = await digestAt(page, '0.5')
  expect(await page.getByRole('button', { name: /^Engine/ }).textContent()).toMatch(/WASM · \d threads/)
  const [positive, negative, guided] = await pictures(page)
  expect(new Set([positive, negative, guided]).size).toBe(3)

  // A drag of the thumb to the middle of the track, in several moves.
  const thumb = page.getByRole('slider', { name: 'Scale s' })
  const box = (await thumb.locator('..').boundingBox())!
  const track = (await thumb.locator('../..').boundingBox())!
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  await page.mouse.down()
  await page.mouse.move(track.x + track.width * 0.4, box.y + box.height / 2, { steps: 4 })
  await page.mouse.move(track.x + track.width * 0.5, box.y + box.height / 2, { steps: 4 })
  await page.mouse.up()
  const scale = (await thumb.getAttribute('aria-valuenow'))!
  expect(Number(scale)).toBeGreaterThan(2)
  // The address follows a drag at the pace that browsers allow.
  await page.waitForURL((url) => url.hash.includes(`scale=${scale}`))
  const second = await digestAt(page, scale)
  expect(second).toMatch(/^[0-9a-f]{64}$/)
  expect(second).not.toBe(first)
  const after = await pictures(page)
  expect(after[0]).toBe(positive)
  expect(after[1]).toBe(negative)
  expect(after[2]).not.toBe(guided)

  await page.getByRole('button', { name: 'Copy link' }).click()
  const link = await page.evaluate(() => navigator.clipboard.readText())
  const { page: other } = await session.open(link)
  expect(await digestAt(other, scale)).toBe(second)
  expect(await pictures(other)).toEqual(after)
  session.expectClean()
})

it('hides the negative, which is then not sampled, and brings it back', async () => {
  const { page } = await session.open(`${site.url}#v=1&method=pag&model=tiny`)
  const first = await digestAt(page, '1')
  await page.getByRole('button', { name: 'Hide the negative alone' }).click()
  await page.getByText('the negative alone is not sampled').waitFor()
  expect(await pictures(page)).toHaveLength(2)
  await page.getByRole('button', { name: 'Next' }).click()
  await page
    .locator('main p.sr-only', { hasText: 'seed 2' })
    .filter({ hasText: 'The guided image differs' })
    .waitFor({ state: 'attached' })
  // 16 steps: D⁺(x⁺), D⁺(x) and D⁻(x), sharing one row at the first.
  await page.getByRole('button', { name: /^Engine/ }).click()
  await page.getByText(/47 evaluations/).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Show the negative alone' }).click()
  await page.locator('main p.sr-only', { hasText: 'The negative differs' }).waitFor({ state: 'attached' })
  expect(new Set(await pictures(page)).size).toBe(3)
  await page.goBack()
  expect(await digestAt(page, '1')).toBe(first)
  session.expectClean()
})
