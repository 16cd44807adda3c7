/** What one run of a network computes, as a list that can be handed to another worker of the same memory. */
import type { KernelName } from './emitter'
import type { Kernels } from './kernels'

export interface Program {
  /** Of the process, so that a worker knows what it was given before. */
  readonly id: number
  readonly kernels: readonly KernelName[]
  /** Of all calls one after the other; `ends` tells where those of each call end. */
  readonly args: Float64Array
  readonly ends: Uint32Array
  /** 1 where an argument is counted in bytes from the start of the arena. */
  readonly relative: Uint8Array
  /** What the arena takes. */
  readonly bytes: number
}

/** A program at a fixed arena, ready to run. */
export type Bound = () => void

export function bind(program: Program, kernels: Kernels, base: number): Bound {
  const calls = program.kernels.map((name, i) => {
    const start = i === 0 ? 0 : program.ends[i - 1]!
    const args = Array.from(program.args.subarray(start, program.ends[i]), (value, j) =>
      program.relative[start + j] === 1 ? value + base : value,
    )
    const kernel = kernels[name] as (...args: number[]) => void
    return { kernel, args }
  })
  return () => {
    for (const { kernel, args } of calls) kernel(...args)
  }
}
