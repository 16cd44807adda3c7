/** Networks that somebody else runs for a while, each in its turn, and rows sorted by which of them they go to. */
import type { DenoiserRow } from '../model/types'
import type { Runs } from './runs'

/** What runs a network. */
export interface HeldNetwork {
  /** How its rows become runs. */
  readonly runs: Runs
  evaluate(rows: readonly DenoiserRow[]): Promise<Float32Array[]>
  /** Told what was asked. */
  count(rows: number, runs: number): void
}

/** Gives what runs it, while nothing else does. */
export interface Holdable {
  held<T>(task: (own: HeldNetwork) => Promise<T>): Promise<T>
}

/** Runs a task that runs all of them. */
export function holding<K, T>(
  of: ReadonlyMap<K, Holdable>,
  task: (held: ReadonlyMap<K, HeldNetwork>) => Promise<T>,
): Promise<T> {
  const held = new Map<K, HeldNetwork>()
  const next = ([first, ...rest]: readonly (readonly [K, Holdable])[]): Promise<T> => {
    if (!first) return task(held)
    return first[1].held((own) => {
      held.set(first[0], own)
      return next(rest)
    })
  }
  return next([...of])
}

type Asked = Pick<DenoiserRow, 'network'>

/** Which network a row goes to. */
export type NetworkOf = (row: Asked) => HeldNetwork

/** Each network with the places of its rows, in their order. */
export function byNetwork(rows: readonly Asked[], networkOf: NetworkOf): Iterable<[HeldNetwork, number[]]> {
  const groups = new Map<HeldNetwork, number[]>()
  for (const [place, row] of rows.entries()) {
    const network = networkOf(row)
    groups.set(network, [...(groups.get(network) ?? []), place])
  }
  return groups
}
