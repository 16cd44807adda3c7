/** Why a step has no negative, in a sentence that is true of its D. Pure. */
import { folds, isGuided, methodById } from '../../guidance/index'
import type { SampleRecord, StepRecord } from '../../sampling/records'
import type { Settings } from '../../settings/types'

/** What D is without a negative: a rule may stand still all the same, or push by what it remembers. */
function without({ predictionPositive, guided, stacked }: SampleRecord, settings: Settings): string {
  if (stacked.length > 0) return 'and adds nothing.'
  const same = (other: Float32Array) => guided.denoised.every((value, i) => value === other[i])
  if (same(predictionPositive)) return 'and D is D⁺.'
  const name = methodById(settings.method)?.name
  return same(guided.x) ? `and ${name} stands still: D is x.` : `and ${name} pushes by the steps before.`
}

/** Why there is no negative at this moment. */
export function absence({ inWindow }: Pick<StepRecord, 'inWindow'>, sample: SampleRecord, settings: Settings): string {
  if (!isGuided(settings)) return 'Guidance is off, so D is D⁺.'
  if (folds(settings) && settings.scale !== 0 && inWindow)
    return 'The push is inside the network: one evaluation predicts D, and no negative is evaluated.'
  const rest = without(sample, settings)
  if (settings.scale === 0) return `s is 0, so the negative is not evaluated, ${rest}`
  if (!inWindow) return `This σ is outside the guidance window, ${rest}`
  return `The method leaves this step alone, so the negative equals the positive, ${rest}`
}
