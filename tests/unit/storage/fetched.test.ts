/** Files by an address, from a server that breaks off, changes its mind, or has none of them. */
import { createHash, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type Drafts, FetchError, fetchFile, forgetDrafts, sizeAt, textAt } from '../../../src/storage/fetched'

const PIECE = 2 ** 22
const first = randomBytes(2 * PIECE + 12_345)
let bytes = first
const tagOf = () => `"${createHash('sha256').update(bytes).digest('hex').slice(0, 12)}"`
/** Bytes after which the next answers break off. */
let breaks: number[] = []
/** What each request asked for. */
let ranges: (string | undefined)[] = []
let tagged = true

function answer(request: IncomingMessage, response: ServerResponse): void {
  if (request.url === '/page') return void response.setHeader('Content-Type', 'text/html').end('<!doctype html>')
  if (request.url?.startsWith('/config.json')) return void response.end('{"a": 1}')
  if (request.url !== '/net.onnx') return void response.writeHead(404).end()
  if (tagged) response.setHeader('ETag', tagOf())
  response.setHeader('Content-Type', 'application/octet-stream')
  if (request.method === 'HEAD') return void response.setHeader('Content-Length', bytes.length).end()
  const { range } = request.headers
  ranges.push(range)
  const start = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0)
  if (start >= bytes.length) return void response.writeHead(416).end()
  if (range) response.statusCode = 206
  if (range) response.setHeader('Content-Range', `bytes ${start}-${bytes.length - 1}/${bytes.length}`)
  response.setHeader('Content-Length', bytes.length - start)
  const most = breaks.shift()
  if (most === undefined) return void response.end(bytes.subarray(start))
  response.write(bytes.subarray(start, start + most), () => setTimeout(() => response.destroy(), 20))
}

let server: Server
let base: string
beforeAll(async () => {
  server = createServer(answer)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
})
afterAll(() => new Promise((done) => server.close(done)))
beforeEach(() => {
  bytes = first
  breaks = []
  ranges = []
  tagged = true
})

function memory(): Drafts & { readonly kept: Map<string, Blob> } {
  const kept = new Map<string, Blob>()
  return {
    kept,
    read: async (key) => kept.get(key) ?? null,
    write: async (key, piece) => void kept.set(key, piece),
    remove: async (key) => void kept.delete(key),
    keys: async () => [...kept.keys()],
  }
}
const parts = (drafts: Drafts | null) => ({ drafts, fetch, wait: async () => undefined })
const never = () => new AbortController().signal
const sameAs = async (file: File) => Buffer.from(await file.arrayBuffer()).equals(bytes)

it('a download that breaks off goes on where it was, and at the next visit, too', async () => {
  const drafts = memory()
  breaks = [PIECE + 1000, 0, 0, 0]
  const seen: number[] = []
  await expect(fetchFile(`${base}net.onnx`, parts(drafts), never(), (loaded) => seen.push(loaded))).rejects.toThrow(
    /could not be fetched whole.*press the button again/,
  )
  expect(ranges[0]).toBeUndefined()
  expect(ranges.slice(1).every((range) => range === `bytes=${seen.at(-1)}-`)).toBe(true)
  expect(seen.at(-1)).toBeGreaterThanOrEqual(PIECE)
  ranges = []
  const file = await fetchFile(`${base}net.onnx`, parts(drafts), never(), () => undefined)
  expect(ranges).toEqual([`bytes=${seen.at(-1)}-`])
  expect(file.name).toBe('net.onnx')
  expect(await sameAs(file)).toBe(true)
  await forgetDrafts(drafts, `${base}other/`)
  expect(drafts.kept.size).toBe(0)
})

it('another version of the file begins anew', async () => {
  const drafts = memory()
  breaks = [PIECE + 1000, 0, 0, 0]
  await expect(fetchFile(`${base}net.onnx`, parts(drafts), never(), () => undefined)).rejects.toThrow(FetchError)
  bytes = randomBytes(PIECE + 77)
  expect(await sameAs(await fetchFile(`${base}net.onnx`, parts(drafts), never(), () => undefined))).toBe(true)
})

it.each([true, false])('without storage, or without names of versions, it comes all the same', async (named) => {
  tagged = named
  breaks = [1000]
  const file = await fetchFile(`${base}net.onnx`, parts(named ? null : memory()), never(), () => undefined)
  expect(await sameAs(file)).toBe(true)
  expect(ranges).toHaveLength(2)
})

it('says how large a file is, and what stands in the way', async () => {
  expect(await sizeAt(`${base}net.onnx`, parts(null), never())).toBe(bytes.length)
  await expect(sizeAt(`${base}none.onnx`, parts(null), never())).rejects.toThrow('has no such file')
  await expect(sizeAt(`${base}page`, parts(null), never())).rejects.toThrow('answered with a web page')
  await expect(sizeAt('http://127.0.0.1:1/net.onnx', parts(null), never())).rejects.toThrow('(CORS)')
  expect(await textAt(`${base}config.json`, 100, parts(null), never())).toBe('{"a": 1}')
  expect(await textAt(`${base}none.json`, 100, parts(null), never())).toBeNull()
  expect(await textAt(`${base}page`, 100, parts(null), never())).toBeNull()
})

it('ends by its signal, and keeps what came', async () => {
  const drafts = memory()
  const stop = new AbortController()
  const loading = fetchFile(`${base}net.onnx`, parts(drafts), stop.signal, (loaded) => {
    if (loaded > PIECE) stop.abort(new Error('stopped'))
  })
  await expect(loading).rejects.toThrow('stopped')
  expect(drafts.kept.size).toBeGreaterThan(0)
})
