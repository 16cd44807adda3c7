/**
 * What a newcomer does, on the built site with the real model: opens the page, pushes the scale, shares the link. In a browser
 * four years old, as far as functions that it lacks can be taken from a new one, and from a host with a strict policy.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { removeNewer } from '../support/newer-functions'
import { launch, serveSite, type Session, type Site } from './harness'
import { description, part, settled, slider, type Shown } from './page/suite'

const POLICY =
  "default-src 'self'; style-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; require-trusted-types-for 'script'"

let site: Site
let session: Session
let letWeightsThrough = () => {}
beforeAll(async () => {
  const seen = new Promise<void>((resolve) => (letWeightsThrough = resolve))
  site = await serveSite({
    isolation: true,
    intercept: async (_request, response, path) => {
      // The model arrives only after the stored images were seen.
      if (path.endsWith('avatars/weights.fp16.bin')) await seen
      if (path === '/') response.setHeader('Content-Security-Policy', POLICY)
      if (!path.endsWith('.js')) return false
      response.setHeader('Content-Type', 'text/javascript')
      response.end(removeNewer + readFileSync(join(inject('site'), path), 'utf8'))
      return true
    },
  })
  session = await launch({ webgpu: false })
})
afterAll(async () => {
  await session.close()
  await site.close()
})

/** Opens the site; whole runs of the large network take their time on a busy machine. */
async function open(url: string): Promise<Page> {
  const { page } = await session.open(url)
  page.setDefaultTimeout(120_000)
  return page
}

/** Waits until a live, full run of these settings stands on the stage, and returns its digest. */
async function digestAt(page: Page, shown: Shown): Promise<string> {
  await settled(page, shown)
  return (await page.locator('[data-digests]').getAttribute('data-digests'))!
}

/** The bytes of each of the pictures on the stage. */
const pictures = (page: Page) =>
  part(page, 'stage')
    .locator('canvas')
    .evaluateAll((canvases) =>
      canvases.map((canvas) => (canvas instanceof HTMLCanvasElement ? canvas.toDataURL() : '')),
    )

it('sees images at once, drags the scale, watches only the guided image change, and shares a link that gives the same image', async () => {
  const page = await open(site.url)
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  // The stored run shows before the model has loaded.
  await page.locator('[data-part="stage"][data-origin="stored"]').waitFor()
  expect(await description(page)).toMatch(/The guided image differs/)
  expect(await pictures(page)).toHaveLength(3)
  expect(await part(page, 'engine').textContent()).not.toMatch(/Processor/)
  letWeightsThrough()

  await part(page, 'engine')
    .getByText(/Processor · \d cores/)
    .waitFor()
  const lacks = () => !('toSorted' in Array.prototype) && !('any' in AbortSignal)
  expect(await page.evaluate(lacks)).toBe(true)
  // Its threads never answer.
  const worker = page.workers().find((candidate) => /\/worker-/.test(candidate.url()))!
  expect(await worker.evaluate(lacks)).toBe(true)
  // As few steps as there can be from here on, for the time.
  await slider(page, 'steps').press('Home')
  const first = await digestAt(page, { scale: 0.5, steps: 2 })
  const [positive, negative, guided] = await pictures(page)
  expect(new Set([positive, negative, guided]).size).toBe(3)

  // A drag of the thumb far up the track, in several moves.
  const thumb = slider(page, 'scale')
  const box = (await thumb.locator('..').boundingBox())!
  const track = (await thumb.locator('../..').boundingBox())!
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  await page.mouse.down()
  await page.mouse.move(track.x + track.width * 0.7, box.y + box.height / 2, { steps: 4 })
  await page.mouse.move(track.x + track.width * 0.8, box.y + box.height / 2, { steps: 4 })
  await page.mouse.up()
  const scale = Number(/^s ([\d.]+),/.exec((await thumb.getAttribute('aria-valuetext')) ?? '')?.[1])
  expect(scale).toBeGreaterThan(2)
  // The address follows a drag at the pace that browsers allow.
  await page.waitForURL((url) => url.hash.includes(`scale=${scale}`))
  const second = await digestAt(page, { scale })
  expect(second).toMatch(/^[0-9a-f]{64}$/)
  expect(second).not.toBe(first)
  const after = await pictures(page)
  expect(after[0]).toBe(positive)
  expect(after[1]).toBe(negative)
  expect(after[2]).not.toBe(guided)

  await part(page, 'to-share').click()
  await part(page, 'copy-link').click()
  await part(page, 'share-dialog').getByText('Copied.').waitFor()
  const link = await page.evaluate(() => navigator.clipboard.readText())
  const other = await open(link)
  expect(await digestAt(other, { scale, steps: 2 })).toBe(second)
  expect(await pictures(other)).toEqual(after)
  session.expectClean()
})

it('hides the negative, which is then not sampled, and brings it back', async () => {
  const page = await open(`${site.url}#v=1&method=pag&model=tiny`)
  const first = await digestAt(page, { scale: 1 })
  await part(page, 'hide-negative').click()
  await page.locator('[data-part="stage"] canvas').nth(2).waitFor({ state: 'detached' })
  expect(await pictures(page)).toHaveLength(2)
  await part(page, 'next-seed').click()
  await settled(page, { seed: 2 })
  // 16 steps: D⁺(x⁺), D⁺(x) and D⁻(x), sharing one row at the first.
  await part(page, 'engine').click()
  await page.getByText(/47 evaluations/).waitFor()
  await page.keyboard.press('Escape')
  await part(page, 'hide-negative').click()
  await page.locator('[data-part="stage"][aria-busy="false"] canvas').nth(2).waitFor()
  expect(new Set(await pictures(page)).size).toBe(3)
  await page.goBack()
  expect(await digestAt(page, { scale: 1, seed: 1 })).toBe(first)
  session.expectClean()
})
