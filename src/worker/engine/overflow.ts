/** A run whose numbers left the range of floating point ends, and says where that happened and with which settings. */
import { EngineError, notFinite } from '../../core/failure'
import { firstNotFinite } from '../../core/vector'
import { methodById } from '../../guidance'
import { chosenLayers } from '../../guidance/layers'
import { negativesOf } from '../../guidance/pair'
import type { ModelInfo } from '../../model/types'
import type { StepRecord } from '../../sampling/records'
import type { Settings } from '../../settings/types'

/** Throws EngineError (`not-finite`). */
export function requireFinite(record: StepRecord, settings: Settings, model: ModelInfo): void {
  const finite = record.samples.every(({ positive, negative, guided }) =>
    [positive, negative, guided].every(
      (frame) => !frame || (firstNotFinite(frame.x) < 0 && firstNotFinite(frame.denoised) < 0),
    ),
  )
  if (finite) return
  const layers = layersOf(settings, model)
  const method = methodById(settings.method)?.name ?? settings.method
  const more = settings.stack.length === 0 ? '' : ` and ${settings.stack.length} more`
  const step = `at step ${record.index + 1} of ${record.steps} (σ ${record.sigma.toPrecision(3)})`
  throw new EngineError(
    notFinite(`${step} with ${method}${layers ?? ''} at s = ${settings.scale}${more}`, layers !== null),
  )
}

/** The layers that the method acts on, as the end of a sentence; null where it acts on none. */
function layersOf(settings: Settings, model: ModelInfo): string | null {
  if (!negativesOf(settings)[0]?.method.layers) return null
  if (settings.layers === 'all') return ' on all layers'
  const names = chosenLayers(settings, model).map((index) => model.layers[index]?.name ?? `layer ${index}`)
  return ` on ${names.join(', ')}`
}
