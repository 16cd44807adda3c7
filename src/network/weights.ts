/**
 * The network's weights: resolves external data from byte buffers and widens half precision to single, so that a small
 * download runs on devices without half-precision arithmetic. Prepared once per model, attached to each rewritten graph.
 */
import { create } from '@bufbuild/protobuf'
import { StringStringEntryProtoSchema } from 'onnx-buf'
import {
  DataLocation,
  DataType,
  GraphError,
  intAttribute,
  type ModelProto,
  type NodeProto,
  type TensorProto,
} from './onnx'
import { widenHalf } from '../core/half'
import { GraphEditor } from './editor'

/** Bytes of each external file by its `location`, or the one file that all external data is in, whatever its name. */
export type WeightFiles = Uint8Array | Readonly<Record<string, Uint8Array>>

interface Place {
  readonly dataType: number
  readonly offset: number
  readonly length: number
}

/** Weights of one model in one buffer, float32 where they were float16. Attach them with `attachWeights`. */
export interface Weights {
  readonly data: Uint8Array<ArrayBuffer>
  /** Where each external or widened initializer lies in `data`. */
  readonly places: ReadonlyMap<string, Place>
}

/** `location` that an attached model gives for its external data: the path under which ORT must be handed `Weights.data`. */
export const WEIGHTS_PATH = 'weights'

const ITEM_BYTES: Readonly<Record<number, number>> = {
  [DataType.FLOAT]: 4,
  [DataType.FLOAT16]: 2,
  [DataType.DOUBLE]: 8,
  [DataType.INT64]: 8,
  [DataType.INT32]: 4,
  [DataType.INT8]: 1,
  [DataType.UINT8]: 1,
  [DataType.BOOL]: 1,
}

function sourceBytes(tensor: TensorProto, files: WeightFiles): Uint8Array {
  if (tensor.dataLocation !== DataLocation.EXTERNAL) return tensor.rawData
  const entry = (key: string) => tensor.externalData.find((item) => item.key === key)?.value
  const location = entry('location') ?? ''
  const file = files instanceof Uint8Array ? files : files[location]
  if (!file) throw new GraphError(`weights of ${tensor.name}: the file ${location} was not given`)
  const offset = Number(entry('offset') ?? 0)
  const length = Number(entry('length') ?? file.byteLength - offset)
  if (!(offset >= 0 && length >= 0 && offset + length <= file.byteLength)) {
    throw new GraphError(
      `weights of ${tensor.name}: bytes ${offset} to ${offset + length} are outside ${location}, which has ${file.byteLength} bytes`,
    )
  }
  return file.subarray(offset, offset + length)
}

/** Names of the files that a graph's weights are in. */
export function weightLocations({ graph }: ModelProto): readonly string[] {
  const entries = (graph?.initializer ?? [])
    .filter(({ dataLocation }) => dataLocation === DataLocation.EXTERNAL)
    .flatMap(({ externalData }) => externalData.filter(({ key }) => key === 'location'))
  return [...new Set(entries.map(({ value }) => value))]
}

const plainName = (location: string) =>
  location
    .split(/[/\\]/)
    .at(-1)!
    .replaceAll(/[^\w.-]/g, '_')

/**
 * The files by the graph's own names for them. Those of a model that was opened are kept behind the names of their folders, since every
 * graph of a pipeline calls its own alike.
 */
export function weightsByLocation(
  model: ModelProto,
  files: Readonly<Record<string, Uint8Array>>,
): Readonly<Record<string, Uint8Array>> {
  const found = weightLocations(model).flatMap((location) => {
    const name = plainName(location)
    const behind = Object.keys(files)
      .filter((file) => file === name || file.endsWith(`_${name}`))
      .sort((a, b) => a.length - b.length)
    const file = files[location] ?? files[behind[0] ?? '']
    return file ? [[location, file] as const] : []
  })
  return Object.fromEntries(found)
}

/** Inline tensors of more bytes are weights; smaller ones are told apart by their values, and stay. */
const SMALL_BYTES = 1024

/**
 * Reads the weights of a model: external ones, and float16 ones wherever they are. `half: 'widen'` makes float16 float32; `inline: 'move'`
 * takes large tensors out of the graph too, so that many sessions share them. Throws GraphError, naming the tensor, where a file is missing, too short, or of a size that does not fit the shape.
 */
export function readWeights(
  model: ModelProto,
  files: WeightFiles,
  half: 'widen' | 'keep' = 'widen',
  inline: 'stay' | 'move' = 'stay',
): Weights {
  const sources: {
    readonly name: string
    readonly bytes: Uint8Array
    readonly widen: boolean
    readonly place: Place
  }[] = []
  let total = 0
  for (const tensor of model.graph?.initializer ?? []) {
    const widen = half === 'widen' && tensor.dataType === DataType.FLOAT16
    const item = ITEM_BYTES[tensor.dataType]
    const moves = inline === 'move' && item !== undefined && tensor.rawData.length > SMALL_BYTES
    if (tensor.dataLocation !== DataLocation.EXTERNAL && !widen && !moves) continue
    if (item === undefined)
      throw new GraphError(`weights of ${tensor.name}: data type ${tensor.dataType} is not supported`)
    const count = tensor.dims.reduce((product, dim) => product * Number(dim), 1)
    const inlineHalf = tensor.dataLocation !== DataLocation.EXTERNAL && tensor.int32Data.length > 0
    const bytes = inlineHalf ? new Uint8Array(Uint16Array.from(tensor.int32Data).buffer) : sourceBytes(tensor, files)
    if (bytes.byteLength !== count * item) {
      throw new GraphError(
        `weights of ${tensor.name}: [${tensor.dims.join(', ')}] needs ${count * item} bytes, not ${bytes.byteLength}`,
      )
    }
    const length = widen ? count * 4 : bytes.byteLength
    sources.push({
      name: tensor.name,
      bytes,
      widen,
      place: { dataType: widen ? DataType.FLOAT : tensor.dataType, offset: total, length },
    })
    // Each tensor on a multiple of 64 bytes, so that a runtime may use it in place.
    total += Math.ceil(length / 64) * 64
  }
  const data = new Uint8Array(total)
  for (const { bytes, widen, place } of sources) {
    if (!widen) {
      data.set(bytes, place.offset)
      continue
    }
    const aligned = bytes.byteOffset % 2 === 0 ? bytes : new Uint8Array(bytes)
    widenHalf(
      new Uint16Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 2),
      new Float32Array(data.buffer, place.offset, place.length / 4),
    )
  }
  return { data, places: new Map(sources.map(({ name, place }) => [name, place])) }
}

/**
 * Σ factor · weights, of networks of one graph: an average over training time, or an extrapolation away from other weights
 * (Neon, arXiv 2510.03597). Each value is summed in double precision, in the given order, and rounded to single once, so it is
 * equal on every device. Tensors that are not float32 must be equal, and are kept. Throws GraphError where the layouts differ,
 * RangeError for no parts or a factor that is not finite.
 */
export function combineWeights(parts: readonly { readonly weights: Weights; readonly factor: number }[]): Weights {
  const [first] = parts
  if (!first) throw new RangeError('there are no weights to combine')
  for (const { factor, weights } of parts) {
    if (!Number.isFinite(factor)) throw new RangeError(`a factor of weights must be finite, not ${factor}`)
    checkLayout(weights, first.weights)
  }
  const data = first.weights.data.slice()
  for (const [name, { dataType, offset, length }] of first.weights.places) {
    if (dataType === DataType.FLOAT) {
      const values = parts.map(
        ({ weights }) => new Float32Array(weights.data.buffer, weights.data.byteOffset + offset, length / 4),
      )
      const out = new Float32Array(data.buffer, offset, length / 4)
      for (let i = 0; i < out.length; i++) {
        let sum = 0
        for (let part = 0; part < parts.length; part++) sum += parts[part]!.factor * values[part]![i]!
        out[i] = sum
      }
    } else if (
      parts.some(({ weights }) =>
        weights.data.subarray(offset, offset + length).some((byte, i) => byte !== data[offset + i]),
      )
    ) {
      throw new GraphError(`weights of ${name}: they are not float32 and differ, so they can't be combined`)
    }
  }
  return { data, places: first.weights.places }
}

function checkLayout({ places }: Weights, wanted: Weights): void {
  const odd = [...places.keys(), ...wanted.places.keys()].find((name) => {
    const [a, b] = [places.get(name), wanted.places.get(name)]
    return a?.dataType !== b?.dataType || a?.offset !== b?.offset || a?.length !== b?.length
  })
  if (odd !== undefined) throw new GraphError(`weights of ${odd}: the networks to combine are not of one graph`)
}

/**
 * Points a model's initializers, in place, at prepared weights. `external` leaves the bytes outside under WEIGHTS_PATH, so
 * that many sessions share one buffer; `inline` copies them into the model. Casts that would only widen a widened tensor go.
 * Throws GraphError where the weights are not this model's, or half precision is computed in.
 */
export function attachWeights(model: ModelProto, weights: Weights, storage: 'external' | 'inline' = 'external'): void {
  const editor = new GraphEditor(model)
  const renames = new Map<string, string>()
  const casts: NodeProto[] = []
  for (const tensor of editor.graph.initializer) {
    const place = weights.places.get(tensor.name)
    if (!place) {
      if (tensor.dataLocation !== DataLocation.EXTERNAL) continue
      throw new GraphError(
        `weights of ${tensor.name}: they are not among the prepared ones, which are another network's`,
      )
    }
    const count = tensor.dims.reduce((product, dim) => product * Number(dim), 1)
    if (place.length !== count * ITEM_BYTES[place.dataType]!) {
      throw new GraphError(
        `weights of ${tensor.name}: the prepared ones do not fit [${tensor.dims.join(', ')}]; they are another network's`,
      )
    }
    const widened = place.dataType !== tensor.dataType
    tensor.dataType = place.dataType
    tensor.int32Data = []
    if (storage === 'inline') {
      tensor.dataLocation = DataLocation.DEFAULT
      tensor.externalData = []
      tensor.rawData = weights.data.subarray(place.offset, place.offset + place.length)
    } else {
      tensor.dataLocation = DataLocation.EXTERNAL
      tensor.rawData = new Uint8Array()
      tensor.externalData = [
        create(StringStringEntryProtoSchema, { key: 'location', value: WEIGHTS_PATH }),
        create(StringStringEntryProtoSchema, { key: 'offset', value: String(place.offset) }),
        create(StringStringEntryProtoSchema, { key: 'length', value: String(place.length) }),
      ]
    }
    if (!widened) continue
    for (const reader of editor.consumers(tensor.name)) {
      if (reader.opType !== 'Cast' || intAttribute(reader, 'to') !== DataType.FLOAT) {
        throw new GraphError(
          `weights of ${tensor.name}: ${reader.opType} ${reader.name} computes in half precision, so they can't be widened alone`,
        )
      }
      if (editor.isOutput(reader.output[0]!)) continue
      renames.set(reader.output[0]!, tensor.name)
      casts.push(reader)
    }
  }
  editor.renameUses(renames)
  editor.remove(casts)
}
