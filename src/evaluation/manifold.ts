/**
 * Precision and recall by nearest neighbours (Kynkäänniemi et al. 2019, arXiv 1904.06991, eq. 1 and 2). A set's manifold is the
 * union of balls around its points, each as wide as the distance to the point's k-th nearest neighbour in the set. Precision: the share of
 * generated points inside the real manifold. Recall: the share of real points inside the generated one.
 */

/** Points as rows [count × width]. */
export interface Points {
  readonly data: Float32Array
  readonly width: number
}

const countOf = ({ data, width }: Points) => data.length / width

/** The squared distance of two points. Beyond `limit` the sum ends early, and is only known to be above it. */
function squaredDistance({ data: a, width }: Points, i: number, { data: b }: Points, j: number, limit: number): number {
  let sum = 0
  for (let k = 0, at = i * width, other = j * width; k < width;) {
    for (const end = Math.min(width, k + 16); k < end; k++) {
      const difference = a[at + k]! - b[other + k]!
      sum += difference * difference
    }
    if (sum > limit) return sum
  }
  return sum
}

/** For each of many lists the `k` smallest of the numbers that are put into it, ascending; Infinity where there are fewer. */
class Smallest {
  readonly values: Float64Array
  constructor(
    lists: number,
    private readonly k: number,
  ) {
    this.values = new Float64Array(lists * k).fill(Infinity)
  }

  /** A number that is not below this would not be kept. */
  limit(list: number): number {
    return this.values[list * this.k + this.k - 1]!
  }

  put(list: number, value: number): void {
    const { values, k } = this
    if (value >= this.limit(list)) return
    let at = list * k + k - 1
    for (; at > list * k && values[at - 1]! > value; at--) values[at] = values[at - 1]!
    values[at] = value
  }
}

/** Squared radius of each point's ball. Throws RangeError where there are not more than k points. */
export function squaredRadii(points: Points, k: number): Float64Array {
  return Float64Array.from(radiiWithout(points, k, new Uint8Array(countOf(points)), 0), ([whole]) => whole!)
}

/** For each point its squared radius among all, then among all but block 0, 1, …; `blockOf` has the block of each. */
function radiiWithout(points: Points, k: number, blockOf: Uint8Array, blocks: number): number[][] {
  const count = countOf(points)
  if (count <= k) throw new RangeError(`a manifold of ${k} neighbours needs more than ${k} samples, not ${count}`)
  const parts = Math.max(1, blocks)
  // The nearest within each block, from which those of any union follow.
  const nearest = new Smallest(count * parts, k)
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < i; j++) {
      const ofI = i * parts + blockOf[j]!
      const ofJ = j * parts + blockOf[i]!
      const limit = Math.max(nearest.limit(ofI), nearest.limit(ofJ))
      const distance = squaredDistance(points, i, points, j, limit)
      if (distance > limit) continue
      nearest.put(ofI, distance)
      nearest.put(ofJ, distance)
    }
  }
  return Array.from({ length: count }, (_, i) =>
    Array.from({ length: blocks + 1 }, (__, without) => {
      const merged = new Smallest(1, k)
      for (let block = 0; block < parts; block++) {
        if (block === without - 1) continue
        const first = (i * parts + block) * k
        for (const value of nearest.values.subarray(first, first + k)) merged.put(0, value)
      }
      // Fewer than k neighbours are left only where the blocks are tiny: such a ball covers nothing.
      const radius = merged.limit(0)
      return radius === Infinity ? -1 : radius
    }),
  )
}

export interface Coverage {
  /** For each generated point whether it is inside the real manifold: 0 or 1. */
  readonly inside: Uint8Array
  /** Share of real points inside the generated manifold: of all, then of all without block 0, 1, … */
  readonly recalls: readonly number[]
}

/**
 * Which points lie inside the other set's manifold, every distance computed once. `realRadii` come from
 * `squaredRadii(real, k)`; `blockOf` has the block of each generated point, for error bars that leave one block out.
 */
export function coverage(
  generated: Points,
  real: Points,
  realRadii: Float64Array,
  k: number,
  blockOf: Uint8Array,
  blocks: number,
): Coverage {
  const radii = radiiWithout(generated, k, blockOf, blocks)
  const inside = new Uint8Array(radii.length)
  const covered = Array.from({ length: blocks + 1 }, () => new Uint8Array(realRadii.length))
  radii.forEach((radius, i) => {
    const widest = Math.max(...radius)
    for (let j = 0; j < realRadii.length; j++) {
      const distance = squaredDistance(generated, i, real, j, Math.max(widest, realRadii[j]!))
      if (distance <= realRadii[j]!) inside[i] = 1
      for (let without = 0; without <= blocks; without++) {
        if (distance <= radius[without]! && blockOf[i] !== without - 1) covered[without]![j] = 1
      }
    }
  })
  return { inside, recalls: covered.map((marks) => marks.reduce((sum, mark) => sum + mark, 0) / marks.length) }
}

/**
 * How far one point is from a set: the smallest of its distances to the set's points, each in units of that point's radius. Below 1
 * it is inside the manifold. The inverse of the realism score (eq. 3 of the paper), over all points.
 */
export function distanceTo(set: Points, radii: Float64Array, point: Float32Array): number {
  const own = { data: point, width: set.width }
  let smallest = Infinity
  radii.forEach((radius, i) => {
    const distance = squaredDistance(own, 0, set, i, smallest * radius)
    if (distance < smallest * radius) smallest = distance / radius
  })
  return Math.sqrt(smallest)
}
