/**
 * Plausible values for the inputs of anybody's graph, so that it can be run before anybody has said what its inputs mean: noise for
 * what is an image or an embedding, positions, levels and indices that its tables have. Rows differ, and a row is the same whatever
 * others there are.
 */
import { halfBits } from '../../core/half'
import { normals } from '../../core/random'
import { GraphEditor } from '../editor'
import { DataType, GraphError, type Dimension, type ModelProto } from '../onnx'
import { coarsest, graphInputs, noisyImage, tableLength, takenLength, type GraphInput } from './example-inputs'
import type { Feeds, GraphTensor, OpenGraph } from './types'

export interface ImageLengths {
  readonly height: number
  readonly width: number
}

export interface ExampleOptions {
  /** The input that is the noisy image. Left out: found. */
  readonly sample?: string
  /** Of the noisy image, where the graph leaves it to run time. Left out: a small one that its strides divide. */
  readonly size?: ImageLengths | null
}

/** What a search for maps asks for. */
export interface Example {
  readonly sample: string
  /** The number of rows that the graph was exported for; null: any. */
  readonly batch: number | null
  /** The same values at every call. */
  feeds(rows: number): Feeds
}

/** Tokens of an input that comes as a row of them, and their grid for positions: unlike an image, so that neither is taken for the other. */
const TOKENS = { height: 4, width: 6 }
const WORDS = 8
/** Values of one input, at most; a gigabyte of singles. */
const MOST = 2 ** 28

const shown = ({ name, dims }: GraphInput) => `${name} [${dims.map((dim) => dim ?? '?').join(', ')}]`

/** How long axes are that the graph leaves to run time; those of one name are equally long. */
class Lengths {
  readonly #named = new Map<string, number>()

  constructor(
    private readonly editor: GraphEditor,
    private readonly sample: GraphInput,
    private readonly size: ImageLengths,
  ) {
    const { dims } = sample
    if (dims.length > 3) this.#name(dims.at(-2), size.height)
    if (dims.length > 3) this.#name(dims.at(-1), size.width)
    if (dims.length === 3) this.#name(dims[1], TOKENS.height * TOKENS.width)
  }

  #name(dim: Dimension | undefined, length: number): void {
    if (typeof dim === 'string') this.#named.set(dim, length)
  }

  /** Is the axis as long as there are rows? */
  isRows({ dims }: GraphInput): boolean {
    const [first] = dims
    if (first === undefined || typeof first === 'number') return dims.length > 0 && first === this.sample.dims[0]
    return first === this.sample.dims[0] || first === null || !this.#named.has(first)
  }

  /** Throws GraphError where nothing tells. */
  of(input: GraphInput, axis: number): number {
    const dim = input.dims[axis]!
    if (typeof dim === 'number') return dim
    const named = typeof dim === 'string' ? this.#named.get(dim) : undefined
    const length = named ?? takenLength(this.editor, input, axis) ?? this.#usual(input, axis)
    if (length === null)
      throw new GraphError(
        `the input ${shown(input)} leaves the length of axis ${axis} to run time, and nothing in the graph tells it; export it with a fixed one`,
      )
    this.#name(dim, length)
    return length
  }

  #usual(input: GraphInput, axis: number): number | null {
    const { length } = input.dims
    if (length > 3 && axis === length - 2) return this.size.height
    if (length > 3 && axis === length - 1) return this.size.width
    // A clip's frames.
    if (length > 4 && axis === 2) return 2
    if (axis !== 1 || length > 3) return null
    return input === this.sample ? TOKENS.height * TOKENS.width : WORDS
  }
}

interface Shape {
  readonly input: GraphInput
  /** Of one row, or of all where rows share it. */
  readonly dims: readonly number[]
  readonly shared: boolean
  readonly table: number | null
  readonly size: ImageLengths
}

const total = (dims: readonly number[]) => dims.reduce((product, length) => product * length, 1)

/** An index of so many, away from the ends, since what tables hold there may stand for something else. */
const indexOf = (table: number, row: number) => (Math.floor(table / 2) + row) % table

/** Positions of tokens, as [.., y, x], for inputs that tell of each token where it lies; those of a text lie nowhere. */
function positions(count: number, width: number, ofImage: boolean): Float32Array {
  const out = new Float32Array(count * width)
  const across = Math.max(1, Math.round(Math.sqrt((count * TOKENS.width) / TOKENS.height)))
  if (ofImage)
    for (let i = 0; i < count; i++) {
      out[i * width + width - 2] = Math.floor(i / across)
      out[i * width + width - 1] = i % across
    }
  return out
}

/** A row's values of an input. */
function values(
  { input: { name, type, dims: declared }, dims, shared, table, size }: Shape,
  row: number,
  tokens: number,
): Float32Array {
  const count = total(dims)
  const all = (value: number) => new Float32Array(count).fill(value)
  const whole = type === DataType.INT64 || type === DataType.INT32
  if (type === DataType.BOOL || /mask/i.test(name)) return all(1)
  if (table !== null) return Float32Array.from({ length: count }, (_, i) => indexOf(table, row + i))
  if (/ids?$/i.test(name) && dims.length === 2 && shared && (dims[1] === 2 || dims[1] === 3))
    return positions(dims[0]!, dims[1], dims[0] === tokens)
  if (/time_ids/i.test(name) && count === 6)
    return Float32Array.of(8 * size.height, 8 * size.width, 0, 0, 8 * size.height, 8 * size.width)
  if (/guidance/i.test(name) && count === 1) return all(3.5)
  // Whole numbers are training steps; others lie where σ, a flow's time and its logarithm are all of an ordinary size.
  if (whole) return all(count === 1 ? 400 + 100 * row : 1)
  if (count === 1) return all(0.5 + 0.25 * row)
  if (declared.length === 2 && /class|label|^y$/i.test(name)) {
    const weights = all(0)
    weights[row % count] = 1
    return weights
  }
  return normals(nameSeed(name), row, count)
}

/** Different inputs of one size get different noise. */
const nameSeed = (name: string) => [...name].reduce((seed, letter) => (seed * 31 + letter.codePointAt(0)!) % 65_521, 7)

function tensor({ name, type }: GraphInput, dims: readonly number[], data: Float32Array): GraphTensor {
  switch (type) {
    case DataType.FLOAT:
      return { type: 'float32', dims, data }
    case DataType.FLOAT16:
      return { type: 'float16', dims, data: Uint16Array.from(data, halfBits) }
    case DataType.INT64:
      return { type: 'int64', dims, data: BigInt64Array.from(data, (value) => BigInt(Math.round(value))) }
    case DataType.INT32:
      return { type: 'int32', dims, data: Int32Array.from(data, Math.round) }
    case DataType.BOOL:
      return { type: 'bool', dims, data: Uint8Array.from(data, Math.sign) }
    default:
      throw new GraphError(
        `the input ${name} is of the type ${DataType[type] ?? 'unknown'}, and can be FLOAT, FLOAT16, INT64, INT32 or BOOL; export it as one of them`,
      )
  }
}

/** Of a picture, where nobody says: a few of the coarsest pixels, more across than down, so that neither is taken for the other. */
function usualSize(editor: GraphEditor, sample: string): ImageLengths {
  const unit = Math.max(4, coarsest(editor, sample))
  return { height: 4 * unit, width: 6 * unit }
}

/** Whose sizes position tables may be of, where a graph that says that it takes any size takes one. */
const NATIVE = [64, 32, 16, 8, 128, 256]

function findSample(model: ModelProto, name: string | undefined): GraphInput {
  const inputs = graphInputs(model)
  const found = name === undefined ? noisyImage(model) : inputs.find((input) => input.name === name)
  if (found) return found
  const there = inputs.map(shown).join(', ') || 'none'
  throw new GraphError(
    name === undefined
      ? `no input is an image or a row of tokens; there are ${there}`
      : `the graph has no input ${name} that is to be the image; there are ${there}`,
  )
}

/** Throws GraphError, with the reason, where a graph's inputs can't be given. */
export function exampleFeeds(model: ModelProto, options: ExampleOptions = {}): Example {
  const editor = new GraphEditor(model)
  const sample = findSample(model, options.sample)
  const [first] = sample.dims
  const size = options.size ?? usualSize(editor, sample.name)
  const lengths = new Lengths(editor, sample, size)
  // The image's own lengths come first, so that others of the same names follow.
  const inputs = [sample, ...graphInputs(model).filter(({ name }) => name !== sample.name)]
  const shapes = inputs.map((input): Shape => {
    const rows = lengths.isRows(input)
    const all = input.dims.map((_, axis) => (axis === 0 && rows ? 1 : lengths.of(input, axis)))
    if (total(all) > MOST)
      throw new GraphError(`the input ${shown(input)} has ${total(all)} values, more than can be tried`)
    return { input, dims: all, shared: !rows, table: tableLength(editor, input.name), size }
  })
  const tokens = shapes[0]!.dims[1] ?? 0
  // Refuses types before anything is run.
  for (const { input } of shapes) tensor(input, [0], new Float32Array(0))
  const feed = (shape: Shape, rows: number): GraphTensor => {
    if (shape.shared) return tensor(shape.input, shape.dims, values(shape, 0, tokens))
    const each = total(shape.dims)
    const data = new Float32Array(rows * each)
    for (let row = 0; row < rows; row++) data.set(values(shape, row, tokens), row * each)
    return tensor(shape.input, [rows, ...shape.dims.slice(1)], data)
  }
  return {
    sample: sample.name,
    batch: typeof first === 'number' ? first : null,
    feeds: (rows) => Object.fromEntries(shapes.map((shape) => [shape.input.name, feed(shape, rows)])),
  }
}

/**
 * The first example that the graph runs with, of several sizes where it leaves that to run time. Rejects with GraphError where it
 * runs with none.
 */
export async function runningExample(
  model: ModelProto,
  open: OpenGraph,
  options: ExampleOptions = {},
): Promise<Example> {
  const first = exampleFeeds(model, options)
  const { dims } = findSample(model, first.sample)
  if (options.size || dims.length < 4 || dims.slice(-2).every((length) => typeof length === 'number')) return first
  const session = await open(model)
  try {
    // A picture of one token would fit tables of any size.
    const least = 2 * coarsest(new GraphEditor(model), first.sample)
    const others = NATIVE.filter((length) => length >= least).map((length) =>
      exampleFeeds(model, { ...options, size: { height: length, width: length } }),
    )
    let why: unknown
    for (const example of [first, ...others]) {
      try {
        await session.run(example.feeds(example.batch ?? 1))
        return example
      } catch (error) {
        why ??= error
      }
    }
    const said = why instanceof Error ? why.message : String(why)
    throw new GraphError(
      `the graph runs with no size of ${first.sample} that was tried; say one that it takes (${said})`,
    )
  } finally {
    await session.release()
  }
}
