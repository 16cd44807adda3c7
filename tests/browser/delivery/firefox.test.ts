/**
 * The built site in Debian's Firefox, driven over WebDriver BiDi, as its most careful owners set it: fingerprints resisted, so
 * that canvases are spoiled, on a host that sends a strict policy and no isolation headers. One visit, looked at in order.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decode } from 'fast-png'
import { unzipSync } from 'fflate'
import puppeteer, { type Browser, type Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findFirefox } from '../../../src/cli/firefox.mjs'
import { serveSite, type Site } from '../harness'

const executablePath = findFirefox()
const POLICY = "default-src 'self'; style-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'"
const LINK = '#v=2&model=tiny&method=pag&seed=5&steps=2'
const WAIT = { timeout: 60_000 }

describe.skipIf(!executablePath)('in Firefox', () => {
  let downloads: string
  let site: Site
  let browser: Browser
  let page: Page
  const violations: string[] = []

  beforeAll(async () => {
    downloads = mkdtempSync(join(tmpdir(), 'firefox-downloads-'))
    site = await serveSite({
      isolation: false,
      base: '/some/where/',
      intercept: (_request, response) => {
        response.setHeader('Content-Security-Policy', POLICY)
        return false
      },
    })
    browser = await puppeteer.launch({
      browser: 'firefox',
      executablePath: executablePath!,
      extraPrefsFirefox: {
        'privacy.resistFingerprinting': true,
        'browser.download.folderList': 2,
        'browser.download.dir': downloads,
        // No process is started ahead of need.
        'dom.ipc.processPrelaunch.enabled': false,
      },
    })
    page = await browser.newPage()
    page.on('console', (message) => {
      if (message.text().startsWith('policy: ')) violations.push(message.text())
    })
    await page.evaluateOnNewDocument(() =>
      addEventListener('securitypolicyviolation', (event) => console.info(`policy: ${event.violatedDirective}`)),
    )
    await page.setViewport({ width: 1440, height: 900 })
    // It is reloaded once to become isolated, which may come before it has loaded.
    await page.goto(site.url + LINK).catch(() => {})
  })
  afterAll(async () => {
    await browser?.close()
    await site?.close()
    if (downloads) rmSync(downloads, { recursive: true, force: true })
  })

  /** Asks the page; null while it is being loaded. Isolated, it is at times another to the driver than it was before. */
  const ask = async <T>(what: () => T) => {
    try {
      return await page.evaluate(what)
    } catch {
      page = (await browser.pages()).reverse().find((one) => one.url().startsWith(site.url)) ?? page
      return null
    }
  }
  const digest = () =>
    ask(
      () => document.querySelector<HTMLElement>('[data-origin="live"][aria-busy="false"]')?.dataset['digests'] ?? null,
    )
  /** The digest where there is one, else what the page says instead. */
  const shown = async () =>
    (await digest()) ?? (await ask(() => document.body.innerText.slice(0, 600))) ?? 'there is no page to ask'
  async function drawn(): Promise<void> {
    await expect.poll(shown, WAIT).toMatch(/^[0-9a-f]{64}$/)
  }

  /** What the page saves by one item of its menu. */
  async function saved(part: string, ending: string): Promise<Buffer> {
    await page.locator('[data-part="files"]').click()
    await page.locator(`[data-part="${part}"]`).click()
    const find = () => readdirSync(downloads).find((name) => name.endsWith(ending)) ?? ''
    await expect.poll(() => find() && statSync(join(downloads, find())).size, WAIT).toBeGreaterThan(0)
    return readFileSync(join(downloads, find()))
  }

  test('it becomes isolated, runs on threads under the policy, and its numbers are the stored ones', async () => {
    await drawn()
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
    // A backend that did not reproduce them within 1e-4 would not be used.
    expect(await page.$eval('[data-part="engine"]', (menu) => menu.getAttribute('aria-label'))).toMatch(
      /Processor.*cores/,
    )
    await page.locator('.katex-html').wait()
    expect(violations).toEqual([])
    // The columns scroll, and the page does not, though scrollbars here take room.
    expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBe(900)
  })

  test('a saved picture holds the exact pixels though canvases are spoiled, and opens again', async () => {
    const spoiled = await page.evaluate(() => {
      const context = new OffscreenCanvas(8, 8).getContext('2d')!
      context.fillRect(0, 0, 8, 8)
      return context.getImageData(0, 0, 8, 8).data.some((byte, i) => byte !== (i % 4 === 3 ? 255 : 0))
    })
    expect(spoiled).toBe(true)
    const png = decode(await saved('save-png', '.png'))
    const array = unzipSync(await saved('save-tensors', '.npz'))['guided.npy']!
    const numbers = Buffer.from(array).subarray(10 + Buffer.from(array).readUInt16LE(8))
    const side = Math.sqrt(numbers.length / 4 / 3)
    // The third panel of 512 pixels, below its name; each pixel is a square.
    const at = (place: number) => Math.floor(((place + 0.5) * 512) / side)
    const [inPicture, inTensor] = [new Uint8ClampedArray(3 * side * side), new Uint8ClampedArray(3 * side * side)]
    for (let i = 0; i < inPicture.length; i++) {
      const [pixel, channel] = [Math.floor(i / 3), i % 3]
      const [x, y] = [40 + 2 * (512 + 24) + at(pixel % side), 40 + 34 + at(Math.floor(pixel / side))]
      inPicture[i] = png.data[png.channels * (y * png.width + x) + channel]!
      inTensor[i] = (numbers.readFloatLE(4 * (channel * side * side + pixel)) + 1) * 127.5
    }
    expect(new Set(inPicture).size).toBeGreaterThan(20)
    expect(inPicture).toEqual(inTensor)
    // Around them it is white.
    expect(new Set(png.data.subarray(0, png.channels * png.width * 40))).toEqual(new Set([255]))

    const before = await digest()
    await page.locator('[data-part="next-seed"]').click()
    await expect.poll(() => ask(() => location.hash)).toContain('seed=6')
    const input = (await page.$('input[data-part="open-file"]'))!
    const name = readdirSync(downloads).find((each) => each.endsWith('.png'))!
    await input.uploadFile(join(downloads, name))
    await expect.poll(() => ask(() => location.hash), WAIT).toContain('seed=5')
    await expect.poll(digest, WAIT).toBe(before)
  })

  test('an animation keeps its name', async () => {
    expect((await saved('save-animation', '.apng.png')).toString('latin1')).toContain('acTL')
  })

  test('after the visit it opens without a network, and draws the same', async () => {
    await drawn()
    const before = await digest()
    await expect
      .poll(() => page.evaluate(async () => !!(await caches.match(new URL('./', document.baseURI)))), WAIT)
      .toBe(true)
    await site.close()
    await page.reload()
    await expect.poll(shown, WAIT).toBe(before)
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
  })

  test('a held key makes one entry of the history', async () => {
    const before = await page.evaluate(() => history.length)
    const scale = () => ask(() => Number(new URLSearchParams(location.hash.slice(1)).get('scale')))
    await page.focus('[data-part="scale"] input[type=range]')
    for (let i = 0; i < 8; i++) await page.keyboard.down('ArrowRight')
    await page.keyboard.up('ArrowRight')
    await expect.poll(scale).toBeGreaterThan(1)
    expect(await page.evaluate(() => history.length)).toBe(before + 1)
  })
})
