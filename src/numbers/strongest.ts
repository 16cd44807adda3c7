/** The step at which guidance was strongest. */
import type { ImageSize } from '../core/image'
import type { StepRecord } from '../sampling/records'
import { valueOf } from '.'
import { differenceSize } from './numbers/difference-size'

/** Where ‖Δ‖/‖D⁺‖ of a sample is largest; the last step where nothing was guided. */
export function strongestOf(records: readonly StepRecord[], sample: number, shape: ImageSize): StepRecord | undefined {
  let strongest = records.at(-1)
  let largest = 0
  for (const record of records) {
    const own = record.samples[sample]
    const ratio = (own && valueOf(differenceSize, own, shape)) ?? 0
    if (ratio > largest) [strongest, largest] = [record, ratio]
  }
  return strongest
}
