/** The terms of the equation as the controls see them: one list, of which the first is the settings' own. Pure. */
import { isGuided } from '../../guidance/index'
import type { ModelInfo } from '../../model/types'
import { defaultSettings, withMethod } from '../../settings'
import type { Settings, Term } from '../../settings/types'

/** Term `at`: 0 is the first, 1 and on are those of the stack. Throws RangeError where there is none. */
export function termOf(settings: Settings, at: number): Term {
  const term = at === 0 ? settings : settings.stack[at - 1]
  if (!term) throw new RangeError(`there is no term ${at}`)
  return term
}

/** The change of the settings that changes one term. */
export function patchTerm(settings: Settings, at: number, patch: Partial<Term>): Partial<Settings> {
  return at === 0
    ? patch
    : { stack: settings.stack.map((term, index) => (index === at - 1 ? { ...term, ...patch } : term)) }
}

/** A term with a method's defaults for images of the class `label`, to add to others. */
export function newTerm(id: string, model: ModelInfo, label: number | null): Term {
  const { method, scale, layers, window, parameters } = defaultSettings(model, id, label)
  return { method, scale, layers, window, parameters }
}

/** The settings with another method in term `at`; what is wanted, and when it is guided, stay. */
export function withTermMethod(settings: Settings, at: number, id: string, model: ModelInfo): Settings {
  // Without guidance there is nothing to add to.
  if (at === 0) return { ...withMethod(settings, id, model), stack: isGuided({ method: id }) ? settings.stack : [] }
  return {
    ...settings,
    ...patchTerm(settings, at, { ...newTerm(id, model, settings.class), window: termOf(settings, at).window }),
  }
}

export function addTerm(settings: Settings, id: string, model: ModelInfo): Settings {
  return { ...settings, stack: [...settings.stack, newTerm(id, model, settings.class)] }
}

export function removeTerm(settings: Settings, at: number): Partial<Settings> {
  return { stack: settings.stack.filter((_, index) => index !== at - 1) }
}
