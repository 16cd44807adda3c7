/**
 * How a field's metric wants its pictures: a feature network alone says nothing of the size, the filter and the range that it was
 * measured with, and numbers of another way compare with nobody's. A way is a file of `protocols/`.
 */
import type { Filter } from '../../core/resample'

export interface FeatureProtocol {
  /** As in flags and files. */
  readonly id: string
  readonly name: string
  /** The network that it is meant for. */
  readonly network: string
  /** Side of the square that the network sees. */
  readonly side: number
  readonly filter: Filter
  /** Whether the resized picture is rounded to bytes, after each of the two passes, as Pillow does with pictures of bytes. */
  readonly bytes: boolean
  /** Of the values divided by 255, a channel each. */
  readonly mean: readonly [number, number, number]
  readonly deviation: readonly [number, number, number]
  /** Whether features are divided by their length. */
  readonly unit: boolean
  /** The distances that it reports, by `distances.ts`. */
  readonly distances: readonly ('frechet' | 'kid' | 'cmmd')[]
  /** What the Fréchet distance is called. */
  readonly frechet: string
  /** Package or paper, with its version. */
  readonly source: string
}
