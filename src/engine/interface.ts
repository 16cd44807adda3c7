/** What a graph takes and gives, in words: for guessing how it is asked, and for showing it. */
import { GraphEditor } from '../network/editor'
import { tableLength } from '../network/maps/example-inputs'
import { DataType, declaredShape, type ModelProto, type ValueInfoProto } from '../network/onnx'
import type { GraphValue } from '../model/guess'

function valueOf(value: ValueInfoProto): GraphValue {
  const type = value.type?.value
  const element = type?.case === 'tensorType' ? type.value.elemType : DataType.UNDEFINED
  const name = element === DataType.FLOAT ? 'float32' : element === DataType.DOUBLE ? 'float64' : DataType[element]
  return { name: value.name, dtype: (name ?? 'unknown').toLowerCase(), dims: declaredShape(value) ?? [] }
}

/** Inputs that have to be given, and outputs. */
export function interfaceOf(model: ModelProto): {
  readonly inputs: readonly GraphValue[]
  readonly outputs: readonly GraphValue[]
} {
  const { graph } = model
  const known = new Set(graph?.initializer.map(({ name }) => name))
  const editor = new GraphEditor(model)
  const inputOf = (input: ValueInfoProto): GraphValue => {
    const value = valueOf(input)
    const table = value.dtype.startsWith('int') ? tableLength(editor, value.name) : null
    return table === null ? value : { ...value, table }
  }
  return {
    inputs: (graph?.input ?? []).filter(({ name }) => !known.has(name)).map(inputOf),
    outputs: (graph?.output ?? []).map(valueOf),
  }
}
