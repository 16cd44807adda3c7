import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { fileServedAs } from '../../../src/model/served'
import type { ModelFile } from '../../../src/model/types'
import { loadModelFiles, type FileStore, type ModelFilesRequest } from '../../../src/storage/model-files'
import { EngineError } from '../../../src/core/failure'
import type { EngineFailure } from '../../../src/core/failure'

const content = (name: string, length: number) =>
  Uint8Array.from({ length }, (_, i) => (i * 31 + name.length * 7 + name.charCodeAt(0)) & 255)
const describeFile = (file: string, bytes: Uint8Array): ModelFile => ({
  file,
  bytes: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
})

const WEIGHTS = content('weights.bin', 1000)
const GRAPH = content('graph.onnx', 300)
const files = [describeFile('graph.onnx', GRAPH), describeFile('weights.bin', WEIGHTS)]

class MemoryStore implements FileStore {
  readonly kept = new Map<string, Uint8Array<ArrayBuffer>>()
  async read(model: string, hash: string) {
    return this.kept.get(`${model}/${hash}`) ?? null
  }
  async write(model: string, hash: string, bytes: Uint8Array<ArrayBuffer>) {
    this.kept.set(`${model}/${hash}`, bytes)
  }
  async remove(model: string, hash: string) {
    this.kept.delete(`${model}/${hash}`)
  }
  async list(model: string) {
    return [...this.kept.keys()].flatMap((key) => (key.startsWith(`${model}/`) ? [key.slice(model.length + 1)] : []))
  }
}

interface Asked {
  readonly file: string
  readonly range: string | null
  readonly cache: RequestCache | undefined
}

/** What the server does with one request: sends these bytes in chunks, then ends or breaks the connection. */
interface Answer {
  readonly status?: number
  readonly headers?: Record<string, string>
  readonly bytes?: Uint8Array
  readonly breaks?: boolean
}

/** A server that answers from a script per file; the last answer repeats. */
function server(script: Record<string, readonly ((range: number) => Answer)[]>) {
  const asked: Asked[] = []
  const served: Record<string, number> = {}
  const fetch: typeof globalThis.fetch = async (url, init) => {
    const file = fileServedAs(String(url).replace('https://site.test/models/m/', ''))
    const headers = new Headers(init?.headers)
    asked.push({ file, range: headers.get('Range'), cache: init?.cache })
    const answers = script[file] ?? []
    const answer = answers[Math.min(served[file] ?? 0, answers.length - 1)]
    served[file] = (served[file] ?? 0) + 1
    if (!answer) throw new TypeError('Failed to fetch')
    const {
      status = 200,
      headers: sent = {},
      bytes = new Uint8Array(),
      breaks = false,
    } = answer(Number(/bytes=(\d+)-/.exec(headers.get('Range') ?? '')?.[1] ?? 0))
    let at = 0
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (init?.signal?.aborted) return controller.error(init.signal.reason)
        if (at < bytes.length) controller.enqueue(bytes.slice(at, (at += 100)))
        else if (breaks) controller.error(new TypeError('network error'))
        else controller.close()
      },
    })
    return new Response(status === 204 ? null : body, { status, headers: sent })
  }
  return { asked, fetch }
}

const whole = (bytes: Uint8Array) => () => ({ bytes })
const graphOnly = { 'graph.onnx': [whole(GRAPH)] }

interface Loaded {
  readonly files: Uint8Array[]
  readonly progress: (readonly [number, number])[]
  readonly notices: EngineFailure[]
  readonly waits: number[]
}

async function load(
  from: { fetch: typeof fetch },
  store: FileStore | null,
  extra: Partial<ModelFilesRequest> = {},
): Promise<Loaded> {
  const progress: (readonly [number, number])[] = []
  const notices: EngineFailure[] = []
  const waits: number[] = []
  const loaded = await loadModelFiles({
    model: 'm',
    base: 'https://site.test/models/m/',
    files,
    signal: new AbortController().signal,
    onProgress: (...report) => progress.push(report),
    onNotice: (notice) => notices.push(notice),
    store,
    fetch: from.fetch,
    wait: async (milliseconds) => void waits.push(milliseconds),
    ...extra,
  })
  return { files: loaded, progress, notices, waits }
}

const failureOf = async (promise: Promise<unknown>): Promise<EngineFailure> => {
  const error = await promise.then(
    () => new Error('it loaded'),
    (reason: unknown) => reason,
  )
  if (!(error instanceof EngineError)) throw error
  return error.failure
}

describe('a first visit', () => {
  test('downloads every file once, keeps it, and reports bytes that rise to the total', async () => {
    const site = server({ ...graphOnly, 'weights.bin': [whole(WEIGHTS)] })
    const store = new MemoryStore()
    const { files: got, progress, notices } = await load(site, store)
    expect(got).toEqual([GRAPH, WEIGHTS])
    expect(site.asked).toHaveLength(2)
    expect([...store.kept.keys()].sort()).toEqual(files.map(({ sha256 }) => `m/${sha256}`).sort())
    expect(progress.at(-1)).toEqual([1300, 1300])
    expect(progress.every(([loaded], i) => i === 0 || loaded >= progress[i - 1]![0])).toBe(true)
    expect(notices).toEqual([])
  })

  test('without any storage still loads, and says nothing: there is nothing a person could do', async () => {
    const { files: got, notices } = await load(server({ ...graphOnly, 'weights.bin': [whole(WEIGHTS)] }), null)
    expect(got).toEqual([GRAPH, WEIGHTS])
    expect(notices).toEqual([])
  })
})

describe('a later visit', () => {
  const filled = () => {
    const store = new MemoryStore()
    store.kept.set(`m/${files[0]!.sha256}`, GRAPH)
    store.kept.set(`m/${files[1]!.sha256}`, WEIGHTS)
    return store
  }

  test('asks the server for nothing', async () => {
    const site = server({})
    expect((await load(site, filled())).files).toEqual([GRAPH, WEIGHTS])
    expect(site.asked).toEqual([])
  })

  test('replaces a kept file that was damaged', async () => {
    const store = filled()
    store.kept.set(
      `m/${files[1]!.sha256}`,
      WEIGHTS.map((byte, i) => (i === 500 ? byte ^ 1 : byte)),
    )
    const site = server({ 'weights.bin': [whole(WEIGHTS)] })
    expect((await load(site, store)).files).toEqual([GRAPH, WEIGHTS])
    expect(site.asked.map(({ file }) => file)).toEqual(['weights.bin'])
    expect(store.kept.get(`m/${files[1]!.sha256}`)).toEqual(WEIGHTS)
  })

  test('removes files of an older version of the model, and no other model’s', async () => {
    const store = filled()
    store.kept.set('m/0ld', GRAPH)
    store.kept.set('other/0ld', GRAPH)
    store.kept.set('m/snapshot', GRAPH)
    await load(server({}), store, { belonging: [{ file: 'snapshot.bin', bytes: 300, sha256: 'snapshot' }] })
    expect(store.kept.has('m/0ld')).toBe(false)
    expect(store.kept.has('other/0ld')).toBe(true)
    expect(store.kept.has('m/snapshot')).toBe(true)
    for (const { sha256 } of files) expect(store.kept.has(`m/${sha256}`)).toBe(true)
  })

  test('removes nothing where it was not told what belongs to the model', async () => {
    const store = filled()
    store.kept.set('m/snapshot', GRAPH)
    await load(server({}), store)
    expect(store.kept.has('m/snapshot')).toBe(true)
  })
})

describe('a download that breaks off', () => {
  const resumable = (range: number): Answer => ({
    status: 206,
    headers: { 'Content-Range': `bytes ${range}-999/1000` },
    bytes: WEIGHTS.subarray(range),
  })
  const broken = (headers: Record<string, string>) => () => ({ bytes: WEIGHTS.subarray(0, 600), breaks: true, headers })

  test('goes on where it stopped when the server can', async () => {
    const site = server({ ...graphOnly, 'weights.bin': [broken({ ETag: '"v1"' }), resumable] })
    const { files: got } = await load(site, null)
    expect(got[1]).toEqual(WEIGHTS)
    expect(site.asked.filter(({ file }) => file === 'weights.bin').map(({ range }) => range)).toEqual([
      null,
      'bytes=600-',
    ])
  })

  test.each([
    ['there is no tag', {}],
    ['the tag is weak', { ETag: 'W/"v1"' }],
    ['the body is compressed', { ETag: '"v1"', 'Content-Encoding': 'x-test' }],
  ])('begins again when %s', async (_, headers) => {
    const site = server({ ...graphOnly, 'weights.bin': [broken(headers), whole(WEIGHTS)] })
    expect((await load(site, null)).files[1]).toEqual(WEIGHTS)
    expect(site.asked.filter(({ file }) => file === 'weights.bin').map(({ range }) => range)).toEqual([null, null])
  })

  test('begins again when the server sends the whole file instead of the rest', async () => {
    const site = server({ ...graphOnly, 'weights.bin': [broken({ ETag: '"v1"' }), whole(WEIGHTS)] })
    expect((await load(site, null)).files[1]).toEqual(WEIGHTS)
  })

  test('begins again when the server continues at the wrong place', async () => {
    const wrong = (): Answer => ({
      status: 206,
      headers: { 'Content-Range': 'bytes 500-999/1000' },
      bytes: WEIGHTS.subarray(500),
    })
    const site = server({ ...graphOnly, 'weights.bin': [broken({ ETag: '"v1"' }), wrong, whole(WEIGHTS)] })
    expect((await load(site, null)).files[1]).toEqual(WEIGHTS)
  })

  test('an end that comes too early without an error counts as broken off', async () => {
    const site = server({ ...graphOnly, 'weights.bin': [whole(WEIGHTS.subarray(0, 400)), whole(WEIGHTS)] })
    expect((await load(site, null)).files[1]).toEqual(WEIGHTS)
  })

  test('fails after four attempts without a new byte, with longer and longer waits', async () => {
    const site = server({ ...graphOnly, 'weights.bin': [broken({})] })
    const waits: number[] = []
    const failure = await failureOf(load(site, null, { wait: async (milliseconds) => void waits.push(milliseconds) }))
    expect(failure).toMatchObject({ code: 'download-failed', retryable: true })
    expect(failure.message).toContain('weights.bin')
    // The first attempt brought bytes; the three after it did not go further.
    expect(waits).toEqual([400, 800, 1600])
    expect(site.asked.filter(({ file }) => file === 'weights.bin')).toHaveLength(4)
  })

  test('a file that does not exist fails at once', async () => {
    const site = server({ ...graphOnly, 'weights.bin': [() => ({ status: 404 })] })
    expect(await failureOf(load(site, null))).toMatchObject({
      code: 'download-failed',
      message: expect.stringContaining('404'),
    })
    expect(site.asked.filter(({ file }) => file === 'weights.bin')).toHaveLength(1)
  })

  test('a server in trouble is asked again', async () => {
    const site = server({ ...graphOnly, 'weights.bin': [() => ({ status: 503 }), whole(WEIGHTS)] })
    expect((await load(site, null)).files[1]).toEqual(WEIGHTS)
  })
})

describe('a damaged file', () => {
  const damaged = WEIGHTS.map((byte, i) => (i === 3 ? byte ^ 64 : byte))

  test('is downloaded once more, past the caches', async () => {
    const site = server({ ...graphOnly, 'weights.bin': [whole(damaged), whole(WEIGHTS)] })
    const store = new MemoryStore()
    expect((await load(site, store)).files[1]).toEqual(WEIGHTS)
    expect(site.asked.filter(({ file }) => file === 'weights.bin').map(({ cache }) => cache)).toEqual([
      'default',
      'reload',
    ])
    expect(store.kept.get(`m/${files[1]!.sha256}`)).toEqual(WEIGHTS)
  })

  test('that comes twice fails and is not kept', async () => {
    const store = new MemoryStore()
    const failure = await failureOf(load(server({ ...graphOnly, 'weights.bin': [whole(damaged)] }), store))
    expect(failure).toMatchObject({ code: 'integrity', message: expect.stringContaining('weights.bin') })
    expect(store.kept.has(`m/${files[1]!.sha256}`)).toBe(false)
  })

  test('that is too long is refused without reading on', async () => {
    const failure = await failureOf(load(server({ ...graphOnly, 'weights.bin': [whole(content('x', 5000))] }), null))
    expect(failure).toMatchObject({ code: 'integrity', message: expect.stringContaining('longer than 1000 bytes') })
  })
})

describe('storage that fails', () => {
  const failing = (error: Error): FileStore => {
    const store = new MemoryStore()
    store.write = () => Promise.reject(error)
    return store
  }

  test('full: loads from memory and says so once', async () => {
    const quota = new DOMException('no room', 'QuotaExceededError')
    const { files: got, notices } = await load(
      server({ ...graphOnly, 'weights.bin': [whole(WEIGHTS)] }),
      failing(quota),
    )
    expect(got).toEqual([GRAPH, WEIGHTS])
    expect(notices).toHaveLength(1)
    expect(notices[0]).toMatchObject({ code: 'storage-full', message: expect.stringContaining('no room') })
  })

  test('forbidden: loads from memory and says so', async () => {
    const store = failing(new DOMException('denied', 'SecurityError'))
    store.read = () => Promise.reject(new DOMException('denied', 'SecurityError'))
    const { files: got, notices } = await load(server({ ...graphOnly, 'weights.bin': [whole(WEIGHTS)] }), store)
    expect(got).toEqual([GRAPH, WEIGHTS])
    expect(notices[0]).toMatchObject({ message: expect.stringContaining('does not let') })
  })
})

test('an aborted load rejects with the reason and keeps nothing half', async () => {
  const stop = new AbortController()
  const store = new MemoryStore()
  const site = server({ ...graphOnly, 'weights.bin': [whole(WEIGHTS)] })
  const reason = new Error('another model was chosen')
  const loading = load(site, store, { signal: stop.signal, onProgress: (loaded) => loaded > 500 && stop.abort(reason) })
  await expect(loading).rejects.toBe(reason)
  expect(store.kept.has(`m/${files[1]!.sha256}`)).toBe(false)
})

describe('a download that broke off is continued at the next visit', () => {
  const LARGE = content('large.bin', 5_000_000)
  const large = [describeFile('large.bin', LARGE)]

  /** A server of one file that cuts the connection after so many bytes of an answer. */
  async function serving(
    task: (base: string, seen: { cut: number; etag: string | null; ranges: (string | null)[] }) => Promise<void>,
  ) {
    const seen = { cut: Infinity, etag: '"one"' as string | null, ranges: [] as (string | null)[] }
    const http = createServer((request, response) => {
      const { range, 'if-range': version } = request.headers
      seen.ranges.push(range ?? null)
      const from = range && version === seen.etag ? Number(/\d+/.exec(range)![0]) : 0
      const body = LARGE.subarray(from)
      response.writeHead(from > 0 ? 206 : 200, {
        'Content-Length': body.length,
        ...(seen.etag && { ETag: seen.etag }),
        ...(from > 0 && { 'Content-Range': `bytes ${from}-${LARGE.length - 1}/${LARGE.length}` }),
      })
      if (seen.cut >= body.length) return response.end(body)
      response.write(body.subarray(0, seen.cut), () => setImmediate(() => response.destroy()))
    })
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
    const { port } = http.address() as AddressInfo
    try {
      await task(`http://127.0.0.1:${port}/`, seen)
    } finally {
      http.closeAllConnections()
      http.close()
    }
  }

  /** A visit, which ends when the connection is cut for the first time. */
  async function visit(base: string, store: FileStore) {
    const left = new AbortController()
    const wait = async () => {
      left.abort()
      throw left.signal.reason as Error
    }
    return load({ fetch }, store, { base, files: large, belonging: large, signal: left.signal, wait }).catch(() => null)
  }

  test('behind the pieces that were kept, and they go once it is whole', async () => {
    const store = new MemoryStore()
    await serving(async (base, seen) => {
      seen.cut = 4_500_000
      expect(await visit(base, store)).toBeNull()
      expect(store.kept.size).toBe(2)
      seen.cut = Infinity
      const second = await visit(base, store)
      expect(Buffer.compare(second!.files[0]!, LARGE)).toBe(0)
      expect(seen.ranges).toEqual([null, `bytes=${2 ** 22}-`])
      expect(second!.progress[0]).toEqual([2 ** 22, LARGE.length])
      expect(second!.notices).toEqual([])
    })
    expect([...store.kept.keys()]).toEqual([`m/${large[0]!.sha256}`])
  })

  test('anew, and it is said, where the server has another version', async () => {
    const store = new MemoryStore()
    await serving(async (base, seen) => {
      seen.cut = 4_500_000
      await visit(base, store)
      Object.assign(seen, { cut: Infinity, etag: '"two"' })
      const second = await visit(base, store)
      expect(Buffer.compare(second!.files[0]!, LARGE)).toBe(0)
      expect(second!.notices.map(({ message }) => message)).toEqual([
        expect.stringContaining('large.bin broke off, and began anew'),
      ])
    })
  })

  test('never where the server names no version, nor with pieces that are not the file’s', async () => {
    const store = new MemoryStore()
    await serving(async (base, seen) => {
      Object.assign(seen, { cut: 4_500_000, etag: null })
      await visit(base, store)
      expect(store.kept.size).toBe(0)
      Object.assign(seen, { cut: 4_500_000, etag: '"one"' })
      await visit(base, store)
      for (const bytes of store.kept.values()) bytes.fill(7)
      seen.cut = Infinity
      expect(Buffer.compare((await visit(base, store))!.files[0]!, LARGE)).toBe(0)
    })
  })
})
