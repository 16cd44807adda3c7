/** The built site on a host that was set up for nothing: stock nginx, its table of types, no headers, http, a sub-path. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest'
import { hasNginx, likeNginx, nginx, typeOf, type PlainHost } from '../../support/plain-host'
import { launch, type Session } from '../harness'

const BASE = '/some/where/'
const STAGE = 'section[aria-label^="Positive, negative"]'
/** Endings whose types every host knows. No other is in the site: what a host does not know it may refuse, save or call a page. */
const KNOWN = ['.html', '.js', '.wasm', '.json', '.bin', '.css', '.woff2', '.svg', '.png', '.jpg', '.webp']
/** Some hosts take no larger file. */
const LARGEST = 25 * 2 ** 20

const site = inject('site')
let browser: Session
let host: PlainHost

beforeAll(async () => {
  browser = await launch({ webgpu: false, quick: true, shell: true })
  host = await (hasNginx ? nginx : likeNginx)(site, BASE)
})
afterEach(() => browser.reset())
afterAll(async () => {
  await browser.close()
  await host.close()
})

test('every file of the site has a name that hosts know, and none is too large for one', () => {
  const files = readdirSync(site, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  expect(files.length).toBeGreaterThan(100)
  expect(files.map(({ name }) => name).filter((name) => !KNOWN.includes(extname(name)))).toEqual([])
  expect(KNOWN.filter((ending) => !typeOf(`x${ending}`))).toEqual([])
  // What a browser runs must be called a script.
  expect(typeOf('x.js')).toBe('application/javascript')
  const size = ({ parentPath, name }: (typeof files)[number]) => statSync(join(parentPath, name)).size
  expect(files.filter((file) => size(file) >= LARGEST).map(({ name }) => name)).toEqual([])
})

test('the parts of the runtime that is too large for one file make it up', () => {
  const runtime = 'ort-wasm-simd-threaded.asyncify.wasm'
  const assets = join(site, 'assets')
  const parts = readdirSync(assets)
    .filter((name) => name.startsWith(runtime))
    .sort()
  expect(parts.length).toBeGreaterThan(1)
  const whole = readFileSync(join(import.meta.dirname, '../../../node_modules/onnxruntime-web/dist', runtime))
  expect(Buffer.concat(parts.map((name) => readFileSync(join(assets, name)))).equals(whole)).toBe(true)
})

/** Waits until the engine has drawn the picture of these settings, and returns its digest. */
async function drawn(url: string, proxy?: string): Promise<{ readonly digest: string; readonly engine: string }> {
  const { page } = await browser.open(url, proxy === undefined ? {} : { proxy: { server: proxy } })
  const engine = page.getByRole('button', { name: /^Engine: Processor/ })
  await engine.waitFor({ timeout: 120_000 })
  const stage = page.locator(`${STAGE}[data-digests]`)
  await stage.waitFor({ timeout: 120_000 })
  browser.expectClean()
  return {
    digest: (await stage.getAttribute('data-digests'))!,
    engine: (await engine.getAttribute('aria-label')) ?? (await engine.innerText()),
  }
}

const LINK = '#v=2&model=tiny&seed=5&steps=4'

test(`${hasNginx ? 'nginx' : 'a server like nginx'} starts the engine and draws a picture, and plain http draws the same`, async () => {
  const local = await drawn(`http://127.0.0.1:${host.port}${BASE}${LINK}`)
  expect(local.digest).toMatch(/^[0-9a-f]{64}$/)
  await browser.reset()
  // An origin that is no secure context, as in a local network: neither threads nor storage nor the browser's own SHA-256.
  const remote = await drawn(`http://playground.test${BASE}${LINK}`, `http://127.0.0.1:${host.port}`)
  expect(remote.engine).toContain('1 core')
  expect(remote.digest).toBe(local.digest)
})
