/** Reads what tests/exports/make.py wrote: a graph, what its author knows of its attentions, and PyTorch's answers (see README.md there). */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

export interface ExportedLayer {
  readonly kind: 'self' | 'joint' | 'cross' | 'linear' | 'no softmax' | 'channels' | 'in pieces' | 'lost'
  readonly queries: number
  readonly keys: number
  readonly heads: number
  readonly grid: readonly [height: number, width: number] | null
  readonly image: { readonly start: number; readonly keyStart?: number; readonly count: number } | null
  readonly windows: number
}

interface Described {
  readonly exporter: 'legacy' | 'dynamo'
  readonly opset: number
  readonly batch: number | null
  readonly network: string
  readonly error: number
  readonly rows: { readonly identity: number; readonly blur: number }
  readonly sigmas: readonly string[]
  readonly shared: readonly string[]
  readonly layers: readonly ExportedLayer[]
  readonly tensors: Readonly<Record<string, Place>>
}

interface Place {
  readonly dims: readonly number[]
  readonly type: 'float32' | 'int64'
  readonly offset: number
  readonly bytes: number
}

export interface ExportedTensor {
  readonly dims: readonly number[]
  readonly data: Float32Array | BigInt64Array
}

export interface Exported extends Omit<Described, 'tensors'> {
  readonly name: string
  /** Of the graph; its external data, if any, lies beside it. */
  readonly path: string
  readonly inputs: readonly string[]
  /** By its key, such as `output`, `input:sample`, `identity_0` or `blur_0_inf`. */
  tensor(key: string): ExportedTensor
  floats(key: string): Float32Array
}

/** The names of all exports in the folder. */
export function exportNames(folder: string): readonly string[] {
  if (!existsSync(folder)) return []
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'))
  return files.map((file) => file.slice(0, -'.json'.length)).sort()
}

export function readExport(folder: string, name: string): Exported {
  const { tensors, ...described }: Described = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'))
  const bytes = readFileSync(join(folder, `${name}.bin`))
  const tensor = (key: string): ExportedTensor => {
    const place = tensors[key]
    if (!place) throw new Error(`${name} has no tensor ${key}`)
    const own = Uint8Array.from(bytes.subarray(place.offset, place.offset + place.bytes)).buffer
    return { dims: place.dims, data: place.type === 'int64' ? new BigInt64Array(own) : new Float32Array(own) }
  }
  return {
    ...described,
    name,
    path: join(folder, `${name}.onnx`),
    inputs: Object.keys(tensors).flatMap((key) => (key.startsWith('input:') ? [key.slice('input:'.length)] : [])),
    tensor,
    floats(key) {
      const { data } = tensor(key)
      if (data instanceof Float32Array) return data
      throw new Error(`${name}: ${key} holds integers`)
    },
  }
}

/** The largest difference, in standard deviations of what is wanted. */
export function deviations(found: Float32Array, wanted: Float32Array): number {
  if (found.length !== wanted.length) throw new Error(`${found.length} values instead of ${wanted.length}`)
  const mean = wanted.reduce((sum, value) => sum + value, 0) / wanted.length
  const variance = wanted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / wanted.length
  return found.reduce((most, value, i) => Math.max(most, Math.abs(value - wanted[i]!)), 0) / Math.sqrt(variance)
}
