/** The discrete Fourier transform of planes of any size: halved while the length is even (Cooley and Tukey), summed directly where it is odd. */

interface Complex {
  readonly re: Float64Array
  readonly im: Float64Array
}

/** Σ_j a_j exp(sign · 2πi jk/n), not normalised. */
function transformLine({ re, im }: Complex, sign: 1 | -1): Complex {
  const n = re.length
  const out = { re: new Float64Array(n), im: new Float64Array(n) }
  if (n % 2 === 0) {
    const half = n / 2
    const every = (offset: number) =>
      transformLine(
        {
          re: Float64Array.from({ length: half }, (_, i) => re[2 * i + offset]!),
          im: Float64Array.from({ length: half }, (_, i) => im[2 * i + offset]!),
        },
        sign,
      )
    const even = every(0)
    const odd = every(1)
    for (let k = 0; k < half; k++) {
      const angle = (sign * 2 * Math.PI * k) / n
      const [c, s] = [Math.cos(angle), Math.sin(angle)]
      const turnedRe = odd.re[k]! * c - odd.im[k]! * s
      const turnedIm = odd.re[k]! * s + odd.im[k]! * c
      out.re[k] = even.re[k]! + turnedRe
      out.im[k] = even.im[k]! + turnedIm
      out.re[k + half] = even.re[k]! - turnedRe
      out.im[k + half] = even.im[k]! - turnedIm
    }
    return out
  }
  for (let k = 0; k < n; k++) {
    for (let j = 0; j < n; j++) {
      const angle = (sign * 2 * Math.PI * ((j * k) % n)) / n
      const [c, s] = [Math.cos(angle), Math.sin(angle)]
      out.re[k]! += re[j]! * c - im[j]! * s
      out.im[k]! += re[j]! * s + im[j]! * c
    }
  }
  return out
}

/** Transforms rows, then columns, of a plane [height × width]. */
function transformPlane(plane: Complex, height: number, width: number, sign: 1 | -1): Complex {
  const re = new Float64Array(height * width)
  const im = new Float64Array(height * width)
  for (let y = 0; y < height; y++) {
    const row = transformLine(
      { re: plane.re.slice(y * width, (y + 1) * width), im: plane.im.slice(y * width, (y + 1) * width) },
      sign,
    )
    re.set(row.re, y * width)
    im.set(row.im, y * width)
  }
  for (let x = 0; x < width; x++) {
    const column = transformLine(
      {
        re: Float64Array.from({ length: height }, (_, y) => re[y * width + x]!),
        im: Float64Array.from({ length: height }, (_, y) => im[y * width + x]!),
      },
      sign,
    )
    for (let y = 0; y < height; y++) {
      re[y * width + x] = column.re[y]!
      im[y * width + x] = column.im[y]!
    }
  }
  return { re, im }
}

/** The transform of a real plane [height × width], not normalised: Σ a exp(−2πi (vy/height + ux/width)). */
export function fourier(plane: ArrayLike<number>, height: number, width: number): Complex {
  return transformPlane({ re: Float64Array.from(plane), im: new Float64Array(height * width) }, height, width, -1)
}

/** A real plane [height × width] without the frequencies whose radius is below `cutoff`, in cycles a pixel (0.5 is the finest along an axis). */
export function highPass(plane: ArrayLike<number>, height: number, width: number, cutoff: number): Float64Array {
  const { re, im } = fourier(plane, height, width)
  const frequency = (k: number, n: number) => (k <= n / 2 ? k : k - n) / n
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (Math.hypot(frequency(y, height), frequency(x, width)) >= cutoff) continue
      re[y * width + x] = 0
      im[y * width + x] = 0
    }
  }
  return transformPlane({ re, im }, height, width, 1).re.map((value) => value / (height * width))
}
