/** Factors on the branches of residual blocks round and before an attention, as inputs of the graph. */
import type { GraphEditor } from '../editor'
import { elementType } from '../element-type'
import type { Branches, LayerBranches } from '../left-out'
import { DataType, GraphError, floatValue, intTensor, type Dimension } from '../onnx'
import type { LastConvolution, LayerResiduals, Residual } from '../residuals'
import { controlNames, type ControlledLayer, type Feature } from './types'

/** What is left out together, and by which input; no residual: nothing can be. */
export interface GatedBranches {
  readonly attention: readonly Residual[]
  readonly block: readonly Residual[]
  readonly convolution: LastConvolution | null
}

/** An input of ours in the type of a tensor. */
function as(editor: GraphEditor, input: string, tensor: string, base: string): string {
  const type = elementType(editor, tensor)
  return type === DataType.FLOAT ? input : editor.add('Cast', [input], base, { attributes: { to: { int: type } } })
}

/** Puts factors on what enters a convolution. */
function dropInputs(editor: GraphEditor, { node, channels }: LastConvolution, layer: ControlledLayer, rows: Dimension) {
  const { height, width, index } = layer
  const dropped = node.input[0]!
  const given = editor.addInput(floatValue(controlNames(index).dropout, [rows, channels, height, width]))
  const factors = as(editor, given, dropped, `controls/${index}/dropout_as`)
  editor.setInput(node, 0, editor.add('Mul', [dropped, factors], `controls/${index}/dropout`))
}

/** Puts a factor on the branches of residuals: x + g · f(x). */
function gate(editor: GraphEditor, residuals: readonly Residual[], index: number, name: string, rows: Dimension) {
  if (residuals.length === 0) return
  const given = editor.addInput(floatValue(name, [rows]))
  for (const { add, branch, rank } of residuals) {
    const own = add.input[branch]!
    const dims = [-1, ...Array<number>(rank - 1).fill(1)]
    const shape = editor.addInitializer(intTensor(`controls/${index}/${name}_factor_shape`, [rank], dims))
    const single = editor.add('Reshape', [given, shape], `controls/${index}/${name}_factor`)
    const factor = as(editor, single, own, `controls/${index}/${name}_as`)
    editor.setInput(add, branch, editor.add('Mul', [own, factor], `controls/${index}/${name}_branch`))
  }
}

/** The inputs of a layer's branches that the features ask for. */
export function controlBranches(
  editor: GraphEditor,
  { attention, block, convolution }: GatedBranches,
  layer: ControlledLayer,
  features: readonly Feature[],
  rows: Dimension,
): void {
  if (features.includes('dropout') && convolution) dropInputs(editor, convolution, layer, rows)
  if (!features.includes('skip')) return
  const names = controlNames(layer.index)
  gate(editor, attention, layer.index, names.gate, rows)
  gate(editor, block, layer.index, names.gateBlock, rows)
}

/** Of branches that were found. Throws GraphError where the graph is another one. */
export function gatedIn(editor: GraphEditor, { attention, block, convolution }: LayerBranches): GatedBranches {
  const made = (tensor: string) => {
    const node = editor.producer(tensor)
    if (!node) throw new GraphError(`the graph has no tensor ${tensor}`)
    return node
  }
  const residuals = (branches: Branches) =>
    branches.kind === 'found' ? branches.additions.map(({ sum, ...rest }) => ({ add: made(sum), ...rest })) : []
  return {
    attention: residuals(attention),
    block: residuals(block),
    convolution: convolution && { node: made(convolution.made), channels: convolution.channels },
  }
}

/** Of the one addition round an attention, and of the one before it. */
export const gatedOf = ({ attention, block, convolution }: LayerResiduals): GatedBranches => ({
  attention: attention ? [attention] : [],
  block: attention && block ? [block] : [],
  convolution,
})

/** What can be left out round a layer, and the channels that dropout acts on. */
export const branchesOf = ({
  attention,
  block,
  convolution,
}: GatedBranches): Pick<ControlledLayer, 'skippable' | 'dropoutChannels'> => ({
  skippable: { attention: attention.length > 0, block: block.length > 0 },
  dropoutChannels: convolution?.channels ?? null,
})
