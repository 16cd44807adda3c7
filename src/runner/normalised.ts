/** Group norm, with what is multiplied and added after it taken into its scale and shift. */
import { binary } from './broadcast'
import type { Emitter } from './emitter'
import { expanded, isPacked, product, reshaped, type Tensor } from './tensor'
import type { Normalised } from './value'

/** The axes of [rows, channels, ...] with the channels innermost. */
export const channelsLast = (rank: number): number[] => [0, ...Array.from({ length: rank - 2 }, (_, i) => i + 2), 1]

/** The same values with the channels innermost in memory. */
export const withChannelsLast = (emitter: Emitter, x: Tensor): Tensor => emitter.ordered(x, channelsLast(x.dims.length))

/** Computes it, and an activation behind it, as the kernels number it. */
export function normalise(emitter: Emitter, value: Normalised, activation: number): Tensor {
  const x = withChannelsLast(emitter, value.x)
  const { dims } = x
  const [rows, channels] = [dims[0]!, dims[1]!]
  const scale = value.scale ?? emitter.values([1, channels], Array<number>(channels).fill(1))
  const shift = value.shift ?? emitter.values([1, channels], Array<number>(channels).fill(0))
  const [s, t] = [byRow(emitter, scale), byRow(emitter, shift)]
  const out = emitter.result(dims, [x, s, t], channelsLast(dims.length))
  const stride = (tensor: Tensor) => (tensor.dims[0] === 1 ? 0 : channels)
  emitter.call(
    'groupNorm',
    [
      x.at,
      out.at,
      s.at,
      stride(s),
      t.at,
      stride(t),
      rows,
      product(dims.slice(2)),
      channels,
      value.groups,
      value.epsilon,
      activation,
    ],
    out.at.buffer,
  )
  return out
}

/** [1 or rows, channels] in packed memory. */
function byRow(emitter: Emitter, tensor: Tensor): Tensor {
  return isPacked(tensor) ? tensor : emitter.ordered(tensor, [0, 1])
}

/**
 * An operand of a product or sum with [rows, channels, ...] that is the same all over each channel, as [1 or rows, channels]; null for any other.
 */
export function perChannel(operand: Tensor, dims: readonly number[]): Tensor | null {
  const lead = dims.length - operand.dims.length
  if (lead < 0) return null
  const own = [...Array<number>(lead).fill(1), ...operand.dims]
  if (own.slice(2).some((length) => length !== 1)) return null
  if (own[0] !== 1 && own[0] !== dims[0]) return null
  if (own[1] !== 1 && own[1] !== dims[1]) return null
  const two = reshaped(operand, [own[0]!, own[1]!])
  return two && expanded(two, [own[0]!, dims[1]!])
}

/** Is it counted in the axes of what it norms? Only there are channels told apart. */
export const inOwnAxes = ({ x, dims }: Normalised): boolean =>
  x.dims.length === dims.length && dims.every((length, axis) => length === x.dims[axis])

/** `operand` times the norm, or added to it. Null where it does not act on whole channels. */
export function taken(emitter: Emitter, value: Normalised, op: 'Mul' | 'Add', operand: Tensor): Normalised | null {
  const part = inOwnAxes(value) ? perChannel(operand, value.dims) : null
  if (!part) return null
  if (op === 'Add') return { ...value, shift: value.shift ? binary(emitter, 'add', value.shift, part) : part }
  return {
    ...value,
    scale: value.scale ? binary(emitter, 'mul', value.scale, part) : part,
    shift: value.shift && binary(emitter, 'mul', value.shift, part),
  }
}
