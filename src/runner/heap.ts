/** The one memory that kernels see, and what of it is free. */

const PAGE = 65536
/** Addresses stay positive numbers of 32 bits. */
const MOST_PAGES = 32768
const ALIGNMENT = 64

export class OutOfMemory extends Error {
  override readonly name = 'OutOfMemory'
}

interface Gap {
  place: number
  bytes: number
}

export class Heap {
  readonly memory: WebAssembly.Memory
  /** By place; no two touch. The first bytes are never given, so that 0 stands for no address. */
  #gaps: Gap[]

  /** `shared`: other workers may see it too. */
  constructor(shared: boolean) {
    this.memory = new WebAssembly.Memory({ initial: 16, maximum: MOST_PAGES, shared })
    this.#gaps = [{ place: ALIGNMENT, bytes: 16 * PAGE - ALIGNMENT }]
  }

  /** Throws OutOfMemory. */
  take(floats: number): number {
    const bytes = Math.ceil(Math.max(floats * 4, 1) / ALIGNMENT) * ALIGNMENT
    const gap = this.#gaps.find((one) => one.bytes >= bytes) ?? this.#grow(bytes)
    const place = gap.place
    gap.place += bytes
    gap.bytes -= bytes
    this.#gaps = this.#gaps.filter((one) => one.bytes > 0)
    return place
  }

  give(place: number, floats: number): void {
    const bytes = Math.ceil(Math.max(floats * 4, 1) / ALIGNMENT) * ALIGNMENT
    const gaps = [...this.#gaps, { place, bytes }].sort((a, b) => a.place - b.place)
    this.#gaps = []
    for (const gap of gaps) {
      const last = this.#gaps.at(-1)
      if (last && last.place + last.bytes === gap.place) last.bytes += gap.bytes
      else this.#gaps.push(gap)
    }
  }

  /** Views end with the memory's growth, so that they are made at each use. */
  floats(place: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, place, length)
  }

  integers(place: number, length: number): Int32Array {
    return new Int32Array(this.memory.buffer, place, length)
  }

  #grow(bytes: number): Gap {
    const end = this.memory.buffer.byteLength
    const last = this.#gaps.at(-1)
    const free = last && last.place + last.bytes === end ? last.bytes : 0
    try {
      this.memory.grow(Math.ceil((bytes - free) / PAGE))
    } catch {
      throw new OutOfMemory(`the network needs more memory than there is (${Math.round(bytes / 1e6)} MB more)`)
    }
    const more = this.memory.buffer.byteLength - end
    if (last && free > 0) {
      last.bytes += more
      return last
    }
    const gap = { place: end, bytes: more }
    this.#gaps.push(gap)
    return gap
  }
}
