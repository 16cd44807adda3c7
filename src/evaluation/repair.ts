/**
 * Whether guidance repaired one picture, and on which seed of a class it did so most clearly. A Fréchet distance is about many pictures; for
 * one there are two numbers, either of which can be fooled alone: how far it is from renders in the judge's features (which say what is
 * drawn, and hardly how well), and how much of it is smudged (which says nothing about what is drawn). Pure.
 */
import type { ImageSize } from '../core/image'
import type { SeedShares } from '../model/types'
import { distanceTo } from './manifold'
import { realRadii, type RealStatistics } from './metrics'

/** What is said of one picture; less is better for both. */
export interface Condition {
  /** From held-out renders in the judge's features; below 1 it is among them. */
  readonly distance: number
  /** Share of its pixels. */
  readonly smudged: number
}

/** One seed with and without guidance. */
export interface Repair {
  readonly unguided: Condition
  readonly guided: Condition
  /** Root mean square of the difference of both pictures, in bytes. */
  readonly change: number
}

/** The criterion in words, for the manifest and the page. */
export const CRITERION = 'nearer to real drawings, and less smudged'

/** Ranges of a 3×3 neighbourhood, in bytes, that are neither a flat colour nor an outline. */
const FLAT = 10
const OUTLINE = 45

/** Share of pixels that are neither flat nor at an outline: drawings have few, ghosts and half-drawn things many. */
export function smudged(pixels: Uint8Array, { channels, height, width }: ImageSize): number {
  let count = 0
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let range = 0
      for (let channel = 0; channel < channels; channel++) {
        let [low, high] = [255, 0]
        for (let v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++) {
          for (let u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++) {
            const value = pixels[(channel * height + v) * width + u]!
            low = Math.min(low, value)
            high = Math.max(high, value)
          }
        }
        range = Math.max(range, high - low)
      }
      if (range > FLAT && range < OUTLINE) count++
    }
  }
  return count / (height * width)
}

/** `features` are the judge's, of these pixels. */
export function conditionOf(
  features: Float32Array,
  pixels: Uint8Array,
  real: RealStatistics,
  image: ImageSize,
): Condition {
  const set = { data: real.features, width: real.width }
  return { distance: distanceTo(set, realRadii(real), features), smudged: smudged(pixels, image) }
}

export function changeBetween(a: Uint8Array, b: Uint8Array): number {
  return Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0) / a.length)
}

/** How much both fell; negative where one rose. */
const falls = ({ unguided, guided }: Repair) =>
  [unguided.distance - guided.distance, unguided.smudged - guided.smudged] as const

const isHelped = (repair: Repair) => falls(repair).every((fall) => fall > 0)
const isHarmed = (repair: Repair) => falls(repair).every((fall) => fall < 0)

/** Guidance helps where both numbers fall, harms where both rise, and where they disagree it is said to do neither. */
export function sharesOf(repairs: readonly Repair[]): SeedShares {
  const share = (of: (repair: Repair) => boolean) => repairs.filter(of).length / repairs.length
  return { helps: share(isHelped), harms: share(isHarmed) }
}

function spread(values: readonly number[]): { readonly mean: number; readonly deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  return { mean, deviation: Math.sqrt(variance) || 1 }
}

/**
 * The places of one class's repairs, the clearest first. Only where both numbers fall; then by the sum of both falls, in units of the spread
 * over the class's unguided pictures, and of how much more than usual the picture changed: a repair should be seen.
 */
export function clearest(repairs: readonly Repair[]): readonly number[] {
  const distance = spread(repairs.map(({ unguided }) => unguided.distance))
  const smudge = spread(repairs.map(({ unguided }) => unguided.smudged))
  const change = spread(repairs.map((repair) => repair.change))
  const score = (repair: Repair) => {
    const [nearer, cleaner] = falls(repair)
    return nearer / distance.deviation + cleaner / smudge.deviation + (repair.change - change.mean) / change.deviation
  }
  return repairs
    .map((repair, place) => ({ repair, place }))
    .filter(({ repair }) => isHelped(repair))
    .sort((a, b) => score(b.repair) - score(a.repair))
    .map(({ place }) => place)
}
