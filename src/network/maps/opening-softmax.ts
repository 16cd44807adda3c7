/** Brings softmaxes that are written in another way to the one form in which maps are read and changed. */
import type { GraphEditor } from '../editor'
import type { MeasuredShapes } from '../measured-shapes'
import { intAttribute, type NodeProto } from '../onnx'

/** A softmax over any axis becomes one over the last, with what moves it there and back. */
export function overLast(editor: GraphEditor, node: NodeProto, shapes: MeasuredShapes): 'is' | 'moved' | 'unknown' {
  const rank = shapes.of(node.output[0]!)?.length
  if (rank === undefined) return 'unknown'
  const given = intAttribute(node, 'axis') ?? (editor.opset() >= 13 ? -1 : 1)
  const axis = given < 0 ? given + rank : given
  if (axis === rank - 1) return 'is'
  // Before opset 13 it is over all axes from there on.
  if (editor.opset() < 13) return 'unknown'
  const perm = Array.from({ length: rank }, (_, i) => (i === axis ? rank - 1 : i === rank - 1 ? axis : i))
  const turn = (tensor: string, base: string) =>
    editor.add('Transpose', [tensor], `${node.output[0]!}/${base}`, { attributes: { perm: { ints: perm } } })
  const map = editor.add('Softmax', [turn(node.input[0]!, 'turned')], `${node.output[0]!}/map`, {
    attributes: { axis: { int: -1 } },
  })
  editor.replace(node, turn(map, 'turned_back'))
  return 'moved'
}
