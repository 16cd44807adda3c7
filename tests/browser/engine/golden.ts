/** Reads the PyTorch tensors of tests/golden. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../../../src/cli/site.mjs'
import type { AttentionControl } from '../../../src/network/types'

interface StoredTensor {
  readonly offset: number
  readonly shape: readonly number[]
}

interface StoredCase {
  readonly name: string
  readonly sigma: number
  readonly class: number
  readonly probe?: number
  readonly attention: readonly (Record<string, unknown> | null)[] | null
  readonly tensors: Readonly<Record<string, StoredTensor>>
}

export interface Case {
  readonly name: string
  readonly sigma: number
  readonly class: number
  /** The layer whose map is stored. */
  readonly probe: number | undefined
  readonly attention: readonly (AttentionControl | null)[] | null
  readonly has: (tensor: string) => boolean
  readonly floats: (tensor: string) => number[]
}

export function readCases(model: string): Case[] {
  const folder = join(ROOT, 'tests', 'golden')
  const { cases } = JSON.parse(readFileSync(join(folder, `${model}.json`), 'utf8')) as { cases: StoredCase[] }
  const data = readFileSync(join(folder, `${model}.bin`))
  return cases.map(({ tensors, attention, name, sigma, class: label, probe }) => ({
    name,
    sigma,
    class: label,
    probe,
    attention:
      attention?.map((control) =>
        control === null
          ? null
          : ({ ...control, ...(control['querySigma'] === 'inf' && { querySigma: Infinity }) } as AttentionControl),
      ) ?? null,
    has: (tensor) => tensor in tensors,
    floats: (tensor) => {
      const { offset, shape } = tensors[tensor]!
      return Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => data.readFloatLE(offset + 4 * i))
    },
  }))
}

/** max |a − b| / max |b| */
export function relativeError(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) throw new RangeError(`lengths differ: ${a.length} and ${b.length}`)
  const difference = a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0)
  return difference / b.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
}
