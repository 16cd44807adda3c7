/** Judged images, kept in the browser by point, so that no image is drawn twice: not for another curve, nor after a reload. */
import type { Judged } from '../../../../evaluation/metrics'
import type { LabStorage } from '../../../../storage/lab'

/** Pictures that are kept of each point. */
export const SHOWN = 4
/** Images of one entry. */
const CHUNK = 50

export interface Kept {
  readonly judged: readonly Judged[]
  /** The first of its pictures as bytes, planar. */
  readonly pictures: readonly Uint8Array[]
}

interface Chunk {
  /** Class that was asked for of each image; −1: none. */
  readonly asked: Int16Array
  readonly seen: Int16Array
  /** [images × width] */
  readonly features: Float32Array
  readonly pictures: readonly Uint8Array[]
}

function isChunk(value: unknown): value is Chunk {
  if (typeof value !== 'object' || value === null) return false
  if (!('asked' in value && 'seen' in value && 'features' in value && 'pictures' in value)) return false
  const { asked, seen, features, pictures } = value
  return (
    asked instanceof Int16Array &&
    seen instanceof Int16Array &&
    features instanceof Float32Array &&
    Array.isArray(pictures) &&
    pictures.every((picture) => picture instanceof Uint8Array) &&
    asked.length > 0 &&
    asked.length <= CHUNK &&
    seen.length === asked.length &&
    features.length % asked.length === 0
  )
}

function judgedOf({ asked, seen, features }: Chunk, first: number): readonly Judged[] {
  const width = features.length / asked.length
  return Array.from(asked, (label, i) => ({
    index: first + i,
    asked: label < 0 ? null : label,
    seen: seen[i]!,
    features: features.slice(i * width, (i + 1) * width),
  }))
}

function chunkOf(judged: readonly Judged[], pictures: readonly Uint8Array[]): Chunk {
  const width = judged[0]?.features.length ?? 0
  const features = new Float32Array(judged.length * width)
  judged.forEach((own, i) => features.set(own.features, i * width))
  return {
    asked: Int16Array.from(judged, ({ asked }) => asked ?? -1),
    seen: Int16Array.from(judged, ({ seen }) => seen),
    features,
    pictures,
  }
}

const entryId = (key: string, chunk: number) => `${key}/${chunk}`

/** What is kept of a point: its images from the first on, without a gap. */
export async function readImages(storage: LabStorage, key: string): Promise<Kept> {
  const judged: Judged[] = []
  let pictures: readonly Uint8Array[] = []
  for (let chunk = 0; ; chunk++) {
    const value = (await storage.get('judged', entryId(key, chunk)))?.value
    if (!isChunk(value)) break
    judged.push(...judgedOf(value, chunk * CHUNK))
    if (chunk === 0) ({ pictures } = value)
    if (value.asked.length < CHUNK) break
  }
  return { judged, pictures }
}

/** Keeps the images from `from` on, beside those before them. */
export function keepImages(storage: LabStorage, key: string, kept: Kept, from: number, made: number): Promise<void> {
  const first = Math.floor(from / CHUNK)
  const last = Math.floor((kept.judged.length - 1) / CHUNK)
  const entries = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => {
    const chunk = first + i
    const own = kept.judged.slice(chunk * CHUNK, (chunk + 1) * CHUNK)
    return { id: entryId(key, chunk), made, value: chunkOf(own, chunk === 0 ? kept.pictures : []) }
  })
  return storage.put({ judged: entries })
}
