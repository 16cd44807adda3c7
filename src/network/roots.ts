/** What projections read: queries and keys of one tensor look at themselves. */
import type { GraphEditor } from './editor'
import { Flow, dataInputs } from './flow'
import { GraphError } from './graph-error'

const PROJECTIONS = new Set(['MatMul', 'Gemm', 'Conv', 'MatMulNBits', 'FusedMatMul', 'MatMulInteger'])

/** Operators that leave a tensor's values, but for rounding, and their order. */
const SAME_VALUES = new Set([
  'Cast',
  'Identity',
  'Reshape',
  'DynamicQuantizeLinear',
  'QuantizeLinear',
  'DequantizeLinear',
])

/** Casts, identities and reshapes behind each other, at most. */
const MAX_STEPS = 64
/** Tensors passed on all ways back to projections. A graph may have none, and then each way leads through all of it. */
const MAX_PASSED = 2 ** 19

export class Roots {
  #passed = 0

  constructor(
    private readonly editor: GraphEditor,
    private readonly flow: Flow,
  ) {}

  /** The tensors that the projections behind a tensor read. */
  of(tensor: string): ReadonlySet<string> {
    const roots = new Set<string>()
    const seen = new Set<string>()
    const waiting = [tensor]
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      if (seen.has(name) || this.flow.constant(name)) continue
      seen.add(name)
      if (++this.#passed > MAX_PASSED)
        throw new GraphError('its attentions are too far from the projections before them')
      const node = this.editor.producer(name)
      if (!node) {
        roots.add(name)
        continue
      }
      if (PROJECTIONS.has(node.opType) && node.input.some((input) => this.flow.constant(input))) {
        for (const input of node.input) if (!this.flow.constant(input)) roots.add(this.#alias(input))
        continue
      }
      waiting.push(...dataInputs(node))
    }
    return roots
  }

  same(a: string, b: string): boolean {
    const [first, second] = [this.of(a), this.of(b)]
    return first.size === second.size && [...first].every((root) => second.has(root))
  }

  /** The tensor itself behind casts, identities and rounding. */
  #alias(tensor: string): string {
    let name = tensor
    for (let steps = 0; steps < MAX_STEPS; steps++) {
      const node = this.editor.producer(name)
      if (!node || !SAME_VALUES.has(node.opType)) break
      name = node.input[0]!
    }
    return name
  }
}
