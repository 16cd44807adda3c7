/**
 * Files from an address that a person typed: how large they are, and their bytes, piece by piece into the browser's storage, so that
 * one that broke off goes on where it was. Whoever reads it then reads it from there: it is never whole in the page's memory.
 */
import { abortedWith } from '../core/abort'
import { messageOf } from '../core/failure'

/** Where pieces of one download at a time are kept. Any method may reject. */
export interface Drafts {
  /** Null where there is none. */
  read(key: string): Promise<Blob | null>
  write(key: string, piece: Blob): Promise<void>
  remove(key: string): Promise<void>
  keys(): Promise<readonly string[]>
}

export interface FetchParts {
  /** Null where the browser offers no storage: pieces are then kept in memory. */
  readonly drafts: Drafts | null
  readonly fetch: typeof fetch
  /** Waits before another attempt; rejects when aborted. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>
}

/** Why something could not be fetched: what, why and what to do, in sentences. */
export class FetchError extends Error {
  override readonly name = 'FetchError'
}

const CACHE_NAME = 'guidance-playground-drafts'
/** Kept at a time. */
const PIECE = 2 ** 22
/** Attempts in a row that brought not one new byte before a download counts as failed. */
const ATTEMPTS = 4
const BACKOFF_MS = 500
/** A connection that delivers nothing for this long counts as broken. */
const STALL_MS = 30_000

export function browserDrafts(): Drafts | null {
  // Undefined outside secure contexts, whatever the DOM types say.
  const storage = globalThis.caches as CacheStorage | undefined
  if (!storage) return null
  const open = () => storage.open(CACHE_NAME)
  // Never requested from a server: the cache only wants addresses as keys.
  const root = new URL('/drafts/', location.origin).href
  return {
    read: async (key) => (await (await open()).match(root + key))?.blob() ?? null,
    write: async (key, piece) => (await open()).put(root + key, new Response(piece)),
    remove: async (key) => void (await (await open()).delete(root + key)),
    keys: async () =>
      (await (await open()).keys()).flatMap(({ url }) => (url.startsWith(root) ? [url.slice(root.length)] : [])),
  }
}

const nameOf = (url: string) => decodeURIComponent(new URL(url).pathname.split('/').at(-1) ?? '') || url
const hostOf = (url: string) => new URL(url).host

const unreachable = (url: string) =>
  new FetchError(
    `${nameOf(url)} could not be fetched: ${hostOf(url)} does not answer, or does not let other pages read its files (CORS). Download the file yourself, and drop it here.`,
  )

function refused(url: string, status: number): FetchError {
  const why =
    status === 404
      ? 'has no such file'
      : status === 401 || status === 403
        ? 'does not give it without a login'
        : `answered ${status}`
  return new FetchError(
    `${nameOf(url)} could not be fetched: ${hostOf(url)} ${why}. Check the address, or download the file yourself and drop it here.`,
  )
}

/** A server answers every address of its pages with one. */
const isPage = (response: Response) => /^text\/html\b/i.test(response.headers.get('Content-Type') ?? '')
const page = (url: string) =>
  new FetchError(`${hostOf(url)} answered with a web page, not with a file. Give the address of the file itself.`)

async function ask(url: string, parts: FetchParts, init: RequestInit): Promise<Response> {
  try {
    return await parts.fetch(url, { credentials: 'omit', referrerPolicy: 'no-referrer', ...init })
  } catch (error) {
    if (init.signal?.aborted) throw init.signal.reason
    if (error instanceof TypeError) throw unreachable(url)
    throw error
  }
}

/** The length that a server tells; of a compressed body it is another. */
const lengthOf = (response: Response) =>
  response.headers.has('Content-Encoding') ? null : Number(response.headers.get('Content-Length') ?? NaN) || null

/** How many bytes a file has, null where the server does not tell. Rejects with FetchError where it can't be had. */
export async function sizeAt(url: string, parts: FetchParts, signal: AbortSignal): Promise<number | null> {
  const response = await ask(url, parts, { method: 'HEAD', signal })
  // Some servers know no such question.
  if (response.status === 405 || response.status === 501) return null
  if (!response.ok) throw refused(url, response.status)
  if (isPage(response)) throw page(url)
  return lengthOf(response)
}

/** A small file's text, or null where it is not there. Rejects only with what ends by the signal. */
export async function textAt(url: string, longest: number, parts: FetchParts, signal: AbortSignal) {
  try {
    const response = await ask(url, parts, { signal })
    if (!response.ok || isPage(response) || (lengthOf(response) ?? 0) > longest) {
      await response.body?.cancel()
      return null
    }
    return await response.text()
  } catch {
    signal.throwIfAborted()
    return null
  }
}

/** A download: what came of it, in pieces, and how to go on. */
interface Draft {
  readonly url: string
  readonly pieces: Blob[]
  /** Bytes of whole pieces. */
  kept: number
  /** Bytes that came since. */
  waiting: number
  /** Names the version that they belong to; null where a server can't go on safely. */
  etag: string | null
  total: number | null
}

const keyOf = ({ url, etag }: Draft, piece: number) =>
  `${encodeURIComponent(url)}/${encodeURIComponent(etag ?? '')}/${piece}`

/** What an earlier visit left of it; pieces of anything else go. */
async function restored(url: string, drafts: Drafts | null): Promise<Draft> {
  const draft: Draft = { url, pieces: [], kept: 0, waiting: 0, etag: null, total: null }
  if (!drafts) return draft
  try {
    const keys = await drafts.keys()
    const own = keys.find((key) => key.startsWith(`${encodeURIComponent(url)}/`))
    draft.etag = own ? decodeURIComponent(own.split('/').at(-2)!) : null
    for (
      let piece = await drafts.read(keyOf(draft, 0));
      own && piece;
      piece = await drafts.read(keyOf(draft, draft.pieces.length))
    ) {
      draft.pieces.push(piece)
      draft.kept += piece.size
    }
  } catch {
    return { url, pieces: [], kept: 0, waiting: 0, etag: null, total: null }
  }
  return draft
}

/** Puts a piece away, and holds it as the storage gives it back: from there, not in memory. */
async function put(draft: Draft, chunks: readonly Uint8Array<ArrayBuffer>[], drafts: Drafts | null): Promise<void> {
  const own = new Blob([...chunks])
  const key = keyOf(draft, draft.pieces.length)
  const kept = drafts && draft.etag !== null ? drafts.write(key, own).then(() => drafts.read(key)) : null
  draft.pieces.push((await kept?.catch(() => null)) ?? own)
  draft.kept += own.size
}

function begin(draft: Draft, response: Response): void {
  const tag = response.headers.get('ETag')
  draft.pieces.length = 0
  draft.kept = 0
  // Ranges of a compressed body count compressed bytes; a weak tag does not promise equal bytes.
  draft.etag = tag && !tag.startsWith('W/') && !response.headers.has('Content-Encoding') ? tag : null
  draft.total = lengthOf(response)
}

/** Whether a server goes on where the draft ends, with the same version of the file. */
function goesOn(draft: Draft, response: Response): boolean {
  if (response.status !== 206 || response.headers.get('ETag') !== draft.etag) return false
  const range = /^bytes (\d+)-\d+\/(\d+)$/.exec(response.headers.get('Content-Range') ?? '')
  if (range && Number(range[1]) !== draft.kept) return false
  // Other servers' ranges are told only where they say so.
  draft.total = range ? Number(range[2]) : draft.kept + (lengthOf(response) ?? 0)
  return true
}

/** Reads a body to its end into pieces; what came of one that broke off is kept, too. */
async function take(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  draft: Draft,
  drafts: Drafts | null,
  onBytes: () => void,
): Promise<void> {
  const reader = body.getReader()
  let chunks: Uint8Array<ArrayBuffer>[] = []
  const putAway = async () => {
    const own = chunks
    chunks = []
    if (own.length > 0) await put(draft, own, drafts)
    draft.waiting = 0
  }
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      chunks.push(value)
      draft.waiting += value.length
      onBytes()
      if (draft.waiting >= PIECE) await putAway()
    }
  } finally {
    await putAway()
  }
}

/** One request, from where the draft ends. Resolves once the body ended. */
async function attempt(
  draft: Draft,
  parts: FetchParts,
  given: AbortSignal,
  onBytes: (loaded: number, total: number | null) => void,
): Promise<void> {
  const { url } = draft
  const stalled = abortedWith(given)
  const { signal } = stalled
  const stop = () => stalled.abort(new Error('the connection stalled'))
  let timer = setTimeout(stop, STALL_MS)
  try {
    // A condition on the range would be asked for leave by other servers, which most do not give: the tag is compared here.
    const resumed = draft.kept > 0 && draft.etag !== null
    let response = await ask(url, parts, { signal, headers: resumed ? { Range: `bytes=${draft.kept}-` } : {} })
    if (response.status >= 500 || response.status === 429) throw new Error(`the server answered ${response.status}`)
    if (resumed && response.status !== 200 && !goesOn(draft, response)) {
      await response.body?.cancel()
      response = await ask(url, parts, { signal, cache: 'reload' })
    }
    if (!response.ok) throw refused(url, response.status)
    if (isPage(response)) throw page(url)
    if (response.status === 200) begin(draft, response)
    if (!response.body) throw new Error('the answer was empty')
    await take(response.body, draft, parts.drafts, () => {
      clearTimeout(timer)
      timer = setTimeout(stop, STALL_MS)
      onBytes(draft.kept + draft.waiting, draft.total)
    })
  } finally {
    clearTimeout(timer)
    stalled.abort()
  }
}

/** A file by its address, however many attempts that takes. Rejects with FetchError, or with the signal's reason. */
export async function fetchFile(
  url: string,
  parts: FetchParts,
  signal: AbortSignal,
  onBytes: (loaded: number, total: number | null) => void,
): Promise<File> {
  const draft = await restored(url, parts.drafts)
  let furthest = 0
  for (let fruitless = 0; ;) {
    let why: string
    try {
      await attempt(draft, parts, signal, onBytes)
      if (draft.total === null || draft.kept === draft.total) return new File(draft.pieces, nameOf(url))
      why = `it broke off after ${draft.kept} of ${draft.total} bytes`
    } catch (error) {
      signal.throwIfAborted()
      // A server that answered before may be out of reach for a moment.
      if (error instanceof FetchError && draft.kept === 0) throw error
      why = messageOf(error)
    }
    fruitless = draft.kept > furthest ? 1 : fruitless + 1
    furthest = Math.max(furthest, draft.kept)
    if (fruitless >= ATTEMPTS)
      throw new FetchError(
        `${nameOf(url)} could not be fetched whole: ${why}. What came is kept: press the button again to go on.`,
      )
    await parts.wait(BACKOFF_MS * 2 ** (fruitless - 1), signal)
  }
}

/** Takes away what was kept of downloads, but those from a folder. Never rejects. */
export async function forgetDrafts(drafts: Drafts | null, folder: string | null): Promise<void> {
  const stays = (key: string) => folder !== null && decodeURIComponent(key.split('/')[0]!).startsWith(folder)
  try {
    for (const key of (await drafts?.keys()) ?? []) if (!stays(key)) await drafts!.remove(key)
  } catch {
    // What stays is found at the next visit.
  }
}
