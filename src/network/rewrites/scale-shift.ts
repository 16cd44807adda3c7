/**
 * A factor and a summand for each channel are a convolution of each channel with itself: one dispatch, with the SiLU after it.
 * Where they differ from row to row, the channels of all rows are one row's.
 */
import type { NodeProto } from '../onnx'
import type { Places } from '../places'
import type { Rewrite } from '../rewrite'

/** The operand of a node that is the other one's partner; null where the node does not read it as one of two. */
const other = ({ input }: NodeProto, tensor: string) =>
  input.length === 2 && input.includes(tensor) ? (input[0] === tensor ? input[1]! : input[0]!) : null

/** How a tensor goes with an image [R, C, H, W]: a number for each channel, for each row's channels, or null for neither. */
function kindOf(places: Places, tensor: string, [rows, channels]: readonly number[]): 'channels' | 'rows' | null {
  const dims = places.shape(tensor)
  if (!dims || dims.length > 4) return null
  const full = [...Array<number>(4 - dims.length).fill(1), ...dims]
  if (full[1] !== channels || full[2] !== 1 || full[3] !== 1) return null
  return full[0] === 1 ? 'channels' : full[0] === rows ? 'rows' : null
}

/** x · σ(x), where that is all that reads x. */
function siluOf(places: Places, tensor: string): NodeProto | null {
  const readers = places.editor.consumers(tensor)
  const sigmoid = readers.find(({ opType }) => opType === 'Sigmoid')
  const product = readers.find(({ opType }) => opType === 'Mul')
  if (readers.length !== 2 || !sigmoid || !product || places.editor.isOutput(tensor)) return null
  const gate = sigmoid.output[0]!
  return places.reader(gate, 'Mul') === product && product.input.includes(gate) ? product : null
}

export const scaleShift: Rewrite = {
  name: 'scale, shift and SiLU of channels as one convolution',
  order: 30,
  apply(places) {
    let count = 0
    for (const product of places.of('Mul')) {
      const sum = places.reader(product.output[0]!, 'Add')
      const shift = sum && other(sum, product.output[0]!)
      const image = product.input.find((name) => places.shape(name)?.length === 4 && !places.constant(name) && name)
      const scale = image && other(product, image)
      const shape = image && places.shape(image)
      if (!sum || !shift || !scale || !shape) continue
      const kinds = [kindOf(places, scale, shape), kindOf(places, shift, shape)]
      if (kinds.includes(null) || kinds[0] !== kinds[1]) continue
      const [rows = 0, channels = 0, height = 0, width = 0] = shape
      const own = kinds[0] === 'rows'
      const all = own ? rows * channels : channels
      const base = sum.output[0]!
      const silu = siluOf(places, sum.output[0]!)
      const inputs = [
        own ? places.reshaped(image, [1, all, height, width], `${base}/rows`) : image,
        places.reshaped(scale, [all, 1, 1, 1], `${base}/scale`),
        places.reshaped(shift, [all], `${base}/shift`),
      ]
      const attributes = { group: { int: all }, kernel_shape: { ints: [1, 1] } }
      places.editor.importOpset('com.microsoft', 1)
      const result = silu
        ? places.add('FusedConv', inputs, `${base}/silu`, {
            domain: 'com.microsoft',
            attributes: { ...attributes, activation: { string: 'QuickGelu' }, activation_params: { floats: [1] } },
          })
        : places.add('Conv', inputs, `${base}/scaled`, { attributes })
      places.replace(silu ?? sum, own ? places.reshaped(result, shape, `${base}/image`) : result)
      count += 1
    }
    return count
  },
}
