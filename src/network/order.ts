/** The order in which what a tensor is computed from can be looked at: each node after those that it reads. */
import type { GraphEditor } from './editor'
import type { NodeProto } from './onnx'

/**
 * The nodes behind a tensor, without those behind tensors that are `known`, each after those that make what it reads. Looked at
 * in this order nothing recurses, however deep the graph is, and nothing is looked at twice. Ends in a cycle, too.
 */
export function producersFirst(
  editor: GraphEditor,
  tensor: string,
  known: (tensor: string) => boolean,
): readonly NodeProto[] {
  const order: NodeProto[] = []
  const state = new Map<NodeProto, 'open' | 'done'>()
  const stack: NodeProto[] = []
  const visit = (name: string) => {
    const node = name === '' || known(name) ? null : editor.producer(name)
    if (node && !state.has(node)) stack.push(node)
  }
  visit(tensor)
  for (let node = stack.at(-1); node; node = stack.at(-1)) {
    if (!state.has(node)) {
      state.set(node, 'open')
      for (const name of node.input) visit(name)
      continue
    }
    if (state.get(node) === 'open') order.push(node)
    state.set(node, 'done')
    stack.pop()
  }
  return order
}
