/**
 * A captured graph on WebGPU gives wrong numbers, without a word, where an output is only a view of what a node made: the replay writes to
 * the node's own buffer, and the view is of another. So each output is made by a node that computes.
 */
import { GraphEditor } from './editor'
import { floatTensor, type ModelProto } from './onnx'

/** Operators whose result lies in memory as what they read. */
const VIEWS = new Set(['Reshape', 'Squeeze', 'Unsqueeze', 'Flatten', 'Identity'])

/** Whether a tensor is a view; identities alone are none, since a runtime takes them out. */
function isView(editor: GraphEditor, tensor: string): boolean {
  for (let node = editor.producer(tensor); node && VIEWS.has(node.opType); node = editor.producer(node.input[0]!))
    if (node.opType !== 'Identity') return true
  return false
}

/** Lets a node compute each output of float32 that is a view, with the very same numbers. In place. */
export function realOutputs(model: ModelProto): void {
  const editor = new GraphEditor(model)
  for (const { name } of editor.graph.output) {
    if (!isView(editor, name)) continue
    const least = editor.addInitializer(floatTensor(`${name}/least`, [], [-Infinity]))
    editor.interpose(name, (own) => editor.add('Max', [own, least], `${name}/real`))
  }
  editor.finish()
}
