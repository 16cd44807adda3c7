/** The nearest settings that can run, for a link whose settings can't. */
import { refusal } from '../guidance'
import { withTerm } from '../guidance/pair'
import type { ModelInfo } from '../model/types'
import { DEFAULT_SOLVER, withSolver } from '../sampling/solver-registry'
import { defaultParameters, defaultSettings, ownDefaults, requireMethod } from './defaults'
import { settingsRefusal } from './refusals'
import type { Settings } from './types'

/** The nearest settings that can run, and what was changed for that, in words; the settings themselves where they can. */
export function runnable(
  settings: Settings,
  model: ModelInfo,
): { readonly settings: Settings; readonly change: string } {
  const stack = settings.stack.filter((term) => refusal(withTerm(settings, term), model) === null)
  const method = requireMethod(settings.method)
  const { network } = ownDefaults(method, settings.parameters, model, settings.class)
  const plain = { ...settings, ema: null, network }
  const standard = { ...plain, parameters: defaultParameters(method, model, settings.class) }
  const { seed, samples, steps, scale } = settings
  const labelled = { ...defaultSettings(model, method.id, 0), seed, samples, steps, scale }
  const none = { ...defaultSettings(model, 'none'), seed, samples, steps, scale: 0 }
  const candidates: readonly (readonly [Settings, string])[] = [
    [settings, ''],
    [{ ...settings, stack }, 'without it'],
    [{ ...settings, scale: Math.max(0, scale) }, 'with scale 0'],
    [{ ...settings, ema: null }, 'with ema stored'],
    [plain, `with network ${network}`],
    [{ ...plain, stack }, `with network ${network} and without it`],
    [withSolver(settings, DEFAULT_SOLVER.id), `with solver ${DEFAULT_SOLVER.id}`],
    [standard, `with the defaults of ${method.id}`],
    [labelled, `with class ${model.conditioning.classes[0]?.name ?? 0} and the defaults of ${method.id}`],
  ]
  const [found, change] = candidates.find(([candidate]) => settingsRefusal(candidate, model) === null) ?? [
    none,
    'without guidance',
  ]
  return { settings: found, change }
}
