/**
 * Numbers tensors so that those which hold the same at every run have the same number: the same operator on the same, or equal
 * constants. Exporters repeat what a network computes once, and some networks compute one embedding again for each of their blocks.
 */
import { toBinary } from '@bufbuild/protobuf'
import { AttributeProtoSchema } from 'onnx-buf'
import type { GraphEditor } from '../editor'
import type { MeasuredShapes } from '../measured-shapes'
import { DataLocation, type NodeProto, type TensorProto } from '../onnx'
import { producersFirst } from '../order'
import type { Weights } from '../weights'

/** A hash of bytes, and their number: equal ones are compared once more. */
function fingerprint(bytes: Uint8Array): string {
  let hash = 0x811c9dc5
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193)
  return `${bytes.length} ${hash >>> 0}`
}

/** Longer attributes are constants that an exporter left in a node: such nodes are only equal to themselves. */
const MAX_ATTRIBUTE = 4096

const equal = (a: Uint8Array, b: Uint8Array) => a.length === b.length && a.every((byte, i) => byte === b[i])

const isRandom = ({ opType }: NodeProto) => /^(Random|Bernoulli|Multinomial|Dropout)/.test(opType)

export class SameTensors {
  readonly #numbers = new Map<string, number>()
  readonly #keys = new Map<string, number>()
  readonly #constants = new Map<string, { readonly bytes: Uint8Array; readonly number: number }[]>()
  #next = 0

  constructor(
    private readonly editor: GraphEditor,
    private readonly shapes: readonly MeasuredShapes[],
    /** Where the model's external data is; null: nowhere that it can be read. */
    private readonly weights: Weights | null,
  ) {}

  of(tensor: string): number {
    for (const node of producersFirst(this.editor, tensor, (name) => this.#numbers.has(name))) this.#made(node)
    return this.#leaf(tensor)
  }

  #keyed(key: string): number {
    const known = this.#keys.get(key)
    if (known !== undefined) return known
    this.#keys.set(key, this.#next)
    return this.#next++
  }

  #made(node: NodeProto): void {
    const written = node.attribute.map((attribute) => toBinary(AttributeProtoSchema, attribute))
    const attributes = written.map((bytes) => (bytes.length > MAX_ATTRIBUTE ? node.output[0] : bytes.join())).sort()
    const inputs =
      node.opType === 'Shape'
        ? this.shapes.map((shapes) => shapes.of(node.input[0]!)?.join() ?? node.input[0])
        : node.input.map((name) => this.#leaf(name))
    const own = isRandom(node) ? node.output.join() : ''
    const key = JSON.stringify([node.domain, node.opType, attributes, inputs, own])
    for (const [i, name] of node.output.entries()) this.#numbers.set(name, this.#keyed(`${i} ${key}`))
  }

  /** A tensor that was numbered, or that no node makes. */
  #leaf(tensor: string): number {
    const known = this.#numbers.get(tensor)
    if (known !== undefined) return known
    const initializer = this.editor.initializer(tensor)
    const number = initializer ? this.#stored(initializer) : this.#keyed(`tensor ${tensor}`)
    this.#numbers.set(tensor, number)
    return number
  }

  #bytes({ name, dataLocation, rawData }: TensorProto): Uint8Array {
    if (dataLocation !== DataLocation.EXTERNAL) return rawData
    const place = this.weights?.places.get(name)
    return place ? this.weights!.data.subarray(place.offset, place.offset + place.length) : new Uint8Array(0)
  }

  #stored(tensor: TensorProto): number {
    const bytes = this.#bytes(tensor)
    // Few exporters leave values unpacked. What can't be compared is only equal to itself.
    if (bytes.length === 0) return this.#keyed(`tensor ${tensor.name}`)
    const alike = `${tensor.dataType} ${tensor.dims.join()} ${fingerprint(bytes)}`
    const candidates = this.#constants.get(alike) ?? []
    const found = candidates.find((candidate) => equal(candidate.bytes, bytes))
    if (found) return found.number
    const number = this.#next++
    this.#constants.set(alike, [...candidates, { bytes, number }])
    return number
  }
}
