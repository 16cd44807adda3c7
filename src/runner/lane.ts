/** The lane of the worker that holds the machine: runs programs where it is called. */
import type { Linked, Machine } from './link'
import { bind, type Bound } from './program'
import type { Lane } from './session'

/** A stretch of memory that grows to the largest that was asked of it. */
export class Arena {
  #place = 0
  #floats = 0

  constructor(private readonly machine: Machine) {}

  at(bytes: number): number {
    const floats = Math.ceil(bytes / 4)
    if (floats <= this.#floats) return this.#place
    this.release()
    this.#place = this.machine.heap.take(floats)
    this.#floats = floats
    return this.#place
  }

  release(): void {
    if (this.#floats > 0) this.machine.heap.give(this.#place, this.#floats)
    this.#floats = 0
  }
}

export class OwnLane implements Lane {
  readonly #arena: Arena
  milliseconds: number | null = null
  readonly #bound = new Map<number, { readonly base: number; readonly run: Bound }>()

  constructor(private readonly machine: Machine) {
    this.#arena = new Arena(machine)
  }

  arena(bytes: number): number {
    return this.#arena.at(bytes)
  }

  run({ program }: Linked, base: number): void {
    let bound = this.#bound.get(program.id)
    if (!bound || bound.base !== base) {
      bound = { base, run: bind(program, this.machine.kernels, base) }
      this.#bound.set(program.id, bound)
    }
    const begun = performance.now()
    bound.run()
    this.milliseconds = performance.now() - begun
  }

  forget({ program }: Linked): void {
    this.#bound.delete(program.id)
  }
}
