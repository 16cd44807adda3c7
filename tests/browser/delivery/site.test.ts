/** The built site on a plain static host: it asks nobody else for anything, its addresses are relative, licences go with it. */
import { createServer, type AddressInfo } from 'node:net'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { plainPage } from '../../../src/cli/plain-page.mjs'
import { cardAddress, servedName } from '../../../src/model/served'
import { launch, serveSite, type Session } from '../harness'

const root = join(import.meta.dirname, '..', '..', '..')
const site = inject('site')
let browser: Session

beforeAll(async () => {
  browser = await launch({ webgpu: false, shell: true })
})
afterAll(() => browser.close())

/** A proxy that refuses everything and notes what it was asked: page, worker and service worker are all heard here. */
async function listeningProxy() {
  const asked: string[] = []
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', (bytes) => {
      const request = bytes.toString('latin1').split('\r\n')[0] ?? ''
      // Chromium's own question about every page that has form fields, whatever the page does.
      if (request !== 'CONNECT content-autofill.googleapis.com:443 HTTP/1.1') asked.push(request)
      socket.destroy()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { asked, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() }
}

test('in a sub-path of a host without headers the engine runs with threads, and no request leaves the origin', async () => {
  const proxy = await listeningProxy()
  const served = await serveSite({ isolation: false, base: '/sub/path/' })
  try {
    const { page } = await browser.open(served.url, { proxy: { server: proxy.address, bypass: '127.0.0.1' } })
    const engine = availableParallelism() > 1 ? /^Engine: Processor · \d cores/ : /^Engine: Processor/
    await page.getByRole('button', { name: engine }).waitFor({ timeout: 120_000 })
    browser.expectClean()
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
    expect(served.requests.some((path) => /^\/models\/.*\.bin$/.test(path))).toBe(true)
    expect(proxy.asked).toEqual([])
    // The proxy would have heard it.
    await page.goto('http://elsewhere.invalid/x').catch(() => null)
    expect(proxy.asked).toContain('GET http://elsewhere.invalid/x HTTP/1.1')
  } finally {
    await browser.reset()
    await served.close()
    proxy.close()
  }
})

test('the page and its styles name only relative addresses', () => {
  const html = readFileSync(join(site, 'index.html'), 'utf8')
  const addresses = [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address]) => address!)
  expect(addresses.length).toBeGreaterThan(3)
  expect(addresses.filter((address) => !address.startsWith('./'))).toEqual([])
  for (const address of addresses) expect(existsSync(join(site, address)), address).toBe(true)
  for (const file of readdirSync(join(site, 'assets')).filter((name) => name.endsWith('.css'))) {
    const inside = [...readFileSync(join(site, 'assets', file), 'utf8').matchAll(/url\(["']?([^"')]+)/g)].map(
      ([, address]) => address!,
    )
    expect(inside.filter((address) => /^(?:\/|https?:)/.test(address))).toEqual([])
  }
})

test('the element for other pages is under 3 kB as it is served', () => {
  const bytes = readFileSync(join(site, 'guidance-playground.js'))
  expect(bytes.length).toBeLessThan(3000)
  expect(bytes.toString()).toContain('customElements')
})

test('models go with the site, their training recipes do not', () => {
  for (const id of readdirSync(join(site, 'models'))) {
    const manifest = JSON.parse(readFileSync(join(site, 'models', id, 'manifest.json'), 'utf8')) as Record<
      'graph' | 'weights' | 'golden',
      { file: string }
    >
    for (const { file } of [manifest.graph, manifest.weights, manifest.golden]) {
      expect(
        readFileSync(join(site, 'models', id, servedName(file))).equals(readFileSync(join(root, 'models', id, file))),
        file,
      ).toBe(true)
    }
    expect(existsSync(join(site, 'models', id, 'train'))).toBe(false)
    // As a page: a host that does not know `.md` would have a browser save the card.
    expect(readFileSync(join(site, cardAddress(id)), 'utf8')).toBe(
      plainPage(`Model card: ${id}`, readFileSync(join(root, 'models', id, 'README.md'), 'utf8')),
    )
  }
})

test('every package that reaches the browser is in THIRD_PARTY.md, and its licence text in the site', () => {
  const notices = readFileSync(join(root, 'THIRD_PARTY.md'), 'utf8')
  const page = readFileSync(join(site, 'licences.html'), 'utf8')
  const texts = page.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
  expect(texts).toContain(`<pre>${notices}`)
  const packages = [...texts.matchAll(/^={80}\n([@\w/.-]+) \d\S* \(.+\)$/gm)].map(([, name]) => name!)
  // Page, styles, fonts and worker.
  expect(packages).toEqual(
    expect.arrayContaining([
      'react',
      'katex',
      'tailwindcss',
      '@fontsource-variable/inter',
      'onnxruntime-web',
      'onnx-buf',
      '@bufbuild/protobuf',
    ]),
  )
  const inPage = notices.slice(0, notices.indexOf('Installed with them'))
  const named = (name: string) => new RegExp(`(?<![\\w@/-])${name}(?![\\w/-])`).test(inPage)
  expect(packages.filter((name) => !named(name))).toEqual([])
})
