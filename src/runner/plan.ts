/** Gives every buffer a place: those that live at the same time lie apart, the others share. */
import type { Call } from './emitter'
import type { Buffer } from './tensor'

/** Places are multiples of this many bytes. */
const ALIGNMENT = 64

const aligned = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT

export interface Layout {
  /** Bytes from the start of the arena. */
  readonly places: ReadonlyMap<Buffer, number>
  readonly bytes: number
}

interface Gap {
  place: number
  bytes: number
}

/** What is free below the end so far. */
class Room {
  /** By place; no two touch. */
  #gaps: Gap[] = []
  #end = 0

  get end(): number {
    return this.#end
  }

  /** The smallest gap that is large enough, or more at the end. */
  take(bytes: number): number {
    let best: Gap | null = null
    for (const gap of this.#gaps) if (gap.bytes >= bytes && (!best || gap.bytes < best.bytes)) best = gap
    if (best) {
      const { place } = best
      best.place += bytes
      best.bytes -= bytes
      if (best.bytes === 0) this.#gaps.splice(this.#gaps.indexOf(best), 1)
      return place
    }
    const last = this.#gaps.at(-1)
    const place = last && last.place + last.bytes === this.#end ? this.#gaps.pop()!.place : this.#end
    this.#end = place + bytes
    return place
  }

  give(place: number, bytes: number): void {
    const after = this.#gaps.findIndex((gap) => gap.place > place)
    const at = after < 0 ? this.#gaps.length : after
    this.#gaps.splice(at, 0, { place, bytes })
    this.#join(at)
    if (at > 0) this.#join(at - 1)
  }

  #join(at: number): void {
    const [gap, next] = [this.#gaps[at]!, this.#gaps[at + 1]]
    if (next?.place !== gap.place + gap.bytes) return
    gap.bytes += next.bytes
    this.#gaps.splice(at + 1, 1)
  }
}

/**
 * Lays out the buffers of a list of calls for which `wanted` says so. `before` are there from the start, `after` stay to the end. In the
 * order of the calls each takes a place as it comes, and gives it back after the last call that uses it.
 */
export function layOut(
  calls: readonly Call[],
  wanted: (buffer: Buffer) => boolean,
  { before, after }: { readonly before: readonly Buffer[]; readonly after: readonly Buffer[] },
): Layout {
  const used = ({ reads, writes }: Call) => [...reads, ...writes].filter(wanted)
  const last = new Map<Buffer, number>()
  for (const buffer of before) last.set(buffer, -1)
  for (const [at, call] of calls.entries()) for (const buffer of used(call)) last.set(buffer, at)
  for (const buffer of after) last.set(buffer, calls.length)
  const room = new Room()
  const places = new Map<Buffer, number>()
  const size = ({ floats }: Buffer) => aligned(Math.max(floats, 1) * 4)
  const see = (buffer: Buffer) => {
    if (wanted(buffer) && !places.has(buffer)) places.set(buffer, room.take(size(buffer)))
  }
  for (const buffer of before) see(buffer)
  for (const [at, call] of calls.entries()) {
    const own = new Set(used(call))
    for (const buffer of own) see(buffer)
    for (const buffer of own) if (last.get(buffer) === at) room.give(places.get(buffer)!, size(buffer))
  }
  for (const buffer of after) see(buffer)
  return { places, bytes: room.end }
}
