/** Factors on the branches of residual blocks round and before an attention, as inputs of the graph. */
import type { GraphEditor } from '../editor'
import { floatValue, intTensor, type Dimension } from '../onnx'
import type { LastConvolution, LayerResiduals, Residual } from '../residuals'
import { controlNames, type ControlledLayer, type Feature } from './types'

/** Puts factors on what enters a convolution. */
function dropInputs(editor: GraphEditor, { node, channels }: LastConvolution, layer: ControlledLayer, rows: Dimension) {
  const { height, width, index } = layer
  const factors = editor.addInput(floatValue(controlNames(index).dropout, [rows, channels, height, width]))
  editor.setInput(node, 0, editor.add('Mul', [node.input[0]!, factors], `controls/${index}/dropout`))
}

/** Puts a factor on the branch of a residual: x + g · f(x). */
function gate(editor: GraphEditor, { add, branch, rank }: Residual, index: number, name: string, rows: Dimension) {
  const given = editor.addInput(floatValue(name, [rows]))
  const dims = [-1, ...Array<number>(rank - 1).fill(1)]
  const shape = editor.addInitializer(intTensor(`controls/${index}/${name}_factor_shape`, [rank], dims))
  const factor = editor.add('Reshape', [given, shape], `controls/${index}/${name}_factor`)
  editor.setInput(add, branch, editor.add('Mul', [add.input[branch]!, factor], `controls/${index}/${name}_branch`))
}

/** The inputs of a layer's branches that the features ask for. */
export function controlBranches(
  editor: GraphEditor,
  { attention, block, convolution }: LayerResiduals,
  layer: ControlledLayer,
  features: readonly Feature[],
  rows: Dimension,
): void {
  if (features.includes('dropout') && convolution) dropInputs(editor, convolution, layer, rows)
  if (!features.includes('skip')) return
  const names = controlNames(layer.index)
  if (attention) gate(editor, attention, layer.index, names.gate, rows)
  if (attention && block) gate(editor, block, layer.index, names.gateBlock, rows)
}

/** What can be left out round a layer, and the channels that dropout acts on. */
export const branchesOf = ({
  attention,
  block,
  convolution,
}: LayerResiduals): Pick<ControlledLayer, 'skippable' | 'dropoutChannels'> => ({
  skippable: { attention: attention !== null, block: attention !== null && block !== null },
  dropoutChannels: convolution?.channels ?? null,
})
