/**
 * Downloads that broke off: whole pieces of a file are kept beside the model's files, under the file's hash, the server's name for the
 * version (ETag) and their number, until the file is whole. At the next visit the download goes on behind them.
 */
import type { EngineFailure } from '../core/failure'

/** Bytes that a broken-off attempt left behind, and how to ask for the rest. */
export interface Partial {
  readonly bytes: Uint8Array<ArrayBuffer>
  filled: number
  /** Names the version the bytes belong to; null where the server can't continue a download safely. */
  etag: string | null
}

/** Where the model's files are kept. */
interface Store {
  read(model: string, key: string): Promise<Uint8Array<ArrayBuffer> | null>
  write(model: string, key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>
  remove(model: string, key: string): Promise<void>
  list(model: string): Promise<readonly string[]>
}

export interface Kept {
  readonly store: Store
  readonly model: string
  /** SHA-256 of the file. */
  readonly hash: string
  readonly partial: Partial
  /** Bytes of a piece. */
  readonly size: number
}

const keyOf = ({ hash }: Kept, etag: string, piece: number) => `${hash}.${encodeURIComponent(etag)}.${piece}`

/** Keeps those whole pieces that have come and are not kept yet. Rejects as the store does. */
export async function save(kept: Kept): Promise<void> {
  const { store, model, partial, size } = kept
  const { etag, filled, bytes } = partial
  if (etag === null) return
  const there = new Set(await store.list(model))
  for (let piece = 0; (piece + 1) * size <= filled; piece++) {
    const key = keyOf(kept, etag, piece)
    if (!there.has(key)) await store.write(model, key, bytes.slice(piece * size, (piece + 1) * size))
  }
}

/** Fills in the pieces that were kept, or takes them away where the file is asked for anew. What fails leaves the download at its beginning. */
export async function restore(kept: Kept, keys: readonly string[], wanted: boolean): Promise<void> {
  const { store, model, hash, partial, size } = kept
  const own = keys.filter((key) => key.startsWith(`${hash}.`))
  try {
    if (!wanted) return await forget(store, model, hash)
    const tag = own[0]!.split('.').slice(1, -1).join('.')
    partial.etag = decodeURIComponent(tag)
    for (let piece = 0; own.includes(keyOf(kept, partial.etag, piece)); piece++) {
      const bytes = await store.read(model, keyOf(kept, partial.etag, piece))
      if (bytes?.length !== size) return
      partial.bytes.set(bytes, partial.filled)
      partial.filled += size
    }
  } catch {
    partial.filled = 0
    partial.etag = null
  }
}

/** Once the file is whole. */
export async function forget(store: Store, model: string, hash: string): Promise<void> {
  for (const key of await store.list(model)) if (key.startsWith(`${hash}.`)) await store.remove(model, key)
}

/** The server has no part of a file, or another version of it. */
export function begunAnew(url: string): EngineFailure {
  return {
    code: 'download-failed',
    message: `The download of ${url.slice(url.lastIndexOf('/') + 1)} broke off, and began anew: the server does not continue it, or has another version.`,
    remedy: 'Nothing needs to be done.',
    retryable: false,
  }
}
