/** The nearest settings that can run, for a link whose settings can't. */
import { refusal } from '../guidance'
import { withTerm } from '../guidance/pair'
import { lowestScale } from '../guidance/scale'
import type { ModelInfo } from '../model/types'
import { DEFAULT_SOLVER, withSolver } from '../sampling/solver-registry'
import { defaultParameters, defaultSettings, ownDefaults, requireMethod } from './defaults'
import { settingsRefusal } from './refusals'
import type { Settings } from './types'

/** The nearest settings that can run, and what was changed for that, in words; the settings themselves where they can. */
export function runnable(asked: Settings, model: ModelInfo): { readonly settings: Settings; readonly change: string } {
  const method = requireMethod(asked.method)
  // Lifted in any case where the method can't turn round, so that a second fault can be mended beside it.
  const lifted = asked.scale < lowestScale(method)
  const settings = lifted ? { ...asked, scale: 0 } : asked
  const stack = settings.stack.filter((term) => refusal(withTerm(settings, term), model) === null)
  const { network } = ownDefaults(method, settings.parameters, model, settings.class)
  const plain = { ...settings, ema: null, network }
  const standard = { ...plain, parameters: defaultParameters(method, model, settings.class) }
  const { seed, samples, steps, scale } = settings
  const labelled = { ...defaultSettings(model, method.id), seed, samples, steps, scale }
  const none = { ...defaultSettings(model, 'none'), seed, samples, steps, scale: 0 }
  const candidates: readonly (readonly [Settings, string])[] = [
    [settings, ''],
    [{ ...settings, stack }, 'without it'],
    [{ ...settings, ema: null }, 'with ema stored'],
    [{ ...settings, rescale: 0 }, 'with rescale 0'],
    [plain, `with network ${network}`],
    [{ ...plain, stack }, `with network ${network} and without it`],
    [withSolver(settings, DEFAULT_SOLVER.id), `with solver ${DEFAULT_SOLVER.id}`],
    [standard, `with the defaults of ${method.id}`],
    [labelled, `with class ${model.conditioning.classes[0]?.name ?? 0} and the defaults of ${method.id}`],
  ]
  const found = candidates.find(([candidate]) => settingsRefusal(candidate, model) === null)
  if (!found) return { settings: none, change: 'without guidance' }
  const [nearest, change] = found
  return {
    settings: nearest,
    change: [lifted ? 'with scale 0' : '', change].filter((part) => part !== '').join(' and '),
  }
}
