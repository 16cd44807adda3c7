/**
 * Pictures in another size, by a separable filter whose weights are normalised at the edges, as in Pillow's `Image.resize`; by default
 * Lanczos' of three lobes (Duchon 1979; Turkowski 1990).
 */

export interface Extent {
  readonly height: number
  readonly width: number
}

export interface Filter {
  readonly id: string
  /** Samples to each side of a new one that it weighs, where nothing shrinks. */
  readonly support: number
  readonly at: (x: number) => number
  /** Whether the support is scaled where a picture shrinks, so that nothing is missed. */
  readonly widens: boolean
}

const LOBES = 3

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x)
}

export function lanczos(x: number): number {
  return Math.abs(x) < LOBES ? sinc(x) * sinc(x / LOBES) : 0
}

const LANCZOS: Filter = { id: 'lanczos', support: LOBES, at: lanczos, widens: true }

/** Which samples of one axis go into each new one, and with which weights. */
export interface Axis<Weights extends Float32Array | Float64Array> {
  readonly taps: number
  /** The first sample that goes into each new one. */
  readonly first: Int32Array
  /** [to × taps]; weights beyond the edge are 0. */
  readonly weights: Weights
}

export function weigh(from: number, to: number, filter: Filter): Axis<Float64Array> {
  const scale = from / to
  const stretch = filter.widens ? Math.max(1, scale) : 1
  const support = filter.support * stretch
  // As many for every new sample: half-open windows of this width hold no more.
  const taps = Math.min(from, Math.ceil(2 * support))
  const first = new Int32Array(to)
  const weights = new Float64Array(to * taps)
  for (let i = 0; i < to; i++) {
    const centre = (i + 0.5) * scale
    const start = Math.max(0, Math.floor(centre - support + 0.5))
    const end = Math.min(from, Math.floor(centre + support + 0.5))
    const own = Array.from({ length: end - start }, (_, k) => filter.at((start + k + 0.5 - centre) / stretch))
    const sum = own.reduce((total, weight) => total + weight, 0)
    // All taps lie within the axis, so that the loops below need no test.
    first[i] = Math.min(start, from - taps)
    own.forEach((weight, k) => (weights[i * taps + start - first[i]! + k] = weight / sum))
  }
  return { taps, first, weights }
}

/** Sizes change while a window is dragged; a few are in use at once. */
const KEPT = 32
const axes = new Map<string, Axis<Float32Array>>()

function single({ weights, ...axis }: Axis<Float64Array>): Axis<Float32Array> {
  return { ...axis, weights: Float32Array.from(weights) }
}

function axisOf(from: number, to: number, filter: Filter): Axis<Float32Array> {
  const key = `${filter.id} ${from} ${to}`
  const axis = axes.get(key) ?? single(weigh(from, to, filter))
  axes.delete(key)
  axes.set(key, axis)
  const [oldest] = axes.keys()
  if (axes.size > KEPT && oldest !== undefined) axes.delete(oldest)
  return axis
}

/** Values [rows × from × channels] with the second axis resampled, [rows × to × channels]. */
function along(
  values: ArrayLike<number>,
  rows: number,
  channels: number,
  to: number,
  from: number,
  filter: Filter,
): Float32Array {
  const { taps, first, weights } = axisOf(from, to, filter)
  const out = new Float32Array(rows * to * channels)
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < to; i++) {
      const source = (row * from + first[i]!) * channels
      const target = (row * to + i) * channels
      for (let c = 0; c < channels; c++) {
        let sum = 0
        for (let k = 0; k < taps; k++) sum += weights[i * taps + k]! * values[source + k * channels + c]!
        out[target + c] = sum
      }
    }
  }
  return out
}

/** A weighted sum of `taps` rows of `length` values, of which the first begins at `source`. */
type SumRows = (
  rows: Float32Array,
  source: number,
  length: number,
  weights: Float32Array,
  out: Pixels,
  at: number,
) => void

const sumRows =
  (taps: number): SumRows =>
  (rows, source, length, weights, out, at) => {
    for (let x = 0; x < length; x++) {
      let sum = 0
      for (let k = 0; k < taps; k++) sum += weights[k]! * rows[source + k * length + x]!
      out[at + x] = sum
    }
  }

/** The same of six rows, which every enlargement takes: unrolled, it keeps up with a drag. */
const sumSixRows: SumRows = (rows, source, length, weights, out, at) => {
  const [a, b, c, d, e, f] = [weights[0]!, weights[1]!, weights[2]!, weights[3]!, weights[4]!, weights[5]!]
  for (let x = 0; x < length; x++) {
    const i = source + x
    out[at + x] =
      a * rows[i]! +
      b * rows[i + length]! +
      c * rows[i + 2 * length]! +
      d * rows[i + 3 * length]! +
      e * rows[i + 4 * length]! +
      f * rows[i + 5 * length]!
  }
}

type Pixels = Float32Array | Uint8ClampedArray

/**
 * Interleaved values [height × width × channels] in another size. The filter rings at edges: values beyond the range are
 * kept by floats and clipped by bytes.
 */
export function resample<Out extends Pixels>(
  values: ArrayLike<number>,
  from: Extent,
  channels: number,
  to: Extent,
  out: Out,
  filter = LANCZOS,
): Out {
  const wide = along(values, from.height, channels, to.width, from.width, filter)
  const { taps, first, weights } = axisOf(from.height, to.height, filter)
  const length = to.width * channels
  const sum = taps === 6 ? sumSixRows : sumRows(taps)
  for (let i = 0; i < to.height; i++) {
    sum(wide, first[i]! * length, length, weights.subarray(i * taps, (i + 1) * taps), out, i * length)
  }
  return out
}
