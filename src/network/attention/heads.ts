/** Where the heads of an attention are split and joined: the tensors before and after, and how many heads there are. */
import type { GraphEditor } from '../editor'
import type { NodeProto } from '../onnx'
import type { Shapes } from '../shapes'
import {
  LAYOUT_OPS,
  PROBE_ROWS,
  equal,
  indices,
  layout as applied,
  transpose,
  type IndexTensor,
  type Sizes,
} from './probe'
import type { Scaling } from './scaling'
import type { AttentionTensor } from './types'

/** Nodes between a projection and its heads, at most: exporters leave fewer than ten. */
const MAX_STEPS = 32

export class Heads {
  constructor(
    private readonly editor: GraphEditor,
    private readonly shapes: Shapes,
    private readonly scaling: Scaling,
  ) {}

  /** An operand of the products, followed back to the earliest tensor that is still only reshaped, moved or scaled before it. */
  operand(
    operand: string,
    layout: 'split' | 'split-transposed',
    sizes: Sizes,
  ): { readonly tensor: AttentionTensor; readonly scale: number } {
    const chain: { readonly node: NodeProto; readonly input: string; readonly factor: number }[] = []
    for (let name = operand; chain.length < MAX_STEPS;) {
      const node = this.editor.producer(name)
      if (!node) break
      const scaling = this.scaling.of(node)
      if (!scaling && !LAYOUT_OPS.has(node.opType)) break
      const input = scaling?.input ?? node.input[0]!
      chain.unshift({ node, input, factor: scaling?.factor ?? 1 })
      name = input
    }
    const { heads, headWidth, tokens } = sizes
    const start = indices([PROBE_ROWS, tokens, heads * headWidth])
    const split = transpose({ ...start, dims: [PROBE_ROWS, tokens, heads, headWidth] }, [0, 2, 1, 3])
    const wanted = layout === 'split' ? split : transpose(split, [0, 1, 3, 2])
    for (let from = 0; from < chain.length; from++) {
      const name = chain[from]!.input
      const rank = this.shapes.of(name)?.length ?? null
      let probe: IndexTensor | null = start
      for (const { node } of chain.slice(from))
        probe = probe && (LAYOUT_OPS.has(node.opType) ? applied(node, probe, sizes, this.shapes) : probe)
      if (probe && equal(probe, wanted)) {
        return {
          tensor: { name, layout: 'joined', rank },
          scale: chain.slice(from).reduce((scale, { factor }) => scale * factor, 1),
        }
      }
    }
    return { tensor: { name: operand, layout, rank: this.shapes.of(operand)?.length ?? null }, scale: 1 }
  }

  /** The output of the second product, followed forward to where its heads are joined. */
  joined(output: string, sizes: Sizes): AttentionTensor {
    const { heads, headWidth, tokens } = sizes
    const rank = this.shapes.of(output)?.length ?? null
    const wanted = indices([PROBE_ROWS, tokens, heads * headWidth])
    const split = transpose({ ...wanted, dims: [PROBE_ROWS, tokens, heads, headWidth] }, [0, 2, 1, 3])
    let probe: IndexTensor | null = rank === 3 ? { ...split, dims: [PROBE_ROWS * heads, tokens, headWidth] } : split
    let name = output
    for (let steps = 0; steps < MAX_STEPS; steps++) {
      const readers = this.editor.consumers(name)
      const node = readers[0]
      if (readers.length !== 1 || !node || !LAYOUT_OPS.has(node.opType) || this.editor.isOutput(name)) break
      probe = probe && applied(node, probe, sizes, this.shapes)
      if (!probe) break
      name = node.output[0]!
      if (probe.dims.length === 3 && probe.dims[2] === heads * headWidth && equal(probe, wanted))
        return { name, layout: 'joined', rank: 3 }
    }
    return { name: output, layout: 'split', rank }
  }

  length(tensor: string, axis: number): number | null {
    return this.shapes.of(tensor)?.at(axis) ?? null
  }

  /** Heads, width and tokens from the operands' shapes or from the reshapes before them. */
  sizes(
    query: string,
    key: string,
    value: string,
  ): { readonly heads: number; readonly headWidth: number; readonly tokens: number | null } | null {
    const headWidth = this.length(query, -1) ?? this.length(key, -2)
    const tokens = this.length(query, -2) ?? null
    if (headWidth === null) return null
    const shape = this.shapes.of(query)
    if (shape?.length === 4 && typeof shape[1] === 'number') return { heads: shape[1], headWidth, tokens }
    // [rows · heads, N, d]: the reshapes before it name the heads.
    for (const operand of [query, key, value]) {
      let node = this.editor.producer(operand)
      for (let steps = 0; steps < MAX_STEPS && node; steps++) {
        const scaling = this.scaling.of(node)
        if (!scaling && !LAYOUT_OPS.has(node.opType)) break
        const target = node.opType === 'Reshape' ? this.shapes.integers(node.input[1] ?? '') : null
        if (target?.length === 4 && target[3] === headWidth && typeof target[2] === 'number' && target[2] > 0) {
          return { heads: target[2], headWidth, tokens }
        }
        node = this.editor.producer(scaling?.input ?? node.input[0]!)
      }
    }
    return null
  }
}
