/** What lies under the points: lines of equal density at a noise level, each around a share of the true points. */
import { contour, gridPoints, halfView } from './grid'
import type { Label, Mixture } from './mixture'

/** Shares of true points within the lines, the outermost first. */
export const SHARES = [0.99, 0.8, 0.4] as const

export interface Lines {
  /** Segments of each line: x, y, x, y in data units. */
  readonly lines: readonly Float32Array[]
}

/** So fine that the thinnest branch at this level is several cells wide. */
const sideAt = (sigma: number) => (sigma > 0.15 ? 97 : sigma > 0.03 ? 193 : 321)

const DRAWN = 2000
const SEED = 7

/** The log densities that have these shares of true points above them. */
export function levelsOf(sigma: number, label: Label, mixture: Mixture, shares: readonly number[]): readonly number[] {
  const log = mixture.logDensity(mixture.draw(DRAWN, label, sigma, SEED), sigma, label).sort()
  return shares.map((share) => log[Math.floor((1 - share) * DRAWN)]!)
}

export function linesAt(sigma: number, label: Label, mixture: Mixture, sigmaData: number): Lines {
  const side = sideAt(sigma)
  const half = halfView(sigma, sigmaData)
  const log = mixture.logDensity(gridPoints({ half }, side), sigma, label)
  const cell = (2 * half) / (side - 1)
  return {
    lines: levelsOf(sigma, label, mixture, SHARES).map((level) =>
      contour(log, side, level).map((at) => at * cell - half),
    ),
  }
}
