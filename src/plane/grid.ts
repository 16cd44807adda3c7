/** Places of a square view as points, and lines of equal height over them. */

/** A square with its middle at the origin. */
export interface View {
  /** From the middle to a side. */
  readonly half: number
}

/** Half the side of a view that holds nearly all true points at σ. */
export function halfView(sigma: number, sigmaData: number): number {
  return 1.4 * Math.sqrt(1 + (sigma / sigmaData) ** 2)
}

/** `side` × `side` points, row by row from the lower left corner, [points × 2]; at the edges too. */
export function gridPoints({ half }: View, side: number): Float32Array {
  const out = new Float32Array(2 * side * side)
  for (let i = 0; i < side * side; i++) {
    out[2 * i] = half * ((2 * (i % side)) / (side - 1) - 1)
    out[2 * i + 1] = half * ((2 * Math.floor(i / side)) / (side - 1) - 1)
  }
  return out
}

/** Which sides of a cell a line joins, by which of its corners are above: 0 lower, 1 right, 2 upper, 3 left. */
const SIDES: readonly (readonly (readonly [number, number])[])[] = [
  [],
  [[3, 0]],
  [[0, 1]],
  [[3, 1]],
  [[1, 2]],
  [
    [3, 0],
    [1, 2],
  ],
  [[0, 2]],
  [[3, 2]],
  [[2, 3]],
  [[2, 0]],
  [
    [0, 1],
    [2, 3],
  ],
  [[2, 1]],
  [[1, 3]],
  [[1, 0]],
  [[0, 3]],
  [],
]

/**
 * Where values on a grid of `side` × `side` pass `level` (marching squares): segments as x, y, x, y in cells of the grid.
 * Of two ways through a saddle one is taken.
 */
export function contour(values: ArrayLike<number>, side: number, level: number): Float32Array {
  const out: number[] = []
  for (let row = 0; row + 1 < side; row++) {
    for (let column = 0; column + 1 < side; column++) {
      const at = row * side + column
      const corners = [values[at]!, values[at + 1]!, values[at + side + 1]!, values[at + side]!] as const
      const kind = corners.reduce((bits, value, i) => bits | (value > level ? 1 << i : 0), 0)
      for (const [from, to] of SIDES[kind]!)
        out.push(...crossing(from, corners, level, column, row), ...crossing(to, corners, level, column, row))
    }
  }
  return Float32Array.from(out)
}

function crossing(
  side: number,
  [a, b, c, d]: readonly [number, number, number, number],
  level: number,
  column: number,
  row: number,
): readonly [number, number] {
  const share = (from: number, to: number) => Math.min(1, Math.max(0, (level - from) / (to - from)))
  switch (side) {
    case 0:
      return [column + share(a, b), row]
    case 1:
      return [column + 1, row + share(b, c)]
    case 2:
      return [column + share(d, c), row + 1]
    default:
      return [column, row + share(a, d)]
  }
}
