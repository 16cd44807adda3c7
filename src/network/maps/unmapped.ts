/**
 * Attention that has no softmax: keys are multiplied by values over all tokens before a query asks (linear attention), or the map is
 * made by something else. Nothing acts on it, and a person reads why.
 */
import type { GraphEditor } from '../editor'
import type { Flow } from '../flow'
import type { MeasuredShapes } from '../measured-shapes'
import type { NodeProto } from '../onnx'
import { PLACING, PRODUCTS } from './operators'
import { operandsOf, summedAxes } from './products'
import type { Verdict } from './types'

/** Nodes before or behind a product, at most. */
const MAX_NODES = 64

/** What makes a map of scores as a softmax would. */
const SHAPING = /^(?:Relu|Sigmoid|HardSigmoid|Tanh|Elu|Softplus|Pow|Clip|Abs|Gelu|LeakyRelu)$/

export interface UnmappedParts {
  readonly editor: GraphEditor
  readonly flow: Flow
  readonly shapes: MeasuredShapes
  /** Is an axis of a tensor counted along tokens of the image? */
  readonly ofImage: (tensor: string, axis: number) => boolean
}

export interface UnmappedAttention {
  readonly verdict: Verdict
  /** How many tokens are asked, or sum up. */
  readonly tokens: number
}

/** What was met on the way from a tensor, place by place. */
interface Onward {
  readonly passed: readonly NodeProto[]
  readonly products: readonly { readonly node: NodeProto; readonly place: number }[]
  /** Operators that end the ways. */
  readonly ends: ReadonlySet<string>
}

export class Unmapped {
  constructor(private readonly parts: UnmappedParts) {}

  /** Null for a product that is of no attention, or of one with a softmax. */
  of(node: NodeProto): UnmappedAttention | null {
    const { flow, shapes } = this.parts
    const made = node.output[0] ?? ''
    const dims = shapes.of(made)
    const places = operandsOf(node)
    const isData = places.every((place) => node.input[place] && !flow.constant(node.input[place]!))
    if (!PRODUCTS.has(node.opType) || !dims || dims.length < 2 || !isData) return null
    const summed = places.flatMap((place) => summedAxes(node, place, shapes))
    const over = summed.find(({ tensor, axis }) => this.parts.ofImage(tensor, axis))
    const image = dims.map((_, axis) => axis).filter((axis) => axis > 0 && this.parts.ofImage(made, axis))
    if (over && image.length === 0) return this.#state(node, shapes.of(over.tensor)![over.axis]!)
    if (!over && image.length >= 2) return this.#map(node, dims[image.at(-1)!]!)
    return null
  }

  /** Keys times values, which queries ask later. */
  #state(node: NodeProto, tokens: number): UnmappedAttention | null {
    const { passed, products, ends } = this.#onward(node)
    if (ends.has('Softmax') || passed.some(({ opType }) => opType === 'Exp')) return null
    if (operandsOf(node).some((place) => this.#softened(node.input[place]!))) return null
    const asked = products.some(({ node: { output } }) => {
      const made = output[0] ?? ''
      return (this.parts.shapes.of(made) ?? []).some((_, axis) => axis > 0 && this.parts.ofImage(made, axis))
    })
    if (!asked) return null
    const reason =
      'keys are multiplied by values over all tokens before a query asks (linear attention), so there is no map of tokens'
    return { verdict: { kind: 'linear', reason }, tokens }
  }

  /** Queries times keys without a softmax, where values are weighed by them. */
  #map(node: NodeProto, tokens: number): UnmappedAttention | null {
    const { passed, products, ends } = this.#onward(node)
    if (ends.has('Softmax') || ends.has('LogSoftmax') || passed.some(({ opType }) => opType === 'Exp')) return null
    const weighs = products.some(({ node: next, place }) =>
      summedAxes(next, place, this.parts.shapes).some(({ tensor, axis }) => this.parts.ofImage(tensor, axis)),
    )
    if (!weighs) return null
    const by = passed.find(({ opType }) => SHAPING.test(opType))
    const reason = by
      ? `its map is made by ${by.opType} and no softmax, so a query’s weights need not sum to 1`
      : 'values are weighed by queries times keys themselves, without a softmax: linear attention written as a map'
    return { verdict: by ? { kind: 'not-understood', reason } : { kind: 'linear', reason }, tokens }
  }

  /** From what a product makes to the next products. */
  #onward(node: NodeProto): Onward {
    const passed: NodeProto[] = []
    const products: { node: NodeProto; place: number }[] = []
    const ends = new Set<string>()
    const tensors = new Set([node.output[0]!])
    for (const tensor of tensors) {
      if (tensors.size > MAX_NODES) break
      for (const reader of this.parts.editor.consumers(tensor)) {
        if (PRODUCTS.has(reader.opType)) products.push({ node: reader, place: reader.input.indexOf(tensor) })
        else if (PLACING.has(reader.opType)) {
          passed.push(reader)
          for (const made of reader.output) tensors.add(made)
        } else ends.add(reader.opType)
      }
    }
    return { passed, products, ends }
  }

  /** Is it a softmax of something, which is told of already? */
  #softened(tensor: string): boolean {
    const tensors = new Set([tensor])
    for (const at of tensors) {
      if (tensors.size > MAX_NODES) break
      const node = this.parts.editor.producer(at)
      if (node?.opType === 'Softmax') return true
      if (node && PLACING.has(node.opType)) for (const input of node.input) if (input !== '') tensors.add(input)
    }
    return false
  }
}
