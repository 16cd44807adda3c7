/**
 * The built site is cross-origin isolated wherever it can be: at once with a host's headers, through one silent reload where
 * a service worker has to add them, and never at the price of a reload loop.
 */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { launch, serveSite, type Session, type Site, type SiteOptions } from '../harness'

let browser: Session
let sites: Site[] = []

beforeAll(async () => {
  browser = await launch({ webgpu: false, quick: true, shell: true })
})
afterEach(async () => {
  await browser.reset()
  await Promise.all(sites.map((site) => site.close()))
  sites = []
})
afterAll(() => browser.close())

/** What the engine then draws takes no time from other tests. */
const SMALL = '#v=2&model=tiny&steps=2'

async function serve(options: SiteOptions): Promise<Site> {
  const site = await serveSite(options)
  sites.push(site)
  return site
}

const pageLoads = (site: Site) => site.requests.filter((path) => path === '/').length

/** Answers one path with a text of ours. */
function answer(wanted: string, type: string, body: string): NonNullable<SiteOptions['intercept']> {
  return (_request, response, path) => {
    if (path !== wanted) return false
    response.writeHead(200, { 'Content-Type': type }).end(body)
    return true
  }
}

/** Counts calls of `serviceWorker.register` in each document; the page's script decides on it before its `load` event. */
async function countRegistrations(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const prototype = globalThis.ServiceWorkerContainer?.prototype
    if (!prototype) return
    const { register } = prototype
    Object.assign(globalThis, { registrations: 0 })
    prototype.register = function (...parameters) {
      Object.assign(globalThis, {
        registrations: (globalThis as unknown as { registrations: number }).registrations + 1,
      })
      return register.apply(this, parameters)
    }
  })
}
const registrations = () => (globalThis as unknown as { registrations: number }).registrations

test('with headers: isolated at once, no service worker', async () => {
  const site = await serve({ isolation: true })
  const { page } = await browser.open()
  await countRegistrations(page)
  await page.goto(site.url + SMALL)
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
  expect(await page.evaluate(registrations)).toBe(0)
  expect(pageLoads(site)).toBe(1)
})

test('with headers, in a frame of no origin: says why it does not start', async () => {
  const frame = '<iframe sandbox="allow-scripts" src="/"></iframe>'
  const site = await serve({ isolation: true, intercept: answer('/around', 'text/html', frame) })
  const { page } = await browser.open(`${site.url}around`)
  const said = page.frameLocator('iframe').getByRole('alert')
  await said.waitFor()
  expect(await said.innerText()).toContain('sandboxed')
})

test('without headers, in a sub-path: isolated after one reload, and at once from then on', async () => {
  const site = await serve({ isolation: false, base: '/some/where/' })
  const { page } = await browser.open()
  // Links hold the settings: the reload must keep them.
  await page.goto(`${site.url}${SMALL}&seed=7`)
  await page.waitForFunction(() => crossOriginIsolated)
  expect(new URL(page.url()).hash).toContain('seed=7')
  expect(pageLoads(site)).toBe(2)
  await page.goto('about:blank')
  await page.goto(site.url + SMALL)
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
  expect(pageLoads(site)).toBe(3)
})

test('isolated by the service worker: workers within workers share memory, and ranges come through whole', async () => {
  const outer = `
    const inner = new Worker(new URL('inner.mjs', import.meta.url), { type: 'module' })
    inner.onmessage = () => postMessage(new Int32Array(memory)[0])
    const memory = new SharedArrayBuffer(4)
    inner.postMessage(memory)`
  const inner = `onmessage = ({ data }) => { Atomics.store(new Int32Array(data), 0, 42); postMessage('done') }`
  const ranges: (string | undefined)[] = []
  const site = await serve({
    isolation: false,
    base: '/site/',
    intercept: (request, response, path) => {
      if (path === '/isolation.js') ranges.push(request.headers.range)
      return (
        answer('/outer.mjs', 'text/javascript', outer)(request, response, path) ||
        answer('/inner.mjs', 'text/javascript', inner)(request, response, path)
      )
    },
  })
  const { page } = await browser.open(site.url + SMALL)
  await page.waitForFunction(() => crossOriginIsolated)
  const shared = await page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const worker = new Worker('outer.mjs', { type: 'module' })
        worker.onmessage = ({ data }) => resolve(data)
        worker.onerror = (event) => reject(new Error(event.message))
      }),
  )
  expect(shared).toBe(42)
  const partial = await page.evaluate(async () => {
    const response = await fetch('isolation.js', { headers: { Range: 'bytes=3-9' }, cache: 'no-store' })
    return { status: response.status, range: response.headers.get('Content-Range'), text: await response.text() }
  })
  const whole = await page.evaluate(async () => (await fetch('isolation.js')).text())
  expect(partial).toEqual({ status: 206, range: `bytes 3-9/${whole.length}`, text: whole.slice(3, 10) })
  expect(ranges).toContain('bytes=3-9')
})

test('inside a frame it stays as it is', async () => {
  const site = await serve({
    isolation: false,
    intercept: answer(
      '/around.html',
      'text/html',
      '<!doctype html><link rel="icon" href="data:,"><iframe src="./#v=2&amp;model=tiny&amp;steps=2"></iframe>',
    ),
  })
  const { page } = await browser.open()
  await countRegistrations(page)
  await page.goto(`${site.url}around.html`, { waitUntil: 'load' })
  const frame = page.frames().find((each) => each.url().startsWith(`${site.url}#`))!
  await frame.waitForLoadState('load')
  expect(await frame.evaluate(() => crossOriginIsolated)).toBe(false)
  expect(await frame.evaluate(registrations)).toBe(0)
  expect(pageLoads(site)).toBe(1)
})

test('a browser that stays unisolated behind the service worker is not reloaded again', async () => {
  const idle = `self.addEventListener('install', () => self.skipWaiting()); self.addEventListener('fetch', () => {})`
  const site = await serve({ isolation: false, intercept: answer('/isolation-worker.js', 'text/javascript', idle) })
  const { page } = await browser.open()
  await countRegistrations(page)
  await page.goto(site.url + SMALL)
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null && document.readyState === 'complete')
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false)
  expect(await page.evaluate(registrations)).toBe(0)
  expect(pageLoads(site)).toBe(2)
})

test('a forced reload goes around the service worker: the page stays as it is until the next load', async () => {
  const site = await serve({ isolation: false })
  const { page } = await browser.open(site.url + SMALL)
  await page.waitForFunction(() => crossOriginIsolated)
  await (await page.context().newCDPSession(page)).send('Page.reload', { ignoreCache: true })
  await page.waitForFunction(() => !crossOriginIsolated && document.readyState === 'complete')
  await page.evaluate(async () => {
    Object.assign(globalThis, { sameDocument: true })
    // What the page's script waits for before it would reload, and then a turn for it to do so.
    await navigator.serviceWorker.ready
    await new Promise((resolve) => setTimeout(resolve))
  })
  expect(await page.evaluate(() => 'sameDocument' in globalThis)).toBe(true)
  expect(pageLoads(site)).toBe(3)
  await page.reload()
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
})

test('without service workers the page runs as it is, on one thread', async () => {
  const site = await serve({
    isolation: false,
    intercept: (_request, response, path) => path === '/isolation-worker.js' && !!response.writeHead(404).end(),
  })
  const { page } = await browser.open()
  const said = page.waitForEvent('console', (message) => message.text().startsWith('No service worker'))
  await page.goto(site.url + SMALL)
  await said
  await page.getByRole('button', { name: 'Engine: Processor · 1 core' }).waitFor({ timeout: 120_000 })
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false)
  expect(pageLoads(site)).toBe(1)
})
