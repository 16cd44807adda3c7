/** What the first view costs: JavaScript fetched until the first pictures stand, and that nothing jumps afterwards. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { decode } from 'fast-png'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest'
import { launch, serveSite, type Session, type Site } from '../harness'
import { part } from '../page/suite'

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

interface Noted {
  /** When the application's pictures came to stand. */
  pictures: number | null
  jumps: number
  /** What was read, and where the title and the pictures were: on the drawing before, and on the application that took its place. */
  drawn: Look | null
  taken: Look | null
}

interface Look {
  readonly words: string
  readonly boxes: readonly number[]
}

/** Notes when the pictures come to stand, before the page can do anything after that, how far it jumps, and what takes whose place. */
function watch() {
  const noted: Noted = { pictures: null, jumps: 0, drawn: null, taken: null }
  Object.assign(window, { noted })
  const look = (root: Element): Look => {
    const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
    let words = ''
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      const { parentElement: parent } = node
      // How far the engine is changes; how many ticks there are depends on the width; some words are only to be heard.
      if (!parent?.closest('.sr-only, [role=status], [aria-hidden][translate=no], button.num, noscript'))
        words += node.textContent ?? ''
    }
    const seen = [...root.querySelectorAll('h1, figure, header')]
    const boxes = seen.flatMap((element) => {
      const { x, y, width, height } = element.getBoundingClientRect()
      return [x, y, width, height].map(Math.round)
    })
    return { words, boxes }
  }
  new MutationObserver((records) => {
    if (document.querySelector('[data-digests], #root main p.sr-only')?.textContent?.includes('image of'))
      noted.pictures ??= performance.now()
    const root = document.getElementById('root')
    if (
      root &&
      records.some(({ removedNodes }) =>
        [...removedNodes].some((node) => node instanceof Element && node.id === 'shell'),
      )
    )
      noted.taken = look(root)
  }).observe(document, { childList: true, subtree: true, characterData: true })
  // As it was in the last frame, when its letters had come.
  const frame = () => {
    const shell = document.getElementById('shell')
    if (shell) noted.drawn = look(shell)
    if (!noted.taken) requestAnimationFrame(frame)
  }
  frame()
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
    noted: (window as unknown as { noted: Noted }).noted,
    scripts: performance
      .getEntriesByType('resource')
      .filter(({ name }) => new URL(name).pathname.endsWith('.js'))
      .map(({ name, startTime }) => ({ path: new URL(name).pathname, startTime })),
  }))
  const workers = page.workers().map((worker) => new URL(worker.url()).pathname)
  return { ...seen.noted, scripts: seen.scripts.filter(({ path }) => !workers.includes(path)) }
}

test.each([
  ['', 'guided = positive', 3],
  ['#v=2&method=seg&seed=7', '', 0],
])(
  'before any of its code, an address %s shows no number and no picture but its own',
  async (hash, title, pictures) => {
    const { page, allow } = await browser.open()
    allow(/ERR_FAILED/)
    await page.route(/\/assets\/.*\.js$/, (route) => route.abort())
    // Its own words on that come instead.
    await page.addInitScript(() => window.addEventListener('error', (event) => event.stopImmediatePropagation(), true))
    await page.goto(site.url + hash)
    const shell = page.locator('#shell')
    await shell.locator('header').getByText('Guidance', { exact: false }).first().waitFor()
    const places = await shell.locator('figure canvas').all()
    const boxes = await Promise.all(places.slice(0, 3).map((place) => place.boundingBox()))
    const shown = async () => {
      const pictures = await Promise.all(boxes.map((clip) => page.screenshot({ clip: clip! })))
      // A place that is empty has one colour.
      return pictures.filter((bytes) => new Set(decode(bytes).data).size > 100).length
    }
    await expect.poll(shown).toBe(pictures)
    const words = await shell
      .locator('> div > :not(header)')
      .evaluateAll((parts) => parts.map((part) => (part instanceof HTMLElement ? part.innerText.trim() : '')).join(''))
    expect(words.startsWith(title)).toBe(true)
    if (title === '') expect(words).toBe('')
  },
)

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
  const before = site.requests.length
  const { jumps, drawn, taken } = await firstView(page)
  expect(jumps).toBeLessThan(0.02)
  // The application takes the place of its drawing with the same words in the same places.
  expect(drawn?.words).toBe(taken?.words)
  expect(drawn?.boxes).toEqual(taken?.boxes)
  expect(drawn?.words.length).toBeGreaterThan(1000)
  // The engine counts what comes, so it has taken over what was asked for before; nothing was asked for twice.
  await part(page, 'engine')
    .getByText(/of 12\.7 MB|Processor/)
    .waitFor()
  const asked = site.requests.slice(before)
  expect(asked.filter((path, at) => asked.indexOf(path) !== at)).toEqual([])
  for (const file of ['graph.onnx.bin', 'weights.fp16.bin', 'golden.bin'])
    expect(asked).toContain(`/models/avatars/${file}`)
  // By the script that runs before the page's own code.
  expect(await page.locator('head > link[as="fetch"]').count()).toBe(3)
  browser.expectClean()
})
