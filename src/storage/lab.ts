/**
 * What the lab keeps in the browser: jobs that are under way, pictures that they drew, images as the judge saw them, and judged points. In IndexedDB; where that is missing,
 * full or forbidden, for this page's life. It knows nothing of what is in them: who reads an entry checks it.
 */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb'

export const LAB_STORES = ['jobs', 'pictures', 'judged', 'results'] as const
export type LabStoreName = (typeof LAB_STORES)[number]

export interface Kept {
  readonly id: string
  /** When it was kept, in milliseconds since 1970. */
  readonly made: number
  /** Plain data and typed arrays. */
  readonly value: unknown
}

export type LabEntries = { readonly [Name in LabStoreName]?: readonly Kept[] }

/** The stores that there are entries for. */
const storesOf = (entries: LabEntries) => LAB_STORES.filter((name) => entries[name] !== undefined)

export interface LabStorage {
  /** Undefined where there is none. */
  get(store: LabStoreName, id: string): Promise<Kept | undefined>
  /** All of a store, the oldest first. */
  all(store: LabStoreName): Promise<readonly Kept[]>
  /** Keeps entries, all or none of them, whatever ends the page meanwhile; those of the same ids are replaced. */
  put(entries: LabEntries): Promise<void>
  remove(store: LabStoreName, ids: readonly string[]): Promise<void>
  /** Whether what is kept outlives the page. */
  lasting(): boolean
}

interface Store {
  key: string
  value: Kept
  indexes: { made: number }
}

type Schema = DBSchema & { [Name in LabStoreName]: Store }
type Database = IDBPDatabase<Schema>

const NAME = 'guidance-playground-lab'
const VERSION = 2
/** A picture of 64 × 64 takes 50 kB: some 100 MB. The oldest go. */
const MOST_PICTURES = 2000

const inOrder = (entries: readonly Kept[]) => [...entries].sort((a, b) => a.made - b.made)

/** That of a page whose browser keeps nothing. */
export function memoryStorage(): LabStorage {
  const stores = new Map(LAB_STORES.map((name) => [name, new Map<string, Kept>()]))
  const of = (name: LabStoreName) => stores.get(name)!
  return {
    get: (name, id) => Promise.resolve(of(name).get(id)),
    all: (name) => Promise.resolve(inOrder([...of(name).values()])),
    put: async (entries) => {
      for (const name of storesOf(entries)) for (const entry of entries[name] ?? []) of(name).set(entry.id, entry)
    },
    remove: async (name, ids) => {
      for (const id of ids) of(name).delete(id)
    },
    lasting: () => false,
  }
}

/** Drops the oldest beyond what is kept at most. */
async function prune(database: Database): Promise<void> {
  const transaction = database.transaction('pictures', 'readwrite')
  let beyond = (await transaction.store.count()) - MOST_PICTURES
  for (let at = await transaction.store.index('made').openCursor(); at && beyond > 0; at = await at.continue()) {
    await at.delete()
    beyond--
  }
  await transaction.done
}

function stored(database: Database): LabStorage {
  return {
    get: (name, id) => database.get(name, id),
    all: (name) => database.getAllFromIndex(name, 'made'),
    put: async (entries) => {
      const names = storesOf(entries)
      if (names.length === 0) return
      const transaction = database.transaction(names, 'readwrite')
      for (const name of names) for (const entry of entries[name] ?? []) void transaction.objectStore(name).put(entry)
      await transaction.done
      if (entries.pictures) await prune(database)
    },
    remove: async (name, ids) => {
      const transaction = database.transaction(name, 'readwrite')
      for (const id of ids) void transaction.store.delete(id)
      await transaction.done
    },
    lasting: () => true,
  }
}

function opened(): Promise<Database> {
  return openDB<Schema>(NAME, VERSION, {
    upgrade(database) {
      // Those of an earlier version stay.
      for (const name of LAB_STORES.filter((each) => !database.objectStoreNames.contains(each)))
        database.createObjectStore(name, { keyPath: 'id' }).createIndex('made', 'made')
    },
  })
}

/** The browser's own. Whatever it refuses is kept with the page, and nobody hears of an error but by `lasting`. */
export function browserStorage(open: () => Promise<LabStorage> = async () => stored(await opened())): LabStorage {
  const here = memoryStorage()
  let lasting = true
  let waiting: Promise<LabStorage | null> | null = null
  const browsers = () =>
    (waiting ??= open().catch(() => {
      lasting = false
      return null
    }))
  const asked = async <T>(work: (storage: LabStorage) => Promise<T>): Promise<T | null> => {
    try {
      const storage = await browsers()
      return storage && (await work(storage))
    } catch {
      lasting = false
      return null
    }
  }
  return {
    get: async (name, id) => (await here.get(name, id)) ?? (await asked((one) => one.get(name, id))) ?? undefined,
    all: async (name) => {
      const own = await here.all(name)
      const ids = new Set(own.map(({ id }) => id))
      return inOrder([...((await asked((one) => one.all(name))) ?? []).filter(({ id }) => !ids.has(id)), ...own])
    },
    put: async (entries) => {
      const kept = await asked(async (one) => {
        await one.put(entries)
        return true
      })
      if (kept === null) await here.put(entries)
    },
    remove: async (name, ids) => {
      await here.remove(name, ids)
      await asked((one) => one.remove(name, ids))
    },
    lasting: () => lasting,
  }
}
