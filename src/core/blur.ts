/**
 * The Gaussian blur of SEG as dense matrices, so that any width can be an input of the network. The two-dimensional blur
 * of a token grid is separable: Q' = B_h · Q · B_wᵀ for each channel. Kernel size, clamp and reflect padding are those of
 * SusungHong/SEG-SDXL (`pipeline_seg.py`; Hong 2024, arXiv 2408.00760), with each axis clamped by its own length.
 */

/** k = ⌈6σ⌉ + 1 − (⌈6σ⌉ mod 2), at most size − (size mod 2 − 1): the longest odd kernel that reflect padding allows. */
export function kernelSize(sigma: number, size: number): number {
  const wanted = Math.ceil(6 * sigma)
  return Math.min(wanted + 1 - (wanted % 2), size - ((size % 2) - 1))
}

/** Samples of a Gaussian at whole distances from the centre, [k], sum 1. σ = 0 gives the unit impulse. */
export function gaussianKernel(sigma: number, size: number): Float64Array {
  const k = kernelSize(sigma, size)
  const weights = Float64Array.from({ length: k }, (_, i) =>
    sigma === 0 ? 1 : Math.exp(-0.5 * ((i - (k - 1) / 2) / sigma) ** 2),
  )
  const sum = weights.reduce((a, b) => a + b, 0)
  return weights.map((weight) => weight / sum)
}

/**
 * B with B·q = the blur of q along an axis of `size` tokens; row-major [size × size], rows sum to 1.
 * `sigma` in tokens: 0 gives the identity, Infinity the mean (every entry 1/size). Throws RangeError for a negative or NaN σ.
 */
export function blurMatrix(sigma: number, size: number): Float64Array {
  if (!(sigma >= 0)) throw new RangeError(`blur width must be at least 0, not ${sigma}`)
  const matrix = new Float64Array(size * size)
  if (sigma === Infinity) return matrix.fill(1 / size)
  const kernel = gaussianKernel(sigma, size)
  const centre = (kernel.length - 1) / 2
  for (let row = 0; row < size; row++) {
    for (const [tap, weight] of kernel.entries()) {
      let column = row + tap - centre
      // Reflect without repeating the edge. One reflection is enough: the clamp keeps the reach below the size.
      if (column < 0) column = -column
      if (column >= size) column = 2 * (size - 1) - column
      matrix[row * size + column]! += weight
    }
  }
  return matrix
}
