/** A person's arrays as the inputs of a graph: each that it takes, in the lengths and types that it takes, row by row. */
import { halfBits } from '../../core/half'
import { graphInputs, noisyImage, type GraphInput } from '../../network/maps/example-inputs'
import type { Feeds, GraphTensor } from '../../network/maps/types'
import { DataType, type ModelProto } from '../../network/onnx'
import { NpyError, readNpz, type NamedArray } from '../../storage/read-npz'
import { UsageError } from '../usage'
import { readWhole } from './graph-file'

export interface GivenArrays {
  readonly sample: string
  /** The number of rows that the graph was exported for; null: any. */
  readonly batch: number | null
  /** Rows of the arrays. */
  readonly rows: number
  /** Rows, by their places in the arrays. */
  rowsOf(places: readonly number[]): Feeds
}

type Values = ArrayLike<number | bigint>

interface Given {
  readonly input: GraphInput
  readonly array: NamedArray
  /** Has each row a part of its own? */
  readonly byRow: boolean
}

const shown = ({ name, dims }: GraphInput) => `${name} [${dims.map((dim) => dim ?? '?').join(', ')}]`

/** Throws UsageError where a graph that takes whole numbers was given others. */
function whole(name: string, values: Values): readonly bigint[] {
  return Array.from(values, (value) => {
    if (typeof value === 'number' && !Number.isSafeInteger(value))
      throw new UsageError(`${name} holds ${value}, and the graph takes whole numbers there; round it`)
    return BigInt(value)
  })
}

function tensor({ name, type }: GraphInput, dims: readonly number[], values: Values): GraphTensor {
  switch (type) {
    case DataType.FLOAT:
      return { type: 'float32', dims, data: Float32Array.from(values, Number) }
    case DataType.FLOAT16:
      return { type: 'float16', dims, data: Uint16Array.from(values, (value) => halfBits(Number(value))) }
    case DataType.INT64:
      return { type: 'int64', dims, data: BigInt64Array.from(whole(name, values)) }
    case DataType.INT32:
      return { type: 'int32', dims, data: Int32Array.from(whole(name, values), Number) }
    case DataType.BOOL:
      return { type: 'bool', dims, data: Uint8Array.from(values, (value) => (Number(value) === 0 ? 0 : 1)) }
    default:
      throw new UsageError(
        `the input ${name} is of the type ${DataType[type] ?? 'unknown'}, which is not given; export it as FLOAT`,
      )
  }
}

function check({ input, array: { shape }, byRow }: Given, file: string): void {
  const fits =
    shape.length === input.dims.length &&
    input.dims.every((dim, axis) => typeof dim !== 'number' || (axis === 0 && byRow) || dim === shape[axis])
  if (!fits)
    throw new UsageError(`${file}: ${input.name} is [${shape.join(', ')}], and the graph takes ${shown(input)}`)
}

/** Throws UsageError for a file that holds no arrays. */
function arraysOf(file: string): Readonly<Record<string, NamedArray>> {
  try {
    return readNpz(readWhole(file, 'file of arrays'))
  } catch (error) {
    throw error instanceof NpyError ? new UsageError(`${file}: ${error.message}`) : error
  }
}

function pairs(model: ModelProto, file: string): readonly { readonly input: GraphInput; readonly array: NamedArray }[] {
  const arrays = arraysOf(file)
  const inputs = graphInputs(model)
  const wanted = inputs.map(shown).join(', ')
  const odd = Object.keys(arrays).find((name) => inputs.every((input) => input.name !== name))
  if (odd !== undefined) throw new UsageError(`${file} has ${odd}, which is no input of the graph; it takes ${wanted}`)
  return inputs.map((input) => {
    const array = arrays[input.name]
    if (!array) throw new UsageError(`${file} lacks ${input.name}; the graph takes ${wanted}`)
    return { input, array }
  })
}

/** Inputs from a file. Throws UsageError, which says what does not fit. */
export function givenArrays(model: ModelProto, file: string, sampleName?: string): GivenArrays {
  const found = pairs(model, file)
  const name = sampleName ?? noisyImage(model)?.name
  const sample = found.find(({ input }) => input.name === name)
  if (!sample)
    throw new UsageError(
      `the graph has no input ${name ?? 'that is an image'}; say with --sample which is the noisy image: ${found.map(({ input }) => shown(input)).join(', ')}`,
    )
  const [first] = sample.input.dims
  const batch = typeof first === 'number' ? first : null
  const rows = sample.array.shape[0] ?? 0
  if (rows === 0 || rows % (batch ?? 1) !== 0)
    throw new UsageError(`${file}: ${name} has ${rows} rows, and the graph takes ${batch ?? 'one or more'} at a time`)
  const given = found.map(({ input, array }): Given => {
    const [own] = input.dims
    const open = batch === null ? typeof own !== 'number' && own !== undefined : own === batch
    return { input, array, byRow: open && array.shape[0] === rows }
  })
  for (const one of given) check(one, file)
  const feed = ({ input, array: { shape, data }, byRow }: Given, places: readonly number[]): GraphTensor => {
    if (!byRow) return tensor(input, shape, data)
    const each = data.length / rows
    const values = places.flatMap((place) => {
      const own: Values = data.slice(place * each, (place + 1) * each)
      return Array.from(own)
    })
    return tensor(input, [places.length, ...shape.slice(1)], values)
  }
  return {
    sample: sample.input.name,
    batch,
    rows,
    rowsOf: (places) => Object.fromEntries(given.map((one) => [one.input.name, feed(one, places)])),
  }
}
