/** Reference statistics of a set of real pictures, in the formats of pytorch-fid, clean-fid, dgm-eval and CMMD, told apart by their arrays. */
import { MomentSums, type Moments } from '../frechet'

/** An array of a file: NumPy's name of its type, lengths, values in C order. */
export interface StoredArray {
  readonly shape: readonly number[]
  readonly data: ArrayLike<number | bigint>
}

export interface Reference {
  readonly width: number
  /** Null where the file holds features alone, of too few pictures. */
  readonly moments: Moments | null
  /** [count × width]; null where the file holds moments alone: then only a Fréchet distance can be said. */
  readonly features: Float32Array | null
  /** Of pictures; null where the file does not say. */
  readonly count: number | null
}

/** Reference statistics that can't be used. The message says why, and what to do. */
export class ReferenceFault extends Error {
  override readonly name = 'ReferenceFault'
}

const FORMATS =
  'mu and sigma (pytorch-fid, clean-fid), feats (clean-fid’s KID), reps (dgm-eval), or one array [pictures, width]'

function matrix({ shape, data }: StoredArray, name: string): { rows: number; width: number; values: Float32Array } {
  const [rows, width] = shape
  if (rows === undefined || width === undefined || shape.length !== 2 || rows < 1 || width < 1)
    throw new ReferenceFault(`${name} is [${shape.join(', ')}], and features are [pictures, width]`)
  return {
    rows,
    width,
    values: finite(
      Float32Array.from({ length: data.length }, (_, i) => Number(data[i])),
      name,
    ),
  }
}

function finite<T extends Float32Array | Float64Array>(values: T, name: string): T {
  if (!values.every(Number.isFinite)) throw new ReferenceFault(`${name} has numbers that are not finite`)
  return values
}

export function momentsOfFeatures(features: Float32Array, width: number): Moments {
  const sums = new MomentSums(Float64Array.from(features.subarray(0, width)))
  for (let at = 0; at < features.length; at += width) sums.add(features.subarray(at, at + width))
  return sums.moments()
}

function ofMoments(mu: StoredArray, sigma: StoredArray): Reference {
  const width = mu.data.length
  if (width === 0 || sigma.data.length !== width ** 2)
    throw new ReferenceFault(
      `mu has ${width} values and sigma ${sigma.data.length}, where it takes ${width ** 2}: they are not of one set`,
    )
  const doubles = ({ data }: StoredArray, name: string) =>
    finite(
      Float64Array.from({ length: data.length }, (_, i) => Number(data[i])),
      name,
    )
  return {
    width,
    moments: { mean: doubles(mu, 'mu'), covariance: doubles(sigma, 'sigma') },
    features: null,
    count: null,
  }
}

/** Throws ReferenceFault. `arrays`: those of the file, by name; of a plain .npy under any name. */
export function referenceOf(arrays: Readonly<Record<string, StoredArray>>): Reference {
  const { mu, sigma, feats, reps } = arrays
  const [only, ...others] = Object.values(arrays)
  const held = feats ?? reps ?? (others.length === 0 ? only : undefined)
  const moments = mu && sigma ? ofMoments(mu, sigma) : null
  if (!held || (others.length === 0 && (mu ?? sigma))) {
    if (moments) return moments
    const names = Object.keys(arrays).join(', ')
    throw new ReferenceFault(`it holds ${names === '' ? 'no array' : names}, and a reference holds ${FORMATS}`)
  }
  const { rows, width, values } = matrix(held, feats ? 'feats' : reps ? 'reps' : 'the array')
  if (moments && moments.width !== width)
    throw new ReferenceFault(`its moments are of width ${moments.width} and its features of ${width}`)
  return {
    width,
    moments: moments?.moments ?? (rows > 1 ? momentsOfFeatures(values, width) : null),
    features: values,
    count: rows,
  }
}
