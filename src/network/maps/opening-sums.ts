/** Opens sums that onnxruntime's optimiser put into the norm behind them, so that residual additions are met as additions. */
import type { GraphEditor } from '../editor'
import { floatAttribute, type NodeProto } from '../onnx'

export const holdsSum = ({ opType, domain }: NodeProto) =>
  opType === 'SkipLayerNormalization' && domain === 'com.microsoft'

/** input + skip + bias, then its norm; a bias belongs to the input, which is a linear layer's result. */
function openSum(editor: GraphEditor, node: NodeProto): void {
  const [input, skip, gamma, beta = '', bias = ''] = node.input as [string, string, string, string?, string?]
  const [made, , , sum = ''] = node.output as [string, string?, string?, string?]
  const branch = bias === '' ? input : editor.add('Add', [input, bias], `${made}/biased`)
  const total = editor.add('Add', [branch, skip], `${made}/sum`)
  const scaled = editor.add('LayerNormalization', [total, gamma, ...(beta === '' ? [] : [beta])], `${made}/norm`, {
    attributes: { axis: { int: -1 }, epsilon: { float: floatAttribute(node, 'epsilon') ?? 1e-12 } },
  })
  if (sum !== '') editor.renameUses(new Map([[sum, total]]))
  editor.replace(node, scaled)
}

/** In place. A node that tells more than its norm and its sum is left as it is. */
export function openSums(editor: GraphEditor): boolean {
  const nodes = editor.graph.node.filter(
    (node) =>
      holdsSum(node) &&
      editor.opset() >= 17 &&
      node.output.slice(1, 3).every((name) => name === '' || editor.consumers(name).length === 0) &&
      (node.output[3] === undefined || node.output[3] === '' || !editor.isOutput(node.output[3])),
  )
  for (const node of nodes) openSum(editor, node)
  return nodes.length > 0
}
