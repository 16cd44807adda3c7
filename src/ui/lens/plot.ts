/** What a plot beside the equation is: the contract of the files in `plots/`. A plot shows one step of one sample. */
import type { ComponentType } from 'react'
import type { SampleRecord, StepRecord } from '../../sampling/records'
import type { Settings } from '../../settings/types'

export interface PlotProps {
  readonly record: StepRecord
  readonly sample: SampleRecord
  /** The settings of the run that the step belongs to. */
  readonly settings: Settings
}

/** What a plot can ask of a step: that a negative was evaluated, or the noisy images `x`, which stored runs lack. */
export type Need = 'negative' | 'x'

export interface Plot {
  /** The numbers that it explains name it so (`StepNumber.plot`). */
  readonly id: string
  /** What its button says. */
  readonly label: string
  /** Place among the buttons, ascending; the first is open when the page opens. */
  readonly place: number
  /** The picture of the equation that it is about, which is outlined. */
  readonly about: 'difference' | 'guided' | null
  /** Where a step lacks one of these, a sentence says so in the place of the plot. */
  readonly needs: readonly Need[]
  readonly View: ComponentType<PlotProps>
}
