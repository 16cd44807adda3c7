/**
 * Models that a person opened from files: what describes them, and their prepared files by their SHA-256. Kept in the browser's Cache
 * storage; where that is missing, full or forbidden, for this page's life. Knows nothing of what is in them.
 */
import { EngineError, fileGone } from '../core/failure'
import type { ModelFile } from '../model/types'
import { faultOf } from './model-files'

/** Where bytes lie by a key. Any method may reject: storage can be full, forbidden or gone. */
export interface Shelf {
  read(key: string): Promise<Uint8Array<ArrayBuffer> | null>
  write(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>
  remove(key: string): Promise<void>
  keys(): Promise<readonly string[]>
}

export interface KeptModel {
  readonly id: string
  /** How the model is run, as JSON has it; who reads it checks it. */
  readonly model: unknown
  /** How it was described, to be shared. */
  readonly manifest: unknown
}

/** Where a model is from here on: in the browser's storage, or with the page, and why. */
export type Place = { readonly kind: 'stored' } | { readonly kind: 'page'; readonly why: 'none' | 'full' | 'forbidden' }

export interface OpenedModels {
  /** Those that are here. Storage that fails has none. */
  list(): Promise<readonly KeptModel[]>
  /** `files`: bytes, by the SHA-256 that names them; of those that were kept under its id before, the ones of the hashes `stays` stay. Never rejects. */
  keep(
    model: KeptModel,
    files: Readonly<Record<string, Uint8Array<ArrayBuffer>>>,
    onProgress: (done: number, total: number) => void,
    stays?: readonly string[],
  ): Promise<Place>
  /**
   * A kept model as it is now, with files that are new; of those that were there the ones of these hashes stay. Rejects, as the storage does,
   * where the new ones can't be kept: then all is as it was.
   */
  change(
    model: KeptModel,
    files: Readonly<Record<string, Uint8Array<ArrayBuffer>>>,
    stays: readonly string[],
  ): Promise<void>
  /** A file's bytes, checked. Rejects with EngineError where it is gone. */
  read(id: string, file: ModelFile): Promise<Uint8Array<ArrayBuffer>>
  forget(id: string): Promise<void>
}

const CACHE_NAME = 'guidance-playground-opened'
const ABOUT = 'about.json'

/** The shelf in the browser's Cache storage, or null where there is none. */
export function browserShelf(): Shelf | null {
  // Undefined outside secure contexts, whatever the DOM types say.
  const storage = globalThis.caches as CacheStorage | undefined
  if (!storage) return null
  const open = () => storage.open(CACHE_NAME)
  // Never requested from a server: the cache only wants addresses as keys.
  const root = new URL('/opened-models/', location.origin).href
  return {
    async read(key) {
      const response = await (await open()).match(root + key)
      return response ? new Uint8Array(await response.arrayBuffer()) : null
    },
    async write(key, bytes) {
      await (await open()).put(root + key, new Response(bytes))
    },
    async remove(key) {
      await (await open()).delete(root + key)
    },
    async keys() {
      return (await (await open()).keys()).flatMap(({ url }) => (url.startsWith(root) ? [url.slice(root.length)] : []))
    },
  }
}

function readAbout(bytes: Uint8Array): KeptModel | null {
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(bytes))
    if (typeof json !== 'object' || json === null) return null
    if (!('id' in json && 'model' in json && 'manifest' in json) || typeof json.id !== 'string') return null
    return { id: json.id, model: json.model, manifest: json.manifest }
  } catch {
    return null
  }
}

const whyOf = (error: unknown) =>
  error instanceof Error && error.name === 'QuotaExceededError' ? 'full' : ('forbidden' as const)

type Files = Readonly<Record<string, Uint8Array<ArrayBuffer>>>

interface Places {
  readonly here: Map<string, KeptModel & { readonly files: Files }>
  readonly shelf: Shelf | null
  readonly remove: (id: string, keeping?: ReadonlySet<string>) => Promise<void>
}

async function change({ here, shelf, remove }: Places, model: KeptModel, files: Files, stays: readonly string[]) {
  const own = here.get(model.id)
  if (own) {
    const old = Object.entries(own.files).filter(([sha256]) => stays.includes(sha256))
    return void here.set(model.id, { ...model, files: { ...Object.fromEntries(old), ...files } })
  }
  if (!shelf) throw new EngineError(fileGone(model.id))
  const keyOf = (name: string) => `${model.id}/${name}`
  const fresh = Object.entries(files).filter(([sha256]) => !stays.includes(sha256))
  try {
    for (const [sha256, bytes] of fresh) await shelf.write(keyOf(sha256), bytes)
    await shelf.write(keyOf(ABOUT), new TextEncoder().encode(JSON.stringify(model)))
  } catch (error) {
    for (const [sha256] of fresh) await shelf.remove(keyOf(sha256))
    throw error
  }
  await remove(model.id, new Set([ABOUT, ...Object.keys(files), ...stays].map(keyOf)))
}

async function keep(
  { here, shelf, remove }: Places,
  model: KeptModel,
  files: Files,
  onProgress: (done: number, total: number) => void,
  stays: readonly string[] = [],
): Promise<Place> {
  const before = here.get(model.id)?.files ?? {}
  const old = stays.flatMap((sha256) => (before[sha256] ? [[sha256, before[sha256]] as const] : []))
  const own = { ...model, files: { ...Object.fromEntries(old), ...files } }
  here.set(model.id, own)
  if (!shelf) return { kind: 'page', why: 'none' }
  const keyOf = (name: string) => `${model.id}/${name}`
  const total = Object.values(own.files).reduce((sum, { byteLength }) => sum + byteLength, 0)
  let done = 0
  try {
    onProgress(0, total)
    const there = new Set(await shelf.keys())
    for (const [sha256, bytes] of Object.entries(own.files)) {
      const key = keyOf(sha256)
      // Where this was broken off before, what was kept whole stays.
      const kept = there.has(key) ? await shelf.read(key) : null
      const file = { file: key, bytes: bytes.byteLength, sha256 }
      if (!kept || (await faultOf(file, kept)) !== null) await shelf.write(key, bytes)
      onProgress((done += bytes.byteLength), total)
    }
    // Last, so that what is described is whole.
    await shelf.write(keyOf(ABOUT), new TextEncoder().encode(JSON.stringify(model)))
    here.delete(model.id)
    await remove(model.id, new Set([ABOUT, ...Object.keys(own.files), ...stays].map(keyOf)))
    return { kind: 'stored' }
  } catch (error) {
    const left = await Promise.all(
      stays.map(async (sha256) => [sha256, await shelf.read(keyOf(sha256)).catch(() => null)] as const),
    )
    const found = left.flatMap(([sha256, bytes]) => (bytes ? [[sha256, bytes] as const] : []))
    here.set(model.id, { ...own, files: { ...Object.fromEntries(found), ...own.files } })
    await remove(model.id).catch(() => undefined)
    return { kind: 'page', why: whyOf(error) }
  }
}

export function createOpenedModels(shelf: Shelf | null): OpenedModels {
  /** Those of this page alone. */
  const here = new Map<string, KeptModel & { readonly files: Files }>()

  async function stored(): Promise<readonly KeptModel[]> {
    if (!shelf) return []
    const about = (await shelf.keys()).filter((key) => key.endsWith(`/${ABOUT}`))
    const found = await Promise.all(about.map(async (key) => shelf.read(key)))
    return found.flatMap((bytes) => (bytes ? (readAbout(bytes) ?? []) : []))
  }

  async function remove(id: string, keeping: ReadonlySet<string> = new Set()): Promise<void> {
    if (!shelf) return
    for (const key of await shelf.keys()) if (key.startsWith(`${id}/`) && !keeping.has(key)) await shelf.remove(key)
  }

  return {
    async list() {
      const known = new Map((await stored().catch(() => [])).map((model) => [model.id, model]))
      for (const { id, model, manifest } of here.values()) known.set(id, { id, model, manifest })
      return [...known.values()]
    },
    keep: (...asked) => keep({ here, shelf, remove }, ...asked),
    change: (...asked) => change({ here, shelf, remove }, ...asked),
    async read(id, file) {
      const own = here.get(id)?.files[file.sha256]
      if (own) return own
      const bytes = await shelf?.read(`${id}/${file.sha256}`).catch(() => null)
      if (!bytes) throw new EngineError(fileGone(file.file))
      const fault = await faultOf(file, bytes)
      if (fault !== null) throw new EngineError(fileGone(file.file, fault))
      return bytes
    },
    async forget(id) {
      here.delete(id)
      await remove(id).catch(() => undefined)
    },
  }
}

let browsers: OpenedModels | null = null

/** Those of this browser. */
export function openedModels(): OpenedModels {
  return (browsers ??= createOpenedModels(browserShelf()))
}
