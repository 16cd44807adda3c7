/** Rows as the network takes them: checked, preconditioned, sorted by what they need, and put together into tensors. */
import type { DenoiserRow, ModelInfo } from '../model/types'
import { featuresOf } from '../network/controls/complete'
import type { TensorData } from '../network/controls/inputs'
import type { Feature } from '../network/controls/types'
import { GraphError, declaredShape, type ModelProto } from '../network/onnx'
import { edmPreconditioning, type Preconditioning } from './preconditioning'
import type { Runtime, Tensors } from './runtime'

const OFFSET = 'embedding_offset'

/** What a network takes. */
export interface RowShape {
  readonly model: ModelInfo
  readonly image: ModelInfo['image']
  /** Width of the graph's input for offsets of the embedding; null where it has none. */
  readonly offsetWidth: number | null
}

/** Width of the input for offsets of the embedding, or null. Throws GraphError where it is left to run time. */
export function offsetWidth(graph: ModelProto): number | null {
  const input = graph.graph?.input.find(({ name }) => name === OFFSET)
  if (!input) return null
  const width = declaredShape(input)?.[1]
  if (typeof width !== 'number')
    throw new GraphError(`the input ${OFFSET} has no fixed width; export it as [rows, width]`)
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
      throw new RangeError(`this network of ${model.id} has no input ${OFFSET}, so its embedding can't be offset`)
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

/** Rows that need different features run apart: each graph rounds differently, and what a row gives must not depend on its company. */
export function groupsOf(rows: readonly DenoiserRow[]): Iterable<RowGroup> {
  const groups = new Map<string, RowGroup>()
  for (const [place, { attention }] of rows.entries()) {
    const features = featuresOf(attention)
    const group = groups.get(features.join())
    if (group) group.places.push(place)
    else groups.set(features.join(), { features, places: [place] })
  }
  return groups.values()
}

/** That of the row's σ, with the noise level that the network is told. */
export function preconditioningOf({ sigma, toldSigma = sigma }: DenoiserRow, model: ModelInfo): Preconditioning {
  const { sigmaData } = model.preconditioning
  return { ...edmPreconditioning(sigma, sigmaData), noise: edmPreconditioning(toldSigma, sigmaData).noise }
}

/** The inputs of one run. */
export function feedsOf(
  batch: readonly DenoiserRow[],
  scaling: readonly Preconditioning[],
  shape: RowShape,
  controls: Readonly<Record<string, TensorData>>,
  { Tensor }: Runtime,
): Tensors {
  const { channels, height, width } = shape.image
  const size = valuesOf(shape.image)
  const classes = shape.model.conditioning.classes.length
  const x = new Float32Array(batch.length * size)
  const classWeights = new Float32Array(batch.length * classes)
  const offset = new Float32Array(batch.length * (shape.offsetWidth ?? 0))
  for (const [i, row] of batch.entries()) {
    const factor = scaling[i]!.in
    for (let j = 0; j < size; j++) x[i * size + j] = row.x[j]! * factor
    classWeights.set(row.classWeights, i * classes)
    if (row.embeddingOffset) offset.set(row.embeddingOffset, i * row.embeddingOffset.length)
  }
  const data: Record<string, TensorData> = {
    x: { data: x, dims: [batch.length, channels, height, width] },
    noise_level: { data: Float32Array.from(scaling, ({ noise }) => noise), dims: [batch.length] },
    class_weights: { data: classWeights, dims: [batch.length, classes] },
    ...(shape.offsetWidth !== null && { [OFFSET]: { data: offset, dims: [batch.length, shape.offsetWidth] } }),
    ...controls,
  }
  return Object.fromEntries(
    Object.entries(data).map(([name, { data: values, dims }]) => [name, new Tensor('float32', values, dims)]),
  )
}
