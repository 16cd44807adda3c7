/** What the three pictures show, and where a person looks in them. */
import type { View } from '../run/run'

export interface StageSlice {
  readonly view: View
  /** Pictures larger than they are have smooth edges, not those of their pixels. */
  readonly smooth: boolean
  /** The sample that the equation, the lines and the maps are about. */
  readonly focus: number
  /** Of several samples, that one fills the panel. */
  readonly large: boolean
  readonly pixel: { readonly x: number; readonly y: number } | null
  /** The negative's own panel is folded away, and its trajectory not computed. */
  readonly negativeHidden: boolean
  /** Whether the three pictures are on the page, which a view may leave out. */
  readonly seen: boolean
  /** How many others ask for positive and negative alone, such as a lesson's condition. */
  readonly asked: number
}

export const stageSlice: StageSlice = {
  view: 'denoised',
  smooth: true,
  focus: 0,
  large: false,
  pixel: null,
  negativeHidden: false,
  seen: true,
  asked: 0,
}
