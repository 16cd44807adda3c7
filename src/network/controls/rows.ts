/** The number of rows that a graph is made for. */
import type { GraphEditor } from '../editor'
import { GraphError, declaredShape, floatValue, type Dimension } from '../onnx'

/** Fixes the batch size of all inputs and outputs, and returns the dimension that stands for it. */
export function bakeRows(editor: GraphEditor, rows: number | 'dynamic'): Dimension {
  const { input, output } = editor.graph
  const data = input.filter((value) => !editor.initializer(value.name))
  const batch = data.map((value) => declaredShape(value)?.[0] ?? null)
  const symbolic = batch.some((length) => typeof length !== 'number')
  // Beside inputs of any number of rows, one of a fixed length has no rows: the places of tokens, for all rows alike.
  const fixed = symbolic ? undefined : batch.find((length) => typeof length === 'number')
  if (fixed !== undefined && fixed !== rows) {
    throw new GraphError(`the graph was exported for a fixed batch of ${fixed}; export it with a symbolic batch size`)
  }
  const symbol = batch.find((length) => typeof length === 'string') ?? null
  if (rows === 'dynamic') return symbol
  for (const value of [...data, ...output]) {
    const shape = declaredShape(value)
    if (!shape) continue
    const dims = shape.map((length, axis) =>
      (symbol !== null && length === symbol) || (axis === 0 && length === null) ? rows : length,
    )
    if (value.type?.value.case === 'tensorType') {
      const { elemType } = value.type.value.value
      value.type = floatValue(value.name, dims).type!
      if (value.type.value.case === 'tensorType') value.type.value.value.elemType = elemType
    }
  }
  return rows
}
