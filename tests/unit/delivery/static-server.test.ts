/** The static server behind `npm start` and the browser tests behaves as a good static host does. */
import { get } from 'node:http'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodingFor, listen, parseRange, siteServer } from '../../../src/cli/static-server.mjs'

const bytes = Uint8Array.from({ length: 1000 }, (_, i) => (i * 7) % 256)
const folder = mkdtempSync(join(tmpdir(), 'site-'))
const directory = join(folder, 'site')
const server = siteServer({ directory, isolation: true, compress: true, base: '/a/b/' })
let origin = ''

beforeAll(async () => {
  mkdirSync(join(directory, 'models', 'm'), { recursive: true })
  writeFileSync(join(directory, 'index.html'), '<p>here')
  for (const name of ['weights.bin', 'graph.onnx', 'runtime.wasm', 'glue.mjs', 'empty.txt']) {
    writeFileSync(join(directory, 'models', 'm', name), name === 'empty.txt' ? '' : bytes)
  }
  writeFileSync(join(folder, 'secret.txt'), 'not part of the site')
  origin = `http://127.0.0.1:${await listen(server, 0, '127.0.0.1')}`
})
afterAll(() => {
  server.close()
  server.closeAllConnections()
  rmSync(folder, { recursive: true })
})

/** The status of a path sent as it stands; fetch would tidy the dots away. */
function rawStatus(path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get(`${origin}`, { path }, (response) => resolve(response.resume().statusCode)).on('error', reject)
  })
}

test('content types that browsers insist on', async () => {
  const type = async (path: string) => (await fetch(`${origin}/a/b/${path}`)).headers.get('Content-Type')
  expect(await type('')).toBe('text/html; charset=utf-8')
  expect(await type('models/m/runtime.wasm')).toBe('application/wasm')
  expect(await type('models/m/glue.mjs')).toBe('text/javascript; charset=utf-8')
  expect(await type('models/m/weights.bin')).toBe('application/octet-stream')
  expect(await type('models/m/graph.onnx')).toBe('application/octet-stream')
})

test('whole files, empty files, HEAD and not modified', async () => {
  const whole = await fetch(`${origin}/a/b/models/m/weights.bin`)
  expect(whole.status).toBe(200)
  expect(whole.headers.get('Content-Length')).toBe('1000')
  expect(new Uint8Array(await whole.arrayBuffer())).toEqual(bytes)
  expect(await (await fetch(`${origin}/a/b/models/m/empty.txt`)).text()).toBe('')
  const head = await fetch(`${origin}/a/b/models/m/weights.bin`, { method: 'HEAD' })
  expect(head.headers.get('Content-Length')).toBe('1000')
  const again = await fetch(`${origin}/a/b/models/m/weights.bin`, {
    headers: { 'If-None-Match': whole.headers.get('ETag')! },
    cache: 'no-store',
  })
  expect(again.status).toBe(304)
  expect((await fetch(`${origin}/a/b/`, { method: 'POST' })).status).toBe(405)
})

test('a cut-off download goes on where it stopped, unless the file changed', async () => {
  const url = `${origin}/a/b/models/m/weights.bin`
  const tag = (await fetch(url)).headers.get('ETag')!
  const rest = await fetch(url, { headers: { Range: 'bytes=600-', 'If-Range': tag } })
  expect(rest.status).toBe(206)
  expect(rest.headers.get('Content-Range')).toBe('bytes 600-999/1000')
  expect(new Uint8Array(await rest.arrayBuffer())).toEqual(bytes.slice(600))
  const changed = await fetch(url, { headers: { Range: 'bytes=600-', 'If-Range': '"another"' } })
  expect(changed.status).toBe(200)
  expect((await changed.arrayBuffer()).byteLength).toBe(1000)
  const past = await fetch(url, { headers: { Range: 'bytes=1000-' } })
  expect(past.status).toBe(416)
  expect(past.headers.get('Content-Range')).toBe('bytes */1000')
})

/** What the server sends, as it goes over the wire: fetch would decode it. */
function sent(path: string, headers: Record<string, string>) {
  return new Promise<{ readonly headers: Record<string, unknown>; readonly status: number; readonly body: Buffer }>(
    (resolve, reject) => {
      get(`${origin}/a/b/${path}`, { headers }, (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('end', () =>
          resolve({ headers: response.headers, status: response.statusCode ?? 0, body: Buffer.concat(parts) }),
        )
      }).on('error', reject)
    },
  )
}

test('what is worth it is compressed as the browser takes it, and can still be continued and asked for again', async () => {
  const path = 'models/m/runtime.wasm'
  for (const [accepted, decode] of [
    ['gzip, deflate, br', brotliDecompressSync],
    ['gzip, deflate', gunzipSync],
  ] as const) {
    const { headers, body } = await sent(path, { 'Accept-Encoding': accepted })
    expect(headers).toMatchObject({ 'content-type': 'application/wasm', vary: 'Accept-Encoding' })
    expect(new Uint8Array(decode(body))).toEqual(bytes)
    expect(body.length).toBeLessThan(bytes.length / 2)
    const again = await sent(path, { 'Accept-Encoding': accepted, 'If-None-Match': String(headers.etag) })
    expect([again.status, again.body.length]).toEqual([304, 0])
    // A tag is of one encoding's bytes: with another's, nothing is continued.
    const other = await sent(path, {
      'Accept-Encoding': accepted,
      Range: 'bytes=600-',
      'If-Range': String(headers.etag),
    })
    expect([other.status, other.body.length]).toEqual([200, 1000])
  }
  const part = await sent(path, { 'Accept-Encoding': 'br', Range: 'bytes=600-' })
  expect([part.status, part.headers['content-encoding'], part.headers.vary]).toEqual([
    206,
    undefined,
    'Accept-Encoding',
  ])
  expect(new Uint8Array(part.body)).toEqual(bytes.slice(600))
  const weights = await sent('models/m/weights.bin', { 'Accept-Encoding': 'br, gzip' })
  expect([weights.headers['content-encoding'], weights.headers.vary, weights.body.length]).toEqual([
    undefined,
    undefined,
    1000,
  ])
})

test('encodings as RFC 9110 section 12.5.3 reads them', () => {
  const named = (header: string | undefined) => encodingFor(header)?.name
  expect(named('gzip, deflate, br, zstd')).toBe('br')
  expect(named('br;q=0, GZIP;q=0.5')).toBe('gzip')
  expect(named('*')).toBe('br')
  for (const header of [undefined, '', 'identity', 'deflate', 'gzip;q=0']) expect(named(header)).toBeUndefined()
})

test('ranges as RFC 9110 section 14 reads them', () => {
  expect(parseRange('bytes=0-0', 10)).toEqual({ first: 0, last: 0 })
  expect(parseRange('bytes=3-99', 10)).toEqual({ first: 3, last: 9 })
  expect(parseRange('bytes=-4', 10)).toEqual({ first: 6, last: 9 })
  expect(parseRange('bytes=-40', 10)).toEqual({ first: 0, last: 9 })
  expect(parseRange('bytes=-0', 10)).toBe('unsatisfiable')
  expect(parseRange('bytes=10-', 10)).toBe('unsatisfiable')
  for (const ignored of [undefined, 'bytes=5-2', 'bytes=-', 'bytes=0-1,3-4', 'items=0-1'])
    expect(parseRange(ignored, 10)).toBeNull()
})

describe('paths', () => {
  test('only what lies under the base and inside the folder', async () => {
    expect((await fetch(`${origin}/`)).status).toBe(404)
    expect((await fetch(`${origin}/a/b`, { redirect: 'manual' })).headers.get('Location')).toBe('/a/b/')
    expect(await rawStatus('/a/b/index.html')).toBe(200)
    for (const path of ['/a/b/../secret.txt', '/a/b/%2e%2e/secret.txt', '/a/b/..%2fsecret.txt', '/a/b/models'])
      expect(await rawStatus(path)).toBe(404)
    for (const path of ['/a/b/%', '/a/b/x%00']) expect(await rawStatus(path)).toBe(400)
  })

  test('isolation headers on every answer, errors too', async () => {
    for (const path of ['/a/b/', '/a/b/models/m/glue.mjs', '/a/b/nothing']) {
      const { headers } = await fetch(origin + path)
      expect(headers.get('Cross-Origin-Opener-Policy')).toBe('same-origin')
      expect(headers.get('Cross-Origin-Embedder-Policy')).toBe('require-corp')
    }
  })
})

test('a port that is taken is passed over', async () => {
  const taken = Number(new URL(origin).port)
  const second = siteServer({ directory, isolation: false })
  try {
    expect(await listen(second, taken, '127.0.0.1')).toBeGreaterThan(taken)
  } finally {
    second.close()
  }
})
