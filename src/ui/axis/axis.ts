/**
 * Geometry of the noise axis: one cell for every noise level σ_0 … σ_steps = 0, left to right, all of equal width, so that
 * the axis is linear in steps and about logarithmic in σ. Positions are shares of the axis in [0, 1]. Pure.
 */

export function cellCentre(frame: number, steps: number): number {
  return (frame + 0.5) / (steps + 1)
}

/** Where a noise level lies: logarithmic between neighbouring cell centres, clamped to the axis. */
export function positionOfSigma(sigma: number, sigmas: readonly number[]): number {
  const steps = sigmas.length - 1
  if (sigma <= 0) return cellCentre(steps, steps)
  if (sigma >= sigmas[0]!) return cellCentre(0, steps)
  const after = sigmas.findIndex((level) => level < sigma)
  const upper = sigmas[after - 1]!
  const lower = sigmas[after]!
  if (lower === 0) return cellCentre(steps - sigma / upper, steps)
  return cellCentre(after - 1 + Math.log(upper / sigma) / Math.log(upper / lower), steps)
}

/** The level of `levels` that lies nearest to a position on the axis of `sigmas` (levels of a coarser run included). */
export function nearestLevel(position: number, levels: readonly number[], sigmas: readonly number[]): number {
  let nearest = 0
  let distance = Infinity
  levels.forEach((sigma, index) => {
    const apart = Math.abs(positionOfSigma(sigma, sigmas) - position)
    if (apart < distance) [nearest, distance] = [index, apart]
  })
  return nearest
}

/** Edge k lies left of cell k; the edges 0 … steps bound the guidance window. */
export function edgePosition(edge: number, steps: number): number {
  return edge / (steps + 1)
}

function round3(value: number): number {
  return Number(value.toPrecision(3))
}

/** The σ bound that an edge stands for: ∞ at the left end, 0 right of the last step, else midway (in log σ) between neighbours. */
export function sigmaOfEdge(edge: number, sigmas: readonly number[]): number {
  const steps = sigmas.length - 1
  if (edge <= 0) return Infinity
  if (edge >= steps) return 0
  return round3(Math.sqrt(sigmas[edge - 1]! * sigmas[edge]!))
}

/** The edges of the band: exactly the steps with low < σ ≤ high lie between them. */
export function windowEdges(
  window: readonly [low: number, high: number],
  sigmas: readonly number[],
): [high: number, low: number] {
  const levels = sigmas.slice(0, -1)
  return [levels.filter((sigma) => sigma > window[1]).length, levels.filter((sigma) => sigma > window[0]).length]
}

/** The window with one bound moved to an edge, at most until one step stays inside; the other bound keeps its number. */
export function moveBound(
  [lower, upper]: readonly [low: number, high: number],
  bound: 'upper' | 'lower',
  edge: number,
  sigmas: readonly number[],
): readonly [low: number, high: number] {
  const [high, low] = windowEdges([lower, upper], sigmas)
  return bound === 'upper'
    ? [lower, sigmaOfEdge(Math.min(Math.max(0, edge), low - 1), sigmas)]
    : [sigmaOfEdge(Math.max(Math.min(sigmas.length - 1, edge), high + 1), sigmas), upper]
}

const MANTISSAS = [1, 2, 5]

/** Round noise levels to label, left to right, at least `gap` apart; σ_max and 0 always. */
export function sigmaTicks(
  sigmas: readonly number[],
  gap: number,
): { readonly sigma: number; readonly position: number }[] {
  const max = sigmas[0]!
  const steps = sigmas.length - 1
  const round: number[] = []
  for (let exponent = 3; exponent >= -3; exponent--) {
    for (const mantissa of [...MANTISSAS].reverse()) round.push(Number((mantissa * 10 ** exponent).toPrecision(1)))
  }
  const ticks = [{ sigma: max, position: cellCentre(0, steps) }]
  const end = cellCentre(steps, steps)
  for (const sigma of round.filter((value) => value < max && value >= sigmas[steps - 1]!)) {
    const position = positionOfSigma(sigma, sigmas)
    if (position - ticks[ticks.length - 1]!.position >= gap && end - position >= gap) ticks.push({ sigma, position })
  }
  return [...ticks, { sigma: 0, position: end }]
}

/** SVG path through the values that exist; gaps where a value is null. `y` maps a value to a coordinate. */
export function linePath(
  values: readonly (number | null)[],
  x: (index: number) => number,
  y: (value: number) => number,
): string {
  let pen = 'M'
  let path = ''
  values.forEach((value, index) => {
    if (value === null) {
      pen = 'M'
      return
    }
    path += `${pen}${x(index).toFixed(2)} ${y(value).toFixed(2)}`
    pen = 'L'
  })
  return path
}
