/**
 * Distances of a set of pictures to a reference, as the field computes them, each with what it is without each block of pictures, from
 * which its interval follows. Double precision; no random subsets, so that equal sets give equal numbers to the bit.
 */
import { symmetricEigenvalues } from '../eigenvalues'
import { frechetTo, MomentSums, sumOfRoots, type Moments } from '../frechet'
import { BLOCKS, FEWEST_OF_INTERVALS, type Blocked } from '../metrics'
import type { Reference } from './reference'

/** Features of pictures that follow each other by their index. */
export interface Points {
  /** [count × width] */
  readonly data: Float32Array
  readonly count: number
  readonly width: number
}

interface Blocks {
  readonly count: number
  readonly of: Uint8Array
}

function blocksOf({ count }: Points): Blocks {
  const blocks = count >= FEWEST_OF_INTERVALS ? BLOCKS : 0
  return { count: blocks, of: Uint8Array.from({ length: count }, (_, i) => Math.floor((i * blocks) / count)) }
}

const blocked = ({ count }: Blocks, of: (without: number) => number): Blocked => ({
  whole: of(-1),
  without: Array.from({ length: count }, (_, block) => of(block)),
})

const rowOf = ({ data, width }: Points, i: number) => data.subarray(i * width, (i + 1) * width)

/** Fewer pictures than features: what is asked of the product of covariances is asked of a matrix of pictures. */
function frechetOfFew(points: Points, { mean, covariance }: Moments, blocks: Blocks): Blocked {
  const { count, width } = points
  const shifted = new Float64Array(count * width)
  for (let i = 0; i < count; i++)
    for (let c = 0; c < width; c++) shifted[i * width + c] = points.data[i * width + c]! - mean[c]!
  const pushed = product(shifted, covariance, count, width)
  const gram = inner(shifted, pushed, count, width)
  const plain = inner(shifted, shifted, count, width)
  let trace = 0
  for (let c = 0; c < width; c++) trace += covariance[c * width + c]!
  return blocked(blocks, (without) => {
    const kept = Array.from({ length: count }, (_, i) => i).filter(
      (i) => blocks.count === 0 || blocks.of[i] !== without,
    )
    const n = kept.length
    const centred = doubleCentred(gram, kept, count)
    const own = kept.reduce((sum, i) => sum + plain[i * count + i]!, 0)
    const all = kept.reduce((sum, i) => sum + kept.reduce((row, j) => row + plain[i * count + j]!, 0), 0)
    // |m − m'|² is the mean of all inner products of the shifted rows; the rest of their squares is spread.
    const apart = all / n ** 2
    const spread = (own - all / n) / (n - 1)
    const roots = sumOfRoots(symmetricEigenvalues(centred, n)) / Math.sqrt(n - 1)
    return apart + spread + trace - 2 * roots
  })
}

/** X M for X [rows × width] and a symmetric M. */
function product(x: Float64Array, m: Float64Array, rows: number, width: number): Float64Array {
  const out = new Float64Array(rows * width)
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < width; k++) {
      const factor = x[i * width + k]!
      for (let c = 0; c < width; c++) out[i * width + c] = out[i * width + c]! + factor * m[k * width + c]!
    }
  }
  return out
}

/** X Yᵀ, which is symmetric here. */
function inner(x: Float64Array, y: Float64Array, rows: number, width: number): Float64Array {
  const out = new Float64Array(rows * rows)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0
      for (let c = 0; c < width; c++) sum += x[i * width + c]! * y[j * width + c]!
      out[i * rows + j] = out[j * rows + i] = sum
    }
  }
  return out
}

/** The inner products of the kept rows after their mean is taken away. */
function doubleCentred(gram: Float64Array, kept: readonly number[], count: number): Float64Array {
  const n = kept.length
  const means = kept.map((i) => kept.reduce((sum, j) => sum + gram[i * count + j]!, 0) / n)
  const mean = means.reduce((sum, value) => sum + value, 0) / n
  const out = new Float64Array(n * n)
  kept.forEach((i, row) =>
    kept.forEach((j, column) => (out[row * n + column] = gram[i * count + j]! - means[row]! - means[column]! + mean)),
  )
  return out
}

function frechetOfMany(points: Points, moments: Moments, blocks: Blocks): Blocked {
  const sums = Array.from({ length: Math.max(1, blocks.count) }, () => new MomentSums(moments.mean))
  for (let i = 0; i < points.count; i++) sums[blocks.of[i]!]!.add(rowOf(points, i))
  const distance = frechetTo(moments)
  return blocked(blocks, (without) => {
    const kept = new MomentSums(moments.mean)
    sums.forEach((sum, block) => void (block !== without && kept.include(sum)))
    return distance(kept.moments())
  })
}

/** Between Gaussians fitted to both (Heusel et al. 2017, eq. 6). Throws RangeError for fewer than two pictures. */
export function frechet(points: Points, moments: Moments): Blocked {
  if (points.count < 2) throw new RangeError('a Fréchet distance needs two pictures or more')
  const blocks = blocksOf(points)
  return points.count < points.width ? frechetOfFew(points, moments, blocks) : frechetOfMany(points, moments, blocks)
}

/** Of two rows' inner product and squared lengths. */
type Kernel = (product: number, x: number, y: number) => number

/** Sums of a kernel: over pairs of pictures by their blocks, of each picture with all of the reference, and within the reference. */
interface KernelSums {
  /** [blocks × blocks], without a picture's pair with itself. */
  readonly pairs: Float64Array
  /** By block: of pictures with themselves, and with the reference. */
  readonly own: Float64Array
  readonly across: Float64Array
  readonly sizes: Float64Array
  /** Over different pairs of the reference, and over pictures of it with themselves. */
  readonly real: number
  readonly realOwn: number
}

function squares({ data, count, width }: Points): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => {
    let sum = 0
    for (let c = 0; c < width; c++) sum += data[i * width + c]! ** 2
    return sum
  })
}

/** The kernel of two rows, and what else is summed, is for `add` to take. */
function overPairs(
  a: Points,
  b: Points,
  kernel: Kernel,
  add: (i: number, j: number, value: number) => void,
  half: boolean,
): void {
  const [x, y] = [squares(a), squares(b)]
  const { width } = a
  for (let i = 0; i < a.count; i++) {
    const end = half ? i + 1 : b.count
    for (let j = 0; j < end; j++) {
      let sum = 0
      for (let c = 0; c < width; c++) sum += a.data[i * width + c]! * b.data[j * width + c]!
      add(i, j, kernel(sum, x[i]!, y[j]!))
    }
  }
}

const realSums = new WeakMap<Float32Array, Map<string, readonly [number, number]>>()

/** Within the reference, once: it does not change between the points of a curve. */
function withinReal(real: Points, name: string, kernel: Kernel): readonly [number, number] {
  const known = realSums.get(real.data) ?? new Map<string, readonly [number, number]>()
  realSums.set(real.data, known)
  const there = known.get(name)
  if (there) return there
  let [different, own] = [0, 0]
  overPairs(real, real, kernel, (i, j, value) => (i === j ? (own += value) : (different += 2 * value)), true)
  known.set(name, [different, own])
  return [different, own]
}

function sumsOf(points: Points, real: Points, name: string, kernel: Kernel, blocks: Blocks): KernelSums {
  const n = Math.max(1, blocks.count)
  const [pairs, own] = [new Float64Array(n * n), new Float64Array(n)]
  const [across, sizes] = [new Float64Array(n), new Float64Array(n)]
  const block = (i: number) => blocks.of[i]!
  overPairs(
    points,
    points,
    kernel,
    (i, j, value) => {
      if (i === j) {
        own[block(i)]! += value
        sizes[block(i)]! += 1
        return
      }
      pairs[block(i) * n + block(j)]! += value
      pairs[block(j) * n + block(i)]! += value
    },
    true,
  )
  overPairs(points, real, kernel, (i, _, value) => void (across[block(i)]! += value), false)
  const [different, realOwn] = withinReal(real, name, kernel)
  return { pairs, own, across, sizes, real: different, realOwn }
}

interface Kept {
  readonly pairs: number
  readonly own: number
  readonly across: number
  readonly size: number
}

function keptOf({ pairs, own, across, sizes }: KernelSums, without: number): Kept {
  const n = sizes.length
  const kept = Array.from({ length: n }, (_, i) => i).filter((i) => i !== without)
  const sum = (of: (i: number) => number) => kept.reduce((total, i) => total + of(i), 0)
  return {
    pairs: sum((i) => sum((j) => pairs[i * n + j]!)),
    own: sum((i) => own[i]!),
    across: sum((i) => across[i]!),
    size: sum((i) => sizes[i]!),
  }
}

function pointsOf({ features, width }: Reference): Points {
  if (!features) throw new RangeError('the reference holds moments alone: this distance needs its features')
  return { data: features, width, count: features.length / width }
}

/**
 * Kernel Inception distance: unbiased MMD² with (x·y / width + 1)³ (Bińkowski et al. 2018, arXiv 1801.01401, section 4), over all pictures.
 * Packages draw subsets of at most 1,000 by chance; where both sets are of one size up to that, they say the same. Throws RangeError.
 */
export function kid(points: Points, reference: Reference): Blocked {
  const real = pointsOf(reference)
  if (points.count < 2 || real.count < 2) throw new RangeError('KID needs two pictures of each set or more')
  const { width } = points
  const blocks = blocksOf(points)
  const sums = sumsOf(points, real, 'kid', (product) => (product / width + 1) ** 3, blocks)
  return blocked(blocks, (without) => {
    const { pairs, across, size } = keptOf(sums, blocks.count === 0 ? -1 : without)
    const within = sums.real / (real.count * (real.count - 1))
    return pairs / (size * (size - 1)) + within - (2 * across) / (size * real.count)
  })
}

/** Bandwidth and scale of CMMD. */
const BANDWIDTH = 10
const SCALE = 1000

/**
 * 1000 × the biased MMD² with a Gaussian kernel of bandwidth 10 (Jayasumana et al. 2024, arXiv 2401.09603, section 4, in the estimate of
 * their code). Features are of length 1. Throws RangeError where the reference has none.
 */
export function cmmd(points: Points, reference: Reference): Blocked {
  const real = pointsOf(reference)
  const blocks = blocksOf(points)
  const gamma = 1 / (2 * BANDWIDTH ** 2)
  const sums = sumsOf(points, real, 'cmmd', (product, x, y) => Math.exp(-gamma * (x + y - 2 * product)), blocks)
  return blocked(blocks, (without) => {
    const { pairs, own, across, size } = keptOf(sums, blocks.count === 0 ? -1 : without)
    const within = (sums.real + sums.realOwn) / real.count ** 2
    return SCALE * ((pairs + own) / size ** 2 + within - (2 * across) / (size * real.count))
  })
}
