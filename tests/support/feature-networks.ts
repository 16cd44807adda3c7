/** Feature networks that say little, as files. */
import { floatValue, serializeModel } from '../../src/network/onnx'
import { emptyModel } from '../unit/network/graphs'

/** The mean of each colour of a picture of 224 pixels. */
export function colourMeans(): Uint8Array {
  const e = emptyModel()
  const picture = e.addInput(floatValue('picture', ['rows', 3, 224, 224]))
  e.addOutput(e.add('GlobalAveragePool', [picture], 'mean'), floatValue('features', ['rows', 3, 1, 1]))
  return serializeModel(e.model)
}
