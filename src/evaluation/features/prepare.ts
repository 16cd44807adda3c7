/** From pictures of bytes to what a feature network is fed, to the byte as the protocol's own package does it. */
import { resample, weigh, type Extent } from '../../core/resample'
import type { FeatureProtocol } from './protocol'

/** Pillow's fixed point for pictures of bytes: weights are whole numbers of 2^-22 (`Resample.c`, PRECISION_BITS). */
const UNIT = 2 ** 22
const CHANNELS = 3

/** One pass of Pillow's `resize` over bytes: [rows × from × channels] to [rows × to × channels]. */
function passOfBytes(
  values: Uint8Array,
  rows: number,
  from: number,
  to: number,
  channels: number,
  filter: FeatureProtocol['filter'],
): Uint8Array {
  const { taps, first, weights } = weigh(from, to, filter)
  const whole = weights.map((weight) => Math.trunc(weight * UNIT + (weight < 0 ? -0.5 : 0.5)))
  const out = new Uint8Array(rows * to * channels)
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < to; i++) {
      const source = (row * from + first[i]!) * channels
      for (let c = 0; c < channels; c++) {
        let sum = UNIT / 2
        for (let k = 0; k < taps; k++) sum += whole[i * taps + k]! * values[source + k * channels + c]!
        out[(row * to + i) * channels + c] = Math.min(255, Math.max(0, Math.floor(sum / UNIT)))
      }
    }
  }
  return out
}

function resizedBytes(values: Uint8Array, from: Extent, to: Extent, filter: FeatureProtocol['filter']): Uint8Array {
  const wide = passOfBytes(values, from.height, from.width, to.width, CHANNELS, filter)
  // The columns of a picture are the rows of one whose pixels are whole rows.
  return passOfBytes(wide, 1, from.height, to.height, to.width * CHANNELS, filter)
}

/**
 * RGB bytes [height × width × 3] as the network's input [3 × side × side]. A picture of another shape than a square is refused, since
 * packages differ in what they cut away.
 */
export function prepared(
  pixels: Uint8Array,
  { height, width }: Extent,
  protocol: FeatureProtocol,
  side = protocol.side,
): Float32Array {
  if (height !== width) throw new RangeError(`pictures must be square for these features, not ${width}×${height}`)
  const to = { height: side, width: side }
  const { filter, mean, deviation } = protocol
  const same = side === height
  const resized = same
    ? pixels
    : protocol.bytes
      ? resizedBytes(pixels, { height, width }, to, filter)
      : resample(pixels, { height, width }, CHANNELS, to, new Float32Array(side * side * CHANNELS), filter)
  const plane = side * side
  const out = new Float32Array(CHANNELS * plane)
  for (let c = 0; c < CHANNELS; c++)
    for (let i = 0; i < plane; i++) {
      const value = Math.min(255, Math.max(0, resized[i * CHANNELS + c]!))
      out[c * plane + i] = (value / 255 - mean[c]!) / deviation[c]!
    }
  return out
}
