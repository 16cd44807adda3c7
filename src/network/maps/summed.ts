/** Over which axes of a map values are summed with it as weights. In an attention that is the axis of its softmax: a query's weights sum to 1. */
import type { GraphEditor } from '../editor'
import type { Flow } from '../flow'
import type { MeasuredShapes } from '../measured-shapes'
import type { NodeProto } from '../onnx'
import { Shapes } from '../shapes'
import { isWhole, wholeAxis, type Digit } from './digit'
import { PLACING, PRODUCTS } from './operators'
import type { Asked } from './step'
import { summedAxes, type Summed } from './products'
import { stepsBack } from './steps'

/** Nodes between the softmax and the products, at most. */
const MAX_NODES = 64

export class Sums {
  readonly #inferred: Shapes

  constructor(
    private readonly editor: GraphEditor,
    private readonly flow: Flow,
    private readonly shapes: MeasuredShapes,
  ) {
    this.#inferred = new Shapes(editor, shapes.known)
  }

  /** Axes of the map; none where no product of it is known. */
  axes(map: string): ReadonlySet<number> {
    const { operands, passed } = this.#products(map)
    return new Set(operands.flatMap(({ tensor, axis }) => this.#back(tensor, axis, map, passed) ?? []))
  }

  /** Products that read the map, or what is computed from it place by place. */
  #products(map: string): { readonly operands: readonly Summed[]; readonly passed: ReadonlySet<string> } {
    const passed = new Set([map])
    const operands: Summed[] = []
    for (const tensor of passed) {
      if (passed.size > MAX_NODES) break
      for (const node of this.editor.consumers(tensor)) {
        if (PRODUCTS.has(node.opType)) operands.push(...this.#summed(node, tensor))
        else if (PLACING.has(node.opType)) for (const made of node.output) passed.add(made)
      }
    }
    return { operands, passed }
  }

  /** The axes of an operand that a product sums over. */
  #summed(node: NodeProto, tensor: string): readonly Summed[] {
    return node.input.flatMap((input, place) => (input === tensor ? summedAxes(node, place, this.shapes) : []))
  }

  /** The axis of the map that is an axis of a tensor made of it; null where that is none alone, or is not known. */
  #back(tensor: string, axis: number, map: string, passed: ReadonlySet<string>): number | null {
    let at: { readonly tensor: string; readonly digit: Digit } = {
      tensor,
      digit: wholeAxis(this.shapes.of(tensor) ?? [], axis),
    }
    while (at.tensor !== map) {
      const node = this.editor.producer(at.tensor)
      const dims = this.shapes.of(at.tensor)
      if (!node || !dims) return null
      const next = stepsBack({ ...this.#asked(node, dims, at.tensor), digit: at.digit }).find(
        (step) => step.kind === 'go' && passed.has(step.tensor),
      )
      if (next?.kind !== 'go') return null
      at = next
    }
    return isWhole(at.digit, this.shapes.of(map) ?? []) ? at.digit.axis : null
  }

  #asked(node: NodeProto, dims: readonly number[], tensor: string): Omit<Asked, 'digit'> {
    return {
      node,
      output: node.output.indexOf(tensor),
      dims,
      of: (name) => this.shapes.of(name),
      integers: (name) => this.#inferred.integers(name),
      constant: (name) => this.flow.constant(name),
      producer: (name) => this.editor.producer(name),
      spatial: false,
    }
  }
}
