/** Rows as the network takes them: checked, sorted by what they need, and put together into tensors by the manifest's inputs. */
import { narrowToHalf } from '../core/half'
import { adapterOf, type Level } from '../model/adapter'
import type { ElementType, ModelInput } from '../model/description'
import type { Embeddings } from '../model/embeddings'
import { type InputContext, isShared } from '../model/input'
import { meaningOf } from '../model/meanings'
import type { DenoiserRow, ModelInfo } from '../model/types'
import { featuresOf } from '../network/controls/complete'
import type { BoolData, TensorData } from '../network/controls/inputs'
import type { Feature } from '../network/controls/types'
import { EMBEDDING_OFFSET } from '../network/handles/types'
import { GraphError, declaredShape, type ModelProto } from '../network/onnx'
import type { Runtime, Tensors } from './runtime'

/** What a network takes. */
export interface RowShape {
  readonly model: ModelInfo
  readonly image: ModelInfo['image']
  /** Width of the graph's input for offsets of the embedding; null where it has none. */
  readonly offsetWidth: number | null
  /** Of a model whose condition is a text. */
  readonly embeddings: Embeddings | null
}

/** Width of the input for offsets of the embedding, or null. Throws GraphError where it is left to run time. */
export function offsetWidth(graph: ModelProto): number | null {
  const input = graph.graph?.input.find(({ name }) => name === EMBEDDING_OFFSET)
  if (!input) return null
  const width = declaredShape(input)?.[1]
  if (typeof width !== 'number')
    throw new GraphError(`the input ${EMBEDDING_OFFSET} has no fixed width; export it as [rows, width]`)
  return width
}

const valuesOf = ({ channels, height, width }: ModelInfo['image']) => channels * height * width

/** Throws RangeError for rows of the wrong size. */
export function checkRows(rows: readonly DenoiserRow[], { model, image, offsetWidth: wanted }: RowShape): void {
  const classes = model.conditioning.classes.length
  const { channels, height, width } = image
  for (const { x, classWeights, embeddingOffset } of rows) {
    if (x.length !== valuesOf(image)) {
      throw new RangeError(
        `x has ${x.length} values; an image of ${model.id} has ${valuesOf(image)} (${channels} × ${height} × ${width})`,
      )
    }
    if (classWeights.length !== classes)
      throw new RangeError(`there are ${classWeights.length} class weights for ${classes} classes`)
    if (!embeddingOffset) continue
    if (wanted === null) {
      throw new RangeError(
        `this network of ${model.id} has no input ${EMBEDDING_OFFSET}, so its embedding can't be offset`,
      )
    }
    if (embeddingOffset.length !== wanted) {
      throw new RangeError(`an embedding offset has ${embeddingOffset.length} values; the embedding has ${wanted}`)
    }
  }
}

export interface RowGroup {
  readonly features: readonly Feature[]
  /** Places of its rows in the batch. */
  readonly places: number[]
}

/**
 * Rows that need different features run apart: each graph rounds differently, and what a row gives must not depend on its company.
 * So do rows that differ in what the graph takes once for a whole batch, such as a noise level without an axis of rows.
 */
export function groupsOf(rows: readonly DenoiserRow[], shape: RowShape): Iterable<RowGroup> {
  const shared = shape.model.inputs.filter(isShared)
  const groups = new Map<string, RowGroup>()
  for (const [place, row] of rows.entries()) {
    const features = featuresOf(row.attention)
    const told = shared.map((input) => rowValues(row, input, shape))
    const key = [features.join(), ...told.map((values) => Array.from(values).join())].join('|')
    const group = groups.get(key)
    if (group) group.places.push(place)
    else groups.set(key, { features, places: [place] })
  }
  return groups.values()
}

/** That of the row's σ, with the noise level that the network is told. */
export function levelOf({ sigma, toldSigma }: DenoiserRow, model: ModelInfo): Level {
  return adapterOf(model).level(sigma, toldSigma)
}

function rowValues(row: DenoiserRow, input: ModelInput, { model, embeddings }: RowShape): ArrayLike<number> {
  const context: InputContext = { model, level: levelOf(row, model), embeddings }
  return meaningOf(input.meaning).values(row, input, context)
}

/** A tensor of an input for a batch: a row's values after another, or those of the first where all share them. */
function inputTensor(batch: readonly DenoiserRow[], input: ModelInput, shape: RowShape, runtime: Runtime) {
  const asked = isShared(input) ? batch.slice(0, 1) : batch
  const rows = asked.map((row) => rowValues(row, input, shape))
  const each = rows[0]!.length
  const values = new Float64Array(each * rows.length)
  for (const [i, own] of rows.entries()) values.set(own, i * each)
  const { height, width } = shape.image
  // Crops are of another size than the manifest's image.
  const spatial = input.meaning === 'sample'
  const dims = input.dims.map((dim, i) => {
    if (dim === 'rows') return batch.length
    return spatial && i >= 2 ? (i === 2 ? height : width) : dim
  })
  return tensorOf(input.dtype, values, dims, runtime)
}

function tensorOf(dtype: ElementType, values: Float64Array, dims: readonly number[], { Tensor }: Runtime) {
  switch (dtype) {
    case 'float32':
      return new Tensor('float32', new Float32Array(values), dims)
    case 'float16':
      return new Tensor('float16', narrowToHalf(values), dims)
    case 'int64':
      return new Tensor(
        'int64',
        BigInt64Array.from(values, (value) => BigInt(Math.round(value))),
        dims,
      )
    default:
      return dtype satisfies never
  }
}

/** What a row is told beside its image, as inputs of a batch of its own. */
export function toldOf(row: DenoiserRow, shape: RowShape, runtime: Runtime): Tensors {
  const inputs = shape.model.inputs.filter(({ meaning }) => meaning !== 'sample')
  return feedsOf([row], { ...shape, model: { ...shape.model, inputs } }, {}, runtime)
}

/** The inputs of one run. */
export function feedsOf(
  batch: readonly DenoiserRow[],
  shape: RowShape,
  controls: Readonly<Record<string, TensorData | BoolData>>,
  runtime: Runtime,
): Tensors {
  const own = shape.model.inputs.map((input) => [input.name, inputTensor(batch, input, shape, runtime)] as const)
  const offsets: Readonly<Record<string, TensorData>> =
    shape.offsetWidth === null ? {} : { [EMBEDDING_OFFSET]: offsetsOf(batch, shape.offsetWidth) }
  const added = Object.entries({ ...offsets, ...controls }).map(
    ([name, { data, dims }]) =>
      [
        name,
        data instanceof Uint8Array ? new runtime.Tensor('bool', data, dims) : new runtime.Tensor('float32', data, dims),
      ] as const,
  )
  return Object.fromEntries([...own, ...added])
}

function offsetsOf(batch: readonly DenoiserRow[], width: number): TensorData {
  const data = new Float32Array(batch.length * width)
  for (const [i, { embeddingOffset }] of batch.entries()) if (embeddingOffset) data.set(embeddingOffset, i * width)
  return { data, dims: [batch.length, width] }
}

/** D of each row from the network's output [rows, channels or twice as many, height, width]; a learned variance is dropped. */
export function denoisedOf(
  part: readonly DenoiserRow[],
  output: Float32Array,
  batch: number,
  { model, image }: RowShape,
): Float32Array[] {
  const each = valuesOf(image)
  const stride = model.output.learnedVariance ? 2 * each : each
  if (output.length !== batch * stride) throw outputError(output.length, batch, model, each)
  return part.map((row, i) => {
    const { skip, out, offset } = levelOf(row, model)
    return row.x.map((value, j) => skip * value + out * output[i * stride + j]! + offset)
  })
}

function outputError(length: number, batch: number, { output }: ModelInfo, each: number): GraphError {
  const twice = length === 2 * batch * each && !output.learnedVariance
  const why = twice
    ? 'it has twice the channels of x, as with a learned variance: say on the page that half of its channels are one, or in a manifest set output.learnedVariance to true'
    : `${batch} rows of x have ${batch * each}`
  return new GraphError(`the output ${output.name} has ${length} values: ${why}`)
}
