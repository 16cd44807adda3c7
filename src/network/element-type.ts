/** The type of a tensor's values, followed from what is declared through what the nodes between do to it. */
import type { GraphEditor } from './editor'
import { DataType, intAttribute, tensorAttribute, type NodeProto } from './onnx'
import { producersFirst } from './order'

const BOOLEAN = new Set([
  'Equal',
  'Greater',
  'GreaterOrEqual',
  'Less',
  'LessOrEqual',
  'And',
  'Or',
  'Xor',
  'Not',
  'IsNaN',
  'IsInf',
])
const INTEGER = new Set(['Shape', 'Size', 'ArgMax', 'ArgMin', 'NonZero'])

/** The input whose type a node's first output has. */
function like({ opType }: NodeProto): number {
  switch (opType) {
    case 'Where':
    case 'DequantizeLinear':
    case 'CastLike':
      return 1
    case 'QuantizeLinear':
      return 2
    default:
      return 0
  }
}

function made(node: NodeProto, of: (tensor: string) => DataType): DataType {
  const { opType } = node
  if (BOOLEAN.has(opType)) return DataType.BOOL
  if (INTEGER.has(opType)) return DataType.INT64
  switch (opType) {
    case 'Cast':
      return intAttribute(node, 'to') ?? DataType.UNDEFINED
    case 'Constant':
    case 'ConstantOfShape': {
      const value = tensorAttribute(node, 'value')
      if (value) return value.dataType
      return node.attribute.some(({ name }) => name.startsWith('value_int')) ? DataType.INT64 : DataType.FLOAT
    }
    case 'MatMulInteger':
    case 'ConvInteger':
      return DataType.INT32
    case 'DynamicQuantizeLinear':
      return DataType.UINT8
    default:
      return of(node.input[like(node)] ?? '')
  }
}

/** UNDEFINED where nothing says. */
export function elementType(editor: GraphEditor, tensor: string): DataType {
  const known = new Map<string, DataType>()
  const of = (name: string): DataType => {
    const before = known.get(name)
    if (before !== undefined) return before
    const initializer = editor.initializer(name)
    if (initializer) return initializer.dataType
    const type = editor.input(name)?.type?.value
    return type?.case === 'tensorType' ? type.value.elemType : DataType.UNDEFINED
  }
  for (const node of producersFirst(editor, tensor, (name) => known.has(name)))
    for (const name of node.output) known.set(name, made(node, of))
  return of(tensor)
}
