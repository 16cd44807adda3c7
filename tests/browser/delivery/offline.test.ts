/** One visit is enough: the page then opens and samples without a network, and a deploy under an open page mixes no versions. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest'
import { launch, serveSite, type Session, type SiteOptions } from '../harness'

let browser: Session

beforeAll(async () => {
  browser = await launch({ webgpu: false, quick: true })
})
afterEach(() => browser.reset())
afterAll(() => browser.close())

const BASE = '/some/where/'
const LINK = '#v=2&model=tiny&seed=5&steps=2'

/** Waits until the engine has drawn the picture of these settings, and returns its digest. */
async function drawn(page: Page): Promise<string | null> {
  const stage = page.locator('section[aria-label^="Positive, negative"][data-digests]')
  await stage.waitFor()
  return stage.getAttribute('data-digests')
}

/** Waits until the page itself is kept, which is the last thing to be. */
function kept(page: Page) {
  return expect
    .poll(() => page.evaluate(async () => !!(await caches.match(new URL('./', document.baseURI)))), { timeout: 60_000 })
    .toBe(true)
}

test('after one visit it goes on through a deploy, says so, and opens without a network', async () => {
  const old = readFileSync(join(inject('site'), 'index.html'), 'utf8')
  const version = /name="version" content="(\w+)"/.exec(old)![1]!
  let deployed = false
  const intercept: SiteOptions['intercept'] = (_request, response, path) => {
    if (!deployed) return false
    // Of the version before nothing is left, and the manifests are others.
    if (path === '/' || path === '/index.html')
      response.setHeader('Content-Type', 'text/html').end(old.replaceAll(version, 'f00d'))
    else if (path.endsWith('manifest.json')) response.setHeader('Content-Type', 'application/json').end('{}')
    else response.writeHead(404).end()
    return true
  }
  const site = await serveSite({ isolation: false, base: BASE, intercept })
  const { page } = await browser.open(site.url + LINK)
  await page.waitForFunction(() => crossOriginIsolated)
  const digest = await drawn(page)
  await kept(page)
  // Networks are kept once, by the page.
  const ofModels = await page.evaluate(async () => {
    const name = (await caches.keys()).find((each) => each.startsWith('guidance-playground-site-'))!
    return (await (await caches.open(name)).keys()).map(({ url }) => url).filter((url) => url.includes('/models/'))
  })
  expect(ofModels.length).toBeGreaterThan(1)
  expect(ofModels.filter((url) => !url.endsWith('/manifest.json'))).toEqual([])
  expect(await page.locator('[data-part="load-version"]').count()).toBe(0)

  deployed = true
  // A part that comes when it is asked for.
  await page.locator('[data-part="method"]').click()
  await page.getByRole('option').first().waitFor()
  await page.keyboard.press('Escape')
  await page.evaluate(() => dispatchEvent(new Event('online')))
  await page.locator('[data-part="load-version"]').waitFor()
  expect(new URL(page.url()).hash).toContain('seed=5')
  expect(await drawn(page)).toBe(digest)

  await site.close()
  await page.reload()
  expect(await drawn(page)).toBe(digest)
  expect(await page.evaluate(() => [crossOriginIsolated, navigator.serviceWorker.controller !== null])).toEqual([
    true,
    true,
  ])
  browser.expectClean()
})

test('it can be installed', async () => {
  const site = inject('site')
  const manifest = JSON.parse(readFileSync(join(site, 'manifest.json'), 'utf8')) as {
    icons: readonly { src: string; sizes: string; type: string }[]
  }
  expect(readFileSync(join(site, 'index.html'), 'utf8')).toContain('<link rel="manifest" href="./manifest.json"')
  for (const { src, sizes, type } of manifest.icons.filter(({ type }) => type === 'image/png')) {
    const header = readFileSync(join(site, src))
    expect([`${header.readUInt32BE(16)}x${header.readUInt32BE(20)}`, type]).toEqual([sizes, 'image/png'])
  }
  const { page } = await browser.open()
  const host = await serveSite({ isolation: true, base: BASE })
  await page.goto(host.url + LINK)
  const session = await page.context().newCDPSession(page)
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors')
  await host.close()
  expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito')).toEqual([])
})
