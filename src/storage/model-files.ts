/**
 * A model's files: downloaded once with byte progress, checked by size and SHA-256, kept in the browser's Cache storage
 * by their hash. Knows nothing of what is in them.
 */
import { EngineError, damaged, downloadFailed, notKept, type EngineFailure } from '../core/failure'
import { abortedWith } from '../core/abort'
import { servedName } from '../model/served'
import type { ModelFile } from '../model/types'
import type { Partial } from './pieces'
import { sha256 } from './sha256'

/** Where files are kept between visits. Any method may reject: storage can be full, forbidden or gone. */
export interface FileStore {
  read(model: string, sha256: string): Promise<Uint8Array<ArrayBuffer> | null>
  write(model: string, sha256: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>
  remove(model: string, sha256: string): Promise<void>
  /** Hashes that are kept for a model. */
  list(model: string): Promise<readonly string[]>
}

export interface ModelFilesRequest {
  /** Model id, under which the files are kept. */
  readonly model: string
  /** Address of the model's folder, ending in a slash. */
  readonly base: string
  readonly files: readonly ModelFile[]
  /** All files that belong to the model as it is now: once `files` are had, others kept under its id go. Absent: none go. */
  readonly belonging?: readonly ModelFile[]
  readonly signal: AbortSignal
  /** Bytes of all files together; `loaded` falls back where a download has to begin again. */
  readonly onProgress: (loaded: number, total: number) => void
  /** Something that does not stop the load, such as full storage. */
  readonly onNotice: (notice: EngineFailure) => void
  /** Null where the browser offers no storage (plain http). */
  readonly store: FileStore | null
  readonly fetch?: typeof fetch
  /** Waits before another attempt; rejects when aborted. */
  readonly wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>
}

const CACHE_NAME = 'guidance-playground-models'

/** Attempts in a row that brought not one new byte before a download counts as failed. */
const ATTEMPTS = 4
const BACKOFF_MS = 400
/** A connection that delivers nothing for this long counts as broken. */
const STALL_MS = 30_000
/** So much of a download is kept at a time, so that a later visit goes on from there. */
const PIECE = 2 ** 21
/** Most visits need none of it. */
const pieces = () => import('./pieces')

/** The store in the browser's Cache storage, or null where there is none. */
export function browserStore(): FileStore | null {
  // Undefined outside secure contexts, whatever the DOM types say.
  const storage = globalThis.caches as CacheStorage | undefined
  if (!storage) return null
  const open = () => storage.open(CACHE_NAME)
  // Never requested from a server: the cache only wants addresses as keys.
  const folder = (model: string) => new URL(`/models-by-hash/${encodeURIComponent(model)}/`, location.origin).href
  return {
    async read(model, hash) {
      const response = await (await open()).match(folder(model) + hash)
      return response ? new Uint8Array(await response.arrayBuffer()) : null
    },
    async write(model, hash, bytes) {
      await (await open()).put(folder(model) + hash, new Response(bytes))
    },
    async remove(model, hash) {
      await (await open()).delete(folder(model) + hash)
    },
    async list(model) {
      const keys = await (await open()).keys()
      return keys.flatMap(({ url }) => (url.startsWith(folder(model)) ? [url.slice(folder(model).length)] : []))
    },
  }
}

/** Rejects when aborted. */
export function waitFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(signal.reason as Error)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, milliseconds)
    signal.addEventListener('abort', stop, { once: true })
  })
}

/** Why the bytes are not the file, or null. */
export async function faultOf(file: ModelFile, bytes: Uint8Array<ArrayBuffer>): Promise<string | null> {
  if (bytes.length !== file.bytes) return `${bytes.length} bytes instead of ${file.bytes}`
  const hash = await sha256(bytes)
  return hash === file.sha256 ? null : `its SHA-256 begins ${hash.slice(0, 12)} instead of ${file.sha256.slice(0, 12)}`
}

/** The server answered, but not with something that another attempt would change at once. */
class RefusedError extends Error {}
/** More bytes than the manifest says. */
class OverflowError extends Error {}

/** One request: fills `partial` on from where it is. Resolves when the body ended. */
async function attempt(
  url: string,
  partial: Partial,
  cache: RequestCache,
  request: ModelFilesRequest,
  onBytes: () => void,
): Promise<void> {
  const begun = partial.filled > 0
  const resume = begun && partial.etag !== null
  if (!resume) partial.filled = 0
  onBytes()
  const stalled = abortedWith(request.signal)
  const { signal } = stalled
  const abortStalled = () => stalled.abort(new Error('the connection stalled'))
  let timer = setTimeout(abortStalled, STALL_MS)
  try {
    const headers = resume ? { Range: `bytes=${partial.filled}-`, 'If-Range': partial.etag! } : {}
    const response = await (request.fetch ?? fetch)(url, { signal, cache, headers })
    if (response.status === 206) {
      const range = /^bytes (\d+)-\d+\/(\d+)$/.exec(response.headers.get('Content-Range') ?? '')
      const fits =
        resume && range !== null && Number(range[1]) === partial.filled && Number(range[2]) === partial.bytes.length
      if (!fits) {
        partial.etag = null
        throw new Error('the server continued at the wrong place')
      }
    } else if (response.status === 200) {
      partial.filled = 0
      if (begun) void pieces().then(({ begunAnew }) => request.onNotice(begunAnew(url)))
      // Ranges of a compressed body count compressed bytes; a weak tag does not promise equal bytes.
      const tag = response.headers.get('ETag')
      partial.etag = tag && !tag.startsWith('W/') && !response.headers.has('Content-Encoding') ? tag : null
    } else if (response.status === 416) {
      partial.etag = null
      throw new Error('the server has no such part of it')
    } else if (response.status >= 400 && response.status < 500 && response.status !== 408 && response.status !== 429) {
      throw new RefusedError(`the server answered ${response.status}`)
    } else {
      throw new Error(`the server answered ${response.status}`)
    }
    if (!response.body) throw new Error('the answer was empty')
    const reader = response.body.getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      clearTimeout(timer)
      timer = setTimeout(abortStalled, STALL_MS)
      if (partial.filled + value.length > partial.bytes.length) {
        stalled.abort()
        throw new OverflowError(`it is longer than ${partial.bytes.length} bytes`)
      }
      partial.bytes.set(value, partial.filled)
      partial.filled += value.length
      onBytes()
    }
  } finally {
    clearTimeout(timer)
    stalled.abort()
  }
}

/** The whole file, however many attempts that takes, and what is wrong with it, if anything. */
async function download(
  file: ModelFile,
  cache: RequestCache,
  request: ModelFilesRequest,
  onLoaded: (loaded: number) => void,
): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly fault: string | null }> {
  const partial: Partial = { bytes: new Uint8Array(file.bytes), filled: 0, etag: null }
  const { store, model } = request
  const kept = store && file.bytes > PIECE ? { store, model, hash: file.sha256, partial, size: PIECE } : null
  const before = (await kept?.store.list(model).catch(() => [])) ?? []
  if (kept && before.some((key) => key.startsWith(`${file.sha256}.`)))
    await (await pieces()).restore(kept, before, cache === 'default')
  let keeping = Promise.resolve()
  let next = partial.filled
  const onBytes = () => {
    onLoaded(partial.filled)
    if (!kept || partial.filled === file.bytes) return
    next = Math.min(next, partial.filled)
    if (partial.filled < next + PIECE) return
    next = partial.filled
    keeping = keeping.then(async () => (await pieces()).save(kept)).catch(() => undefined)
  }
  let furthest = 0
  for (let fruitless = 0; ;) {
    let why: string
    try {
      await attempt(request.base + servedName(file.file), partial, cache, request, onBytes)
      if (partial.filled === file.bytes) return { bytes: partial.bytes, fault: await faultOf(file, partial.bytes) }
      why = `it broke off after ${partial.filled} of ${file.bytes} bytes`
    } catch (error) {
      if (request.signal.aborted) throw request.signal.reason
      why = error instanceof Error ? error.message : String(error)
      if (error instanceof RefusedError) throw new EngineError(downloadFailed(file.file, why))
      if (error instanceof OverflowError) return { bytes: partial.bytes, fault: why }
    }
    fruitless = partial.filled > furthest ? 1 : fruitless + 1
    furthest = Math.max(furthest, partial.filled)
    if (fruitless >= ATTEMPTS) throw new EngineError(downloadFailed(file.file, why))
    await keeping
    await (request.wait ?? waitFor)(BACKOFF_MS * 2 ** (fruitless - 1), request.signal)
  }
}

/** Says once, whichever files it concerns, that the files are not kept. */
function noticeOnce(onNotice: (notice: EngineFailure) => void): (error: unknown) => void {
  let said = false
  return (error) => {
    if (said) return
    said = true
    const full = error instanceof Error && error.name === 'QuotaExceededError'
    onNotice(notKept(full ? 'full' : 'forbidden'))
  }
}

/**
 * The model's files, in the order asked for, each checked. Rejects with EngineError (`download-failed` or
 * `integrity`), or with the signal's reason when aborted. Storage that fails is a notice, never an error.
 */
export async function loadModelFiles(request: ModelFilesRequest): Promise<Uint8Array<ArrayBuffer>[]> {
  const { model, files, store } = request
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0)
  const loaded = files.map(() => 0)
  const notKept = noticeOnce(request.onNotice)
  // One file that fails ends the downloads of the others.
  const failed = abortedWith(request.signal)
  const inner: ModelFilesRequest = { ...request, signal: failed.signal }
  const stored = <T>(action: (store: FileStore) => Promise<T>) =>
    store ? action(store).catch((error: unknown) => void notKept(error)) : undefined

  const one = async (file: ModelFile, index: number) => {
    const report = (bytes: number) => {
      if (inner.signal.aborted) return
      loaded[index] = bytes
      request.onProgress(
        loaded.reduce((sum, value) => sum + value, 0),
        total,
      )
    }
    inner.signal.throwIfAborted()
    const kept = await stored((store) => store.read(model, file.sha256))
    if (kept) {
      if ((await faultOf(file, kept)) === null) {
        report(file.bytes)
        return kept
      }
      await stored((store) => store.remove(model, file.sha256))
    }
    let got = await download(file, 'default', inner, report)
    // Past every cache on the way: an old copy there would come back unchanged.
    if (got.fault !== null) got = await download(file, 'reload', inner, report)
    if (got.fault !== null) throw new EngineError(damaged(file.file, got.fault))
    inner.signal.throwIfAborted()
    await stored(async (store) => {
      await store.write(model, file.sha256, got.bytes)
      if (file.bytes > PIECE) await (await pieces()).forget(store, model, file.sha256)
    })
    return got.bytes
  }

  try {
    const result = await Promise.all(files.map(one))
    const { belonging } = request
    if (belonging) {
      const current = new Set([...files, ...belonging].map((file) => file.sha256))
      await stored(async (store) => {
        for (const key of await store.list(model)) if (!current.has(key.split('.')[0]!)) await store.remove(model, key)
      })
    }
    return result
  } finally {
    failed.abort()
  }
}
