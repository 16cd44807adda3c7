/** Attributes of a node. */
import { floatAttribute, intAttribute, intsAttribute, type NodeProto } from '../network/onnx'

export const int = (node: NodeProto, name: string, otherwise: number): number => intAttribute(node, name) ?? otherwise

export const ints = (node: NodeProto, name: string): readonly number[] | null => intsAttribute(node, name)

export const float = (node: NodeProto, name: string, otherwise: number): number =>
  floatAttribute(node, name) ?? otherwise

export function text(node: NodeProto, name: string): string | null {
  const found = node.attribute.find((attribute) => attribute.name === name)
  return found ? new TextDecoder().decode(found.s) : null
}
