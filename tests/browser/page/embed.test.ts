/** Two embeds in a page of another origin: they follow each other, tell what they show, give pictures, and are set from around. */
import type { AddressInfo } from 'node:net'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { listen, siteServer } from '../../../src/cli/static-server.mjs'
import { pageSuite } from './suite'

const suite = pageSuite()
let blog: ReturnType<typeof siteServer>
let address = ''

/** The example page on another host, with the playgrounds of ours. */
beforeAll(async () => {
  const site = inject('fakeSite')
  const own = readFileSync(join(site, 'embed-example.html'), 'utf8')
  blog = siteServer({
    directory: site,
    isolation: false,
    intercept: (_, response, path) => {
      if (path !== '/embed-example.html') return false
      const html = own.replace('src="guidance-playground.js"', `src="${suite.url}guidance-playground.js"`)
      response.setHeader('Content-Type', 'text/html').end(html)
      return true
    },
  })
  await listen(blog, 0, '127.0.0.1')
  address = `http://localhost:${(blog.address() as AddressInfo).port}/embed-example.html`
})
afterAll(
  () =>
    new Promise((resolve) => {
      blog.close(resolve)
      blog.closeAllConnections()
    }),
)

/** The scale of each embed, as it tells it. */
const scales = (page: Page) =>
  page.evaluate(() =>
    Array.from(document.querySelectorAll('guidance-playground'), (embed) => {
      const state: unknown = Reflect.get(embed, 'state')
      return JSON.stringify(state).match(/"scale":([\d.]+)/)?.[1]
    }),
  )

test('two embeds of another origin follow each other, and the page around sets both and takes a picture', async () => {
  const { page } = await suite.session.open(address, { viewport: { width: 1440, height: 900 } })
  await page.getByText('Scale 1, seed 26.').waitFor()
  const steps = await page.evaluate(() => history.length)
  const [first, second] = page.frames().filter((frame) => frame !== page.mainFrame())
  expect(new URL(first!.url()).origin).not.toBe(new URL(page.url()).origin)

  // Each frame is as high as what it shows.
  for (const frame of [first!, second!]) {
    const rest = () =>
      frame.evaluate(
        () => innerHeight - Math.ceil(document.getElementById('root')?.getBoundingClientRect().height ?? 0),
      )
    await expect.poll(rest).toBe(0)
  }

  // A person moves the second one; the first follows, and tells it.
  await second!.locator('[data-part="scale"]').getByRole('slider').focus()
  await page.keyboard.press('ArrowRight')
  const moved = second!.locator('[data-part="stage"][aria-busy="false"]:not([data-scale="1"])')
  const scale = (await moved.getAttribute('data-scale')) ?? ''
  await first!.locator(`[data-part="stage"][data-scale="${scale}"][aria-busy="false"]`).waitFor()
  await page.getByText(`Scale ${scale}, seed 26.`).waitFor()
  expect(await scales(page)).toEqual([scale, scale])

  // The page around moves both.
  await page.locator('#scale').focus()
  await page.keyboard.press('End')
  for (const frame of [first!, second!])
    await frame.locator('[data-part="stage"][data-scale="4"][aria-busy="false"]').waitFor()
  await page.getByText('Scale 4, seed 26.').waitFor()

  await page.locator('#take').click()
  await page.getByRole('img', { name: 'The guided picture at scale 4, seed 26' }).waitFor()
  expect(await page.evaluate(() => document.querySelector('img')?.decode())).toBeUndefined()
  expect(await page.evaluate(() => document.querySelector('img')?.naturalWidth)).toBe(512)

  // Nothing of it is a step of the page around.
  expect(await page.evaluate(() => history.length)).toBe(steps)
})

test('a frame is told how high it is once the playground stands in it, and not while its files are coming', async () => {
  const { page } = await suite.session.open(undefined, { viewport: { width: 1440, height: 900 } })
  await page.addInitScript(() => {
    const heights: number[] = []
    Object.assign(window, { heights })
    window.addEventListener('message', ({ data }: MessageEvent<{ kind?: string; height?: number }>) => {
      if (data.kind === 'height') heights.push(data.height ?? 0)
    })
  })
  const heights = () => page.evaluate(() => (window as unknown as { heights: number[] }).heights)
  await page.goto(address)
  await page.getByText('Scale 1, seed 26.').waitFor()
  await expect.poll(async () => (await heights()).length).toBeGreaterThanOrEqual(2)
  expect(Math.min(...(await heights()))).toBeGreaterThan(200)
})
