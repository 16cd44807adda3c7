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
import { COUNTS_MEMORY, heapOf } from './heap'
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

/** What goes wrong around a page; each ends with the world as it was. */
const FAULTS: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
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

/** Waits until the pictures are of the settings, or until the page says why not; what the stage says of itself then. */
async function shown(page: Page): Promise<string> {
  const stage = page.locator('[data-part="stage"]').first()
  await page
    .locator('[data-part="stage"][data-origin="live"][aria-busy="false"], [role="alert"]')
    .first()
    .waitFor({ state: 'attached', timeout: SETTLE_MS })
  // A run that follows at once is waited for as well.
  await page.waitForTimeout(1500)
  await page
    .locator('[data-part="stage"][aria-busy="false"]')
    .first()
    .waitFor({ state: 'attached', timeout: SETTLE_MS })
  return stage.evaluate((element) => JSON.stringify({ ...(element as HTMLElement).dataset }))
}

interface Wanted {
  readonly url: string
  readonly actions: number
  readonly random: Random
}

const megabytes = (bytes: number) => Math.round(bytes / 2 ** 20)

/** Does what a person does, and looks at the memory between; how much there was. */
async function play(page: Page, { actions, random }: Wanted, faults: string[]): Promise<readonly number[]> {
  const memory: number[] = []
  const [names, harms] = [Object.keys(ACTIONS), Object.keys(FAULTS)]
  let missed = 0
  for (let i = 1; i <= actions; i++) {
    const action = ACTIONS[names[Math.floor(random() * names.length)]!]!
    // What was to be clicked may have gone meanwhile.
    await action(page, random).catch(() => missed++)
    if (i % EVERY === 0) {
      const harm = harms[(i / EVERY - 1) % harms.length]!
      console.log(`${i}: ${harm}`)
      await FAULTS[harm]!(page).catch((error: unknown) => faults.push(`${harm}: ${String(error)}`))
    }
    if (i % Math.max(1, Math.floor(actions / LOOKS)) === 0) {
      await shown(page)
      memory.push(await heapOf(page))
      console.log(`${i} actions, ${missed} of them on nothing, ${megabytes(memory.at(-1)!)} MiB`)
    }
  }
  return memory
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
    const memory = await play(page, wanted, faults)
    const after = await shown(page)
    const link = page.url()
    const fresh = await (await browser.newContext({ viewport: { width: 1280, height: 720 } })).newPage()
    await fresh.goto(link)
    const again = await shown(fresh)
    if (after !== again) faults.push(`a fresh page is at ${again}, not ${after}: ${link}`)
    const [first = 0, last = 0] = [memory[1], memory.at(-1)]
    if (last > first * 1.5 + 50 * 2 ** 20) faults.push(`memory grew: ${memory.map(megabytes).join(', ')} MiB`)
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
