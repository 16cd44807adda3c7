/** What flows through a graph: which tensors are the same at every run, and which inputs of a node carry data rather than shapes. */
import type { GraphEditor } from './editor'
import type { NodeProto } from './onnx'
import { producersFirst } from './order'

/** Operators of which only the first input is data; the others are shapes, indices, axes or sizes. */
const DATA_FIRST = new Set([
  'Reshape',
  'Slice',
  'Gather',
  'Split',
  'Squeeze',
  'Unsqueeze',
  'Expand',
  'Resize',
  'Upsample',
  'Pad',
  'Tile',
])

export function dataInputs(node: NodeProto): readonly string[] {
  return DATA_FIRST.has(node.opType) ? node.input.slice(0, 1) : node.input
}

const MAX_CHAIN = 256

export class Flow {
  readonly #constants = new Map<string, boolean>()

  constructor(private readonly editor: GraphEditor) {}

  /** Is this tensor the same at every run: an initializer, or computed from nothing else? */
  constant(tensor: string): boolean {
    const known = this.#known(tensor)
    if (known !== undefined) return known
    for (const node of producersFirst(this.editor, tensor, (name) => this.#known(name) !== undefined)) {
      const constant =
        node.opType === 'Constant' ||
        (node.opType !== 'Shape' && node.input.length > 0 && node.input.every((input) => this.#known(input) ?? false))
      for (const name of node.output) this.#constants.set(name, constant)
    }
    return this.#constants.get(tensor) ?? false
  }

  #known(tensor: string): boolean | undefined {
    return tensor === '' || this.editor.initializer(tensor) ? true : this.#constants.get(tensor)
  }

  /** The different tensors that a node computes from, without constants and shapes. */
  sources(node: NodeProto): readonly string[] {
    return [...new Set(dataInputs(node))].filter((input) => !this.constant(input))
  }

  /** A tensor and all that it is computed from, without constants and shapes. */
  ancestors(tensor: string): ReadonlySet<string> {
    const found = new Set<string>()
    const waiting = [tensor]
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      if (found.has(name)) continue
      found.add(name)
      const node = this.editor.producer(name)
      if (node) waiting.push(...this.sources(node))
    }
    return found
  }

  /**
   * A tensor, the one that it is computed from, the one before that, and so on, as long as each is computed from a single one. A
   * shortcut passes few nodes, so no longer chain is followed.
   */
  chain(tensor: string): readonly string[] {
    const chain = [tensor]
    for (
      let node = this.editor.producer(tensor);
      node && chain.length < MAX_CHAIN;
      node = this.editor.producer(chain.at(-1)!)
    ) {
      const sources = this.sources(node)
      if (sources.length !== 1) break
      chain.push(sources[0]!)
    }
    return chain
  }
}
