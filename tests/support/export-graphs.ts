/** Graphs of tests/exports as they are loaded and fed. */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { narrowToHalf } from '../../src/core/half'
import type { Feeds, GraphTensor } from '../../src/network/maps/types'
import { DataLocation, DataType, declaredShape, parseModel, type ModelProto } from '../../src/network/onnx'
import { attachWeights, readWeights } from '../../src/network/weights'
import type { Exported } from './export-files'

/** The graph with its weights inside, wherever they lie. */
export function load({ path }: Exported): ModelProto {
  const model = parseModel(readFileSync(path))
  const outside = model.graph!.initializer.filter(({ dataLocation }) => dataLocation === DataLocation.EXTERNAL)
  const places = outside.flatMap(({ externalData }) => externalData.filter(({ key }) => key === 'location'))
  const files = Object.fromEntries(places.map(({ value }) => [value, readFileSync(join(dirname(path), value))]))
  if (outside.length > 0) attachWeights(model, readWeights(model, files, 'keep'), 'inline')
  return model
}

/** The number of rows that the graph was exported for, whatever was asked of the exporter; null: any. */
export function batchOf(model: ModelProto): number | null {
  const [length] = declaredShape(model.graph!.input[0]!) ?? []
  return typeof length === 'number' ? length : null
}

const elementTypeOf = (model: ModelProto, name: string) => {
  const type = model.graph!.input.find((input) => input.name === name)?.type?.value
  return type?.case === 'tensorType' ? type.value.elemType : DataType.UNDEFINED
}

/** Rows from `first` on of what PyTorch was given. */
export function feedsOf(exported: Exported, model: ModelProto, first: number, rows: number): Feeds {
  return Object.fromEntries(
    exported.inputs.map((name): readonly [string, GraphTensor] => {
      const { dims, data } = exported.tensor(`input:${name}`)
      const each = data.length / dims[0]!
      const shared = exported.shared.includes(name)
      const own = shared ? data : data.slice(first * each, (first + rows) * each)
      const shape = shared ? dims : [rows, ...dims.slice(1)]
      if (own instanceof BigInt64Array) return [name, { type: 'int64', dims: shape, data: own }]
      return elementTypeOf(model, name) === DataType.FLOAT16
        ? [name, { type: 'float16', dims: shape, data: narrowToHalf(Float64Array.from(own)) }]
        : [name, { type: 'float32', dims: shape, data: own }]
    }),
  )
}
