/** What the first view costs: JavaScript fetched until the first pictures stand, and that nothing jumps afterwards. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest'
import { launch, serveSite, type Session, type Site } from '../harness'

/** Bytes after gzip; the engine's worker has its own. */
const BUDGET = 200_000

const directory = inject('site')
let browser: Session
let site: Site

beforeAll(async () => {
  browser = await launch({ webgpu: false, shell: true })
  site = await serveSite({ isolation: true })
})
afterEach(() => browser.reset())
afterAll(async () => {
  await site.close()
  await browser.close()
})

/** Notes when the pictures come to stand, before the page can do anything after that, and how far the page jumps. */
function watch() {
  const noted: { pictures: number | null; jumps: number } = { pictures: null, jumps: 0 }
  Object.assign(window, { noted })
  new MutationObserver(() => {
    if (document.querySelector('[data-digests], main p.sr-only')?.textContent?.includes('image of'))
      noted.pictures ??= performance.now()
  }).observe(document, { childList: true, subtree: true, characterData: true })
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) noted.jumps += 'value' in entry ? Number(entry.value) : 0
  }).observe({ type: 'layout-shift', buffered: true })
}

async function firstView(page: Page) {
  await page.addInitScript(watch)
  await page.goto(site.url)
  // The card with its formula is the last thing to come.
  await page.locator('aside .katex').first().waitFor()
  const seen = await page.evaluate(() => ({
    noted: (window as unknown as { noted: { pictures: number | null; jumps: number } }).noted,
    scripts: performance
      .getEntriesByType('resource')
      .filter(({ name }) => new URL(name).pathname.endsWith('.js'))
      .map(({ name, startTime }) => ({ path: new URL(name).pathname, startTime })),
  }))
  const workers = page.workers().map((worker) => new URL(worker.url()).pathname)
  return { ...seen.noted, scripts: seen.scripts.filter(({ path }) => !workers.includes(path)) }
}

test('takes at most 200 kB of JavaScript until the first pictures stand', async () => {
  const { page } = await browser.open()
  const { pictures, scripts } = await firstView(page)
  expect(pictures).not.toBeNull()
  const before = [...new Set(scripts.filter(({ startTime }) => startTime < pictures!).map(({ path }) => path))]
  const sizes = before.map((path) => [path, gzipSync(readFileSync(join(directory, path))).length] as const)
  const total = sizes.reduce((sum, [, bytes]) => sum + bytes, 0)
  expect(total, JSON.stringify(sizes)).toBeLessThanOrEqual(BUDGET)
  // Were little counted, it would prove nothing: React alone is 60 kB.
  expect(total).toBeGreaterThan(100_000)
  expect(scripts.length).toBeGreaterThan(before.length)
  browser.expectClean()
})

test.each([
  ['a laptop', 1440, 900],
  ['a phone', 390, 844],
])('nothing jumps when the rest arrives, on %s', async (_, width, height) => {
  const { page } = await browser.open(undefined, { viewport: { width, height } })
  const { jumps } = await firstView(page)
  expect(jumps).toBeLessThan(0.02)
  browser.expectClean()
})
