/** Rows that are the same by content: asked several times, in one batch or, with a memory, in several, they are evaluated once. */
import type { Denoiser, DenoiserRow } from '../model/types'

function sameFloats(a: Float32Array, b: Float32Array): boolean {
  if (a === b) return true
  if (a.length !== b.length) return false
  // To the bit: 0 and −0 are two, and what is no number equals itself.
  const [left, right] = [a, b].map(({ buffer, byteOffset, length }) => new Uint32Array(buffer, byteOffset, length))
  return left!.every((bits, i) => bits === right![i])
}

function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (a instanceof Float32Array || b instanceof Float32Array)
    return a instanceof Float32Array && b instanceof Float32Array && sameFloats(a, b)
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  const [own, other] = [Object.entries(a), new Map(Object.entries(b))]
  return own.length === other.size && own.every(([key, value]) => other.has(key) && same(value, other.get(key)))
}

/** Few values of x tell most rows apart, so that few have to be compared whole. */
const roughly = ({ x, sigma }: DenoiserRow) => `${sigma} ${x[0]} ${x[x.length >> 1]} ${x[x.length - 1]}`

export interface Alike {
  /** The rows without repetitions, in the order in which they are first asked. */
  readonly rows: readonly DenoiserRow[]
  /** For each row that was asked, its place among them. */
  readonly places: readonly number[]
}

export function alikeOf(asked: readonly DenoiserRow[]): Alike {
  const rows: DenoiserRow[] = []
  const near = new Map<string, number[]>()
  const places = asked.map((row) => {
    const key = roughly(row)
    const places = near.get(key) ?? []
    near.set(key, places)
    const known = places.find((place) => same(rows[place], row))
    if (known !== undefined) return known
    places.push(rows.push(row) - 1)
    return rows.length - 1
  })
  return { rows, places }
}

/** Bytes of x and D that are kept: of 64×64 pictures some 650 rows, a grid of 20 pictures at 16 steps. */
const MOST_BYTES = 64 << 20

interface Known {
  readonly row: DenoiserRow
  readonly denoised: Float32Array
}

/** Rows of earlier batches and what was found for them; those that were not asked for longest are forgotten. */
export class RowMemory {
  /** By a rough key; the longest unasked first. */
  readonly #known = new Map<string, readonly Known[]>()
  #bytes = 0

  constructor(private readonly most = MOST_BYTES) {}

  get bytes(): number {
    return this.#bytes
  }

  find(row: DenoiserRow): Float32Array | null {
    const key = roughly(row)
    const near = this.#known.get(key)
    const found = near?.find((known) => same(known.row, row))
    if (!near || !found) return null
    this.#known.delete(key)
    this.#known.set(key, near)
    return found.denoised.slice()
  }

  /** Copies, since who asked may write into both. */
  keep(row: DenoiserRow, denoised: Float32Array): void {
    const key = roughly(row)
    const near = this.#known.get(key) ?? []
    this.#known.delete(key)
    this.#known.set(key, [...near, { row: { ...row, x: row.x.slice() }, denoised: denoised.slice() }])
    this.#bytes += row.x.byteLength + denoised.byteLength
    for (const [oldest, entries] of this.#known) {
      if (this.#bytes <= this.most || oldest === key) break
      this.#known.delete(oldest)
      for (const known of entries) this.#bytes -= known.row.x.byteLength + known.denoised.byteLength
    }
  }
}

/** Rows that were asked, and those of them that were evaluated. */
export interface RowCount {
  asked: number
  evaluated: number
}

/** What was found for the distinct rows, given to all that asked; nobody shares an array with another. */
function given<T>({ places }: Alike, found: readonly T[], copy: (value: T) => T): T[] {
  const taken = new Set<number>()
  return places.map((place) => {
    const value = found[place]!
    if (taken.has(place)) return copy(value)
    taken.add(place)
    return value
  })
}

/** What the memory does not know is evaluated, and kept there. */
async function remembered(rows: readonly DenoiserRow[], denoiser: Denoiser, memory: RowMemory) {
  const known = rows.map((row) => memory.find(row))
  const asked = rows.filter((_, i) => !known[i])
  const found = asked.length === 0 ? [] : await denoiser.evaluate(asked)
  asked.forEach((row, i) => memory.keep(row, found[i]!))
  let next = 0
  return { found: known.map((own) => own ?? found[next++]!), evaluated: asked.length }
}

/**
 * Evaluates no row twice in one batch, and none that the memory knows. The numbers stay those of a batch with every row in it wherever
 * rows do not depend on their batch. `counted` hears of each batch what was asked and evaluated so far.
 */
export function onceEach(
  denoiser: Denoiser,
  counted: (count: Readonly<RowCount>) => void = () => undefined,
  memory: RowMemory | null = null,
): Denoiser {
  const count: RowCount = { asked: 0, evaluated: 0 }
  const tell = ({ places }: Alike, evaluated: number) => {
    count.asked += places.length
    count.evaluated += evaluated
    counted({ ...count })
  }
  return {
    ...denoiser,
    model: denoiser.model,
    async evaluate(asked) {
      const alike = alikeOf(asked)
      const { found, evaluated } = memory
        ? await remembered(alike.rows, denoiser, memory)
        : { found: await denoiser.evaluate(alike.rows), evaluated: alike.rows.length }
      tell(alike, evaluated)
      return given(alike, found, (denoised) => denoised.slice())
    },
    async readAttention(asked, layer) {
      const alike = alikeOf(asked)
      const found = await denoiser.readAttention(alike.rows, layer)
      tell(alike, alike.rows.length)
      return given(alike, found, (reading) => ({ ...reading, denoised: reading.denoised.slice() }))
    },
  }
}
