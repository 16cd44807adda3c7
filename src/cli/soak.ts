/**
 * `npm run soak`: random actions of a person in Chromium on the built page, with faults between them. Afterwards a fresh page that is
 * opened with the link must show the same, and the memory of page and worker must not have grown with the actions.
 */
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { chromium, type Browser, type Page } from 'playwright-core'
import { findChromium } from './chromium.mjs'
import { COUNTS_MEMORY, heapsOf } from './heap'
import { buildSite } from './site.mjs'
import { listen, siteServer } from './static-server.mjs'

const HELP = `npm run soak -- [--actions N] [--seed S] [--model ID]
  --actions  how many things a person does (2000)
  --seed     of what is done (1)
  --model    the family that is played with (tiny)`

/** A fault comes after so many actions, and memory is looked at this often. */
const EVERY = 20
const LOOKS = 8
const SETTLE_MS = 240_000

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

type Random = () => number

/** What a person does: each does nothing where there is nothing of the kind to be seen. */
const ACTIONS: Readonly<Record<string, (page: Page, random: Random) => Promise<unknown>>> = {
  async press(page, random) {
    const sliders = page.locator('input[type=range]:visible')
    const count = await sliders.count()
    if (count === 0) return
    await sliders.nth(Math.floor(random() * count)).focus({ timeout: 2000 })
    await page.keyboard.press(['ArrowLeft', 'ArrowRight', 'PageUp', 'PageDown', 'Home'][Math.floor(random() * 5)]!)
  },
  async click(page, random) {
    const buttons = page.locator('main button:visible:enabled, aside button:visible:enabled')
    const count = await buttons.count()
    if (count > 0) await buttons.nth(Math.floor(random() * count)).click({ timeout: 2000 })
  },
  async method(page, random) {
    await page.locator('[data-part="method"]').first().click({ timeout: 2000 })
    const options = page.locator('[role="option"]:visible')
    const count = await options.count()
    if (count > 0) await options.nth(Math.floor(random() * count)).click({ timeout: 2000 })
  },
  escape: (page) => page.keyboard.press('Escape'),
  // Not to before the page, where there is nothing to look at.
  back: (page) =>
    page.evaluate(() => {
      if ((window.navigation.currentEntry?.index ?? 0) > 0) history.back()
    }),
  link: (page, random) =>
    page.evaluate(
      (seed) => {
        location.hash = location.hash.replace(/&seed=\d+|$/, `&seed=${seed}`)
      },
      Math.floor(random() * 1000),
    ),
}

/** Runs in a worker: it says what one says whose device is gone. */
function loseDevice(): void {
  const failure = { code: 'device-lost', message: 'The device was lost.', remedy: 'Try again.', retryable: true }
  self.postMessage({ kind: 'lost', failure })
}

/** What goes wrong around a page; each ends with the world as it was. */
const FAULTS: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
  // The page's side of it; the processor's side is a test (tests/README.md), since software for one takes minutes.
  'the device is lost': (page) =>
    Promise.all(page.workers().map((worker) => worker.evaluate(loseDevice).catch(() => undefined))),
  'the worker ends': (page) =>
    Promise.all(page.workers().map((worker) => worker.evaluate(() => self.close()).catch(() => undefined))),
  async 'no network while the worker ends'(page) {
    await page.context().setOffline(true)
    await Promise.all(page.workers().map((worker) => worker.evaluate(() => self.close()).catch(() => undefined)))
    await page.waitForTimeout(3000)
    await page.context().setOffline(false)
  },
  async 'storage is full'(page) {
    const devtools = await page.context().newCDPSession(page)
    const origin = new URL(page.url()).origin
    await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 })
    await ACTIONS.method!(page, Math.random).catch(() => undefined)
    await devtools.send('Storage.overrideQuotaForOrigin', { origin })
    await devtools.detach()
  },
  async 'a second tab'(page) {
    const other = await page.context().newPage()
    await other.goto(page.url())
    await other.waitForTimeout(2000)
    await other.close()
  },
  async 'the tab is hidden'(page) {
    const other = await page.context().newPage()
    await other.bringToFront()
    await other.waitForTimeout(1500)
    await page.bringToFront()
    await other.close()
  },
}

/** The stage at rest with pictures of its own, or a page that says why there are none. */
const AT_REST = '[data-part="stage"][data-origin="live"][aria-busy="false"]'
const SAYS_WHY = '[role="alert"]:not(:empty)'

/** Waits for the page to come to rest, and takes a way on that it offers, once; what the stage says of itself then. */
async function shown(page: Page): Promise<string> {
  const rest = async () => {
    await page.locator(`${AT_REST}, ${SAYS_WHY}`).first().waitFor({ state: 'attached', timeout: SETTLE_MS })
    // A run that follows at once is waited for as well.
    await page.waitForTimeout(1500)
    await page
      .locator('[data-part="stage"][aria-busy="false"]')
      .first()
      .waitFor({ state: 'attached', timeout: SETTLE_MS })
  }
  await rest()
  const wayOn = page.locator(`${SAYS_WHY} button:visible`).first()
  if ((await wayOn.count()) > 0) {
    // A menu that is open lies over it.
    await page.keyboard.press('Escape')
    await wayOn.click({ timeout: 20_000 })
    await page.waitForTimeout(200)
    await rest()
  }
  const stage = page.locator('[data-part="stage"]').first()
  return stage.evaluate((element) => JSON.stringify({ ...(element as HTMLElement).dataset }))
}

interface Wanted {
  readonly url: string
  readonly actions: number
  readonly random: Random
}

interface Look {
  readonly bytes: number
  readonly workers: number
}

const megabytes = (bytes: number) => Math.round(bytes / 2 ** 20)

/** What the page holds, and what it says. */
async function look(page: Page): Promise<Look> {
  await shown(page)
  const workers = page.workers().filter((worker) => /\/worker-/.test(worker.url())).length
  const says = await page.locator('[role="alert"]').allInnerTexts()
  const held = await heapsOf(page)
  const bytes = held.page + held.workers
  console.log(`  ${workers} engines, ${megabytes(bytes)} MiB`, ...says.filter((text) => text !== ''))
  return { bytes, workers }
}

/** Does what a person does, and looks between; what was seen. */
async function play(page: Page, { actions, random }: Wanted, faults: string[]): Promise<readonly Look[]> {
  const looks: Look[] = []
  const [names, harms] = [Object.keys(ACTIONS), Object.keys(FAULTS)]
  let missed = 0
  for (let i = 1; i <= actions; i++) {
    const action = ACTIONS[names[Math.floor(random() * names.length)]!]!
    // What was to be clicked may have gone meanwhile.
    await action(page, random).catch(() => missed++)
    if (i % EVERY === 0) {
      const harm = harms[(i / EVERY - 1) % harms.length]!
      await FAULTS[harm]!(page).catch((error: unknown) => faults.push(`${i}, ${harm}: ${String(error)}`))
    }
    if (i % Math.max(1, Math.floor(actions / LOOKS)) === 0) {
      console.log(`${new Date().toISOString().slice(11, 19)} ${i} actions, ${missed} of them on nothing`)
      looks.push(await look(page))
    }
  }
  return looks
}

/** Memory that grew with the actions, workers that never came back, and such as never went. */
function growth(looks: readonly Look[]): string[] {
  const [first = 0, last = 0] = [looks[1]?.bytes, looks.at(-1)?.bytes]
  const faults = looks.every(({ workers }) => workers === 1) ? [] : ['a page at rest whose engines are none or several']
  if (last > first * 1.5 + 50 * 2 ** 20)
    faults.push(`memory grew: ${looks.map(({ bytes }) => megabytes(bytes)).join(', ')} MiB`)
  return faults
}

/** What is wrong. Rejects where the page crashes, says nothing more, or never comes to rest. */
async function soak(browser: Browser, wanted: Wanted): Promise<readonly string[]> {
  const faults: string[] = []
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } })
  const page = await context.newPage()
  page.on('pageerror', (error) => faults.push(`uncaught: ${error.message}`))
  const crashed = new Promise<never>((_, reject) => page.on('crash', () => reject(new Error('the page crashed'))))
  const played = async () => {
    await page.goto(wanted.url)
    await shown(page)
    const looks = await play(page, wanted, faults)
    // A person who stopped the last run asks for another.
    await ACTIONS.link!(page, wanted.random)
    const after = await shown(page)
    const link = page.url()
    const fresh = await (await browser.newContext({ viewport: { width: 1280, height: 720 } })).newPage()
    await fresh.goto(link)
    const again = await shown(fresh)
    if (after !== again) faults.push(`a fresh page is at ${again}, not ${after}: ${link}`)
    faults.push(...growth(looks))
    return faults
  }
  return Promise.race([played(), crashed])
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      actions: { type: 'string', default: '2000' },
      seed: { type: 'string', default: '1' },
      model: { type: 'string', default: 'tiny' },
      help: { type: 'boolean' },
    },
  })
  const executablePath = findChromium()
  if (values.help || !executablePath) {
    console.log(values.help ? HELP : 'No Chromium was found; npm test installs one or says how to.')
    process.exitCode = values.help ? 0 : 1
    return
  }
  const directory = buildSite()
  const server = siteServer({
    directory,
    isolation: true,
    intercept(_request, response, path) {
      if (!/^\/assets\/worker-[\w-]+\.js$/.test(path)) return false
      const script = COUNTS_MEMORY + readFileSync(join(directory, path), 'utf8')
      return !!response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(script)
    },
  })
  await listen(server, 0, '127.0.0.1')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/#v=3&model=${values.model}&method=seg&steps=4`
  const browser = await chromium.launch({
    executablePath,
    args: ['--disable-gpu', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  })
  try {
    const wanted = { url, actions: Number(values.actions), random: randomOf(Number(values.seed)) }
    const faults = await soak(browser, wanted).catch((error: unknown) => [`it ended early: ${String(error)}`])
    for (const fault of faults) console.error(fault)
    console.log(faults.length === 0 ? 'As a fresh page, and no larger.' : `Faults: ${faults.length}.`)
    process.exitCode = faults.length === 0 ? 0 : 1
  } finally {
    await browser.close()
    server.close()
    server.closeAllConnections()
  }
}

await main()
