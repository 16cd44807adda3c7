/**
 * Radial power spectrum: how much of an image lies in coarse shapes and how much in fine ones. The discrete Fourier transform is
 * taken one axis after the other, as two small matrix products: the images are at most a few hundred pixels wide.
 */

/** Cosines and sines of −2π·jk/n, [n × n]. */
function transform(n: number): { readonly re: Float64Array; readonly im: Float64Array } {
  const re = new Float64Array(n * n)
  const im = new Float64Array(n * n)
  for (let j = 0; j < n; j++) {
    for (let k = 0; k < n; k++) {
      // Reduced before the cosine, which is exact for small arguments only.
      const angle = (-2 * Math.PI * ((j * k) % n)) / n
      re[j * n + k] = Math.cos(angle)
      im[j * n + k] = Math.sin(angle)
    }
  }
  return { re, im }
}

/** |F|² / (h·w)² of a real image [h × w]: its sum over all frequencies is the image's mean square. */
function power(image: Float32Array, height: number, width: number): Float64Array {
  const along = transform(width)
  const down = transform(height)
  const rowsRe = new Float64Array(height * width)
  const rowsIm = new Float64Array(height * width)
  for (let y = 0; y < height; y++) {
    for (let u = 0; u < width; u++) {
      let re = 0
      let im = 0
      for (let x = 0; x < width; x++) {
        const value = image[y * width + x]!
        re += value * along.re[u * width + x]!
        im += value * along.im[u * width + x]!
      }
      rowsRe[y * width + u] = re
      rowsIm[y * width + u] = im
    }
  }
  const out = new Float64Array(height * width)
  for (let v = 0; v < height; v++) {
    for (let u = 0; u < width; u++) {
      let re = 0
      let im = 0
      for (let y = 0; y < height; y++) {
        const [a, b] = [rowsRe[y * width + u]!, rowsIm[y * width + u]!]
        const [c, d] = [down.re[v * height + y]!, down.im[v * height + y]!]
        re += a * c - b * d
        im += a * d + b * c
      }
      out[v * width + u] = (re * re + im * im) / (height * width) ** 2
    }
  }
  return out
}

export interface RadialSpectrum {
  /** Mean of |F|² / (h·w)² on each ring. */
  readonly mean: Float64Array
  /** Sum of it on each ring: the share of the image's mean square that the ring holds. */
  readonly total: Float64Array
}

/**
 * Power on rings of equal frequency of an image [h × w]. Entry r is the ring of r waves across the shorter side (to the
 * nearest whole number), from 0, the square of the mean, to half the side, the finest that the pixels can hold. Frequencies
 * beyond (the corners) belong to no ring.
 */
export function radialSpectrum(image: Float32Array, height: number, width: number): RadialSpectrum {
  const all = power(image, height, width)
  const side = Math.min(height, width)
  const rings = Math.floor(side / 2) + 1
  const total = new Float64Array(rings)
  const counts = new Float64Array(rings)
  for (let v = 0; v < height; v++) {
    for (let u = 0; u < width; u++) {
      const ring = Math.round(side * Math.hypot(Math.min(v, height - v) / height, Math.min(u, width - u) / width))
      if (ring >= rings) continue
      total[ring]! += all[v * width + u]!
      counts[ring]! += 1
    }
  }
  return { mean: total.map((sum, ring) => sum / counts[ring]!), total }
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
