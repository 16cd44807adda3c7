/** What a plot beside the equation is: the contract of the files in `plots/`. A plot shows one step of one sample. */
import type { ComponentType } from 'react'
import type { SampleRecord, StepRecord } from '../../sampling/records'
import type { Settings } from '../../settings/types'

export interface PlotProps {
  readonly record: StepRecord
  readonly sample: SampleRecord
  /** Of the run that the step belongs to. */
  readonly settings: Settings
}

/** `negative`: a step at which one was evaluated. `x`: a run that was not stored without the noisy images. */
export type Need = 'negative' | 'x'

export interface Plot {
  /** Named by the numbers that it explains (`StepNumber.plot`). */
  readonly id: string
  /** On its button. */
  readonly label: string
  /** Place among the buttons, ascending; the first is open when the page opens. */
  readonly place: number
  /** The picture of the equation that it is about, which is outlined. */
  readonly about: 'difference' | 'guided' | null
  /** Without these a sentence stands in its place. */
  readonly needs: readonly Need[]
  readonly View: ComponentType<PlotProps>
}
