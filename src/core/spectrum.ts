/** Radial power spectrum: how much of an image lies in coarse shapes and how much in fine ones. */
import { fourier } from './fourier'

/** |F|² / (h·w)² of a real image [h × w]: its sum over all frequencies is the image's mean square. */
function power(image: Float32Array, height: number, width: number): Float64Array {
  const { re, im } = fourier(image, height, width)
  return re.map((value, i) => (value * value + im[i]! * im[i]!) / (height * width) ** 2)
}

export interface RadialSpectrum {
  /** Mean of |F|² / (h·w)² on each ring, over all channels. */
  readonly mean: Float64Array
  /** Sum of it on each ring, mean over channels: the share of the image's mean square that the ring holds; all of them hold it whole. */
  readonly total: Float64Array
}

/**
 * Power on rings of equal frequency of an image [channels × h × w], each channel transformed by itself, since colours that
 * cancel in their mean are power too. Entry r is the ring of r waves across the shorter side (to the nearest whole number),
 * from 0, the squares of the channels' means, by half the side to the corners, where both directions are as fine as they can be.
 */
export function radialSpectrum(
  image: Float32Array,
  { height, width }: { readonly height: number; readonly width: number },
): RadialSpectrum {
  const area = height * width
  const channels = image.length / area
  const side = Math.min(height, width)
  const ringOf = (v: number, u: number) =>
    Math.round(side * Math.hypot(Math.min(v, height - v) / height, Math.min(u, width - u) / width))
  const rings = ringOf(Math.floor(height / 2), Math.floor(width / 2)) + 1
  const total = new Float64Array(rings)
  const counts = new Float64Array(rings)
  const powers = Array.from({ length: channels }, (_, channel) =>
    power(image.subarray(channel * area, (channel + 1) * area), height, width),
  )
  for (let v = 0; v < height; v++) {
    for (let u = 0; u < width; u++) {
      const ring = ringOf(v, u)
      counts[ring]! += 1
      for (const one of powers) total[ring]! += one[v * width + u]! / channels
    }
  }
  // On an image that is far from square a ring may lie between the frequencies.
  return { mean: total.map((sum, ring) => sum / Math.max(1, counts[ring]!)), total }
}

/** The ring by which half of the power is reached, the mean (ring 0) left out; 0 for a constant image. */
export function medianRing({ total }: RadialSpectrum): number {
  const half = total.subarray(1).reduce((sum, power) => sum + power, 0) / 2
  // What rounding leaves of a constant image is no wave.
  if (half <= 1e-12 * total[0]! || half === 0) return 0
  let reached = 0
  for (let ring = 1; ring < total.length; ring++) {
    reached += total[ring]!
    if (reached >= half) return ring
  }
  return total.length - 1
}
