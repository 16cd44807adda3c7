/** Rows that are the same by content: asked several times in one batch, they are evaluated once. Pure. */
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

/**
 * Evaluates no row twice in one batch. The numbers stay those of a batch with every row in it wherever rows do not depend on their batch.
 * `counted` hears of each batch what was asked and evaluated so far.
 */
export function onceEach(denoiser: Denoiser, counted: (count: Readonly<RowCount>) => void = () => undefined): Denoiser {
  const count: RowCount = { asked: 0, evaluated: 0 }
  const tell = ({ rows, places }: Alike) => {
    count.asked += places.length
    count.evaluated += rows.length
    counted({ ...count })
  }
  return {
    ...denoiser,
    model: denoiser.model,
    async evaluate(asked) {
      const alike = alikeOf(asked)
      const found = await denoiser.evaluate(alike.rows)
      tell(alike)
      return given(alike, found, (denoised) => denoised.slice())
    },
    async readAttention(asked, layer) {
      const alike = alikeOf(asked)
      const found = await denoiser.readAttention(alike.rows, layer)
      tell(alike)
      return given(alike, found, (reading) => ({ ...reading, denoised: reading.denoised.slice() }))
    },
  }
}
