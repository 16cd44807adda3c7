/** Reads tests/golden/<id>.json and .bin, the answers of PyTorch that tests/golden/generate.py wrote. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DenoiserRow } from '../../../src/model/types'
import type { AttentionControl } from '../../../src/network/types'

interface TensorEntry {
  readonly offset: number
  readonly shape: readonly number[]
}

type StoredControl = Omit<AttentionControl, 'mask' | 'querySigma'> & {
  readonly querySigma?: number | 'inf'
  readonly mask?: string
}

interface StoredCase {
  readonly name: string
  readonly method: string
  readonly sigma: number
  readonly class: number
  readonly attention: readonly (StoredControl | null)[] | null
  readonly probe?: number
  readonly tensors: Readonly<Record<string, TensorEntry>>
}

export interface ReferenceCase {
  readonly name: string
  readonly method: string
  readonly probe: number | null
  /** Without its masks, which are given as tensors. */
  readonly row: DenoiserRow
  readonly tensors: Readonly<Record<string, Float32Array>>
  /** Layers that `tensors.mask` acts on. */
  readonly masked: readonly number[]
}

interface StoredTrajectory {
  readonly name: string
  readonly method: string
  readonly solver: 'euler' | 'heun'
  readonly scale: number
  readonly class: number
  readonly sigmas: readonly number[]
  readonly tensors: Readonly<Record<string, TensorEntry>>
}

export interface ReferenceTrajectory extends Omit<StoredTrajectory, 'tensors'> {
  /** `x`, `positive`, `negative` (not for method none) and `denoised` for each step, at the guided x; `final` once. */
  readonly tensors: Readonly<Record<string, Float32Array>>
}

export const models = join(import.meta.dirname, '../../../models')

const GOLDEN = join(import.meta.dirname, '../../golden')

function open(id: string, folder = GOLDEN) {
  const bytes = readFileSync(join(folder, `${id}.bin`))
  const index = JSON.parse(readFileSync(join(folder, `${id}.json`), 'utf8')) as {
    readonly cases: readonly StoredCase[]
    readonly trajectories?: readonly StoredTrajectory[]
  }
  const read = ({ offset, shape }: TensorEntry) => {
    const from = bytes.byteOffset + offset
    return new Float32Array(bytes.buffer.slice(from, from + 4 * shape.reduce((a, b) => a * b, 1)))
  }
  const readAll = (tensors: Readonly<Record<string, TensorEntry>>) =>
    Object.fromEntries(Object.entries(tensors).map(([name, entry]) => [name, read(entry)]))
  return { index, readAll }
}

export function referenceTrajectories(id: string): readonly ReferenceTrajectory[] {
  const { index, readAll } = open(id)
  return (index.trajectories ?? []).map((stored) => ({ ...stored, tensors: readAll(stored.tensors) }))
}

export function referenceCases(id: string, folder?: string): readonly ReferenceCase[] {
  const { index, readAll } = open(id, folder)
  return index.cases.map((stored) => {
    const classWeights = new Float32Array(10)
    classWeights[stored.class] = 1
    const tensors = readAll(stored.tensors)
    const attention = stored.attention?.map((control): AttentionControl | null => {
      if (!control) return null
      const { mask: _mask, querySigma, ...rest } = control
      return { ...rest, ...(querySigma !== undefined && { querySigma: querySigma === 'inf' ? Infinity : querySigma }) }
    })
    return {
      name: stored.name,
      method: stored.method,
      probe: stored.probe ?? null,
      row: { x: tensors.x!, sigma: stored.sigma, classWeights, attention: attention ?? null },
      tensors,
      masked: (stored.attention ?? []).flatMap((control, layer) => (control?.mask ? [layer] : [])),
    }
  })
}
