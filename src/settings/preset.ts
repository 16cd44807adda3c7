/** Settings as preset files (JSON): read strictly, the first fault is an error; written with every key that they have. */
import { negativeMethodOf, parametersOf } from '../guidance'
import type { ModelInfo } from '../model/types'
import { solverById } from '../sampling/solver-registry'
import { requireMethod } from './defaults'
import { plain } from './kinds'
import { tooMuch } from './limits'
import { read } from './read'
import { OWN_KEYS, OWN_RULES, TERM_KEYS, TERM_RULES, UNSAID, type Own, type OwnKey, type TermKey } from './table'
import type { Settings, Term } from './types'

export type PresetResult =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly problem: string }

/** The model that a preset asks for, or null where it names none. */
export function presetModel(preset: unknown): string | null {
  const model = typeof preset === 'object' && preset !== null && 'model' in preset ? preset.model : undefined
  return typeof model === 'string' ? model : null
}

/** Reads a preset strictly: a missing key takes its default, an unknown key or a value out of range is an error. */
export function parsePreset(preset: unknown, model: ModelInfo): PresetResult {
  if (typeof preset !== 'object' || preset === null || Array.isArray(preset)) {
    return { ok: false, problem: 'a preset must be a JSON object such as {"method": "pag", "scale": 1.5}' }
  }
  const much = tooMuch(preset)
  if (much !== null) return { ok: false, problem: much }
  const faults: string[] = []
  // For editors; it says nothing about the images.
  const said = Object.fromEntries(Object.entries(preset).filter(([key]) => key !== '$schema'))
  const settings = read(said, model, (problem) => faults.push(problem))
  return faults[0] === undefined ? { ok: true, settings } : { ok: false, problem: faults[0] }
}

/** A term's keys beside its method, without layers where the method acts on none. */
export function termEntries(term: Term): readonly [string, unknown][] {
  const acts = negativeMethodOf(term)?.layers
  const entry = <K extends TermKey>(key: K): [string, unknown] => [key, TERM_RULES[key].written(term[key])]
  return [
    ...TERM_KEYS.filter((key) => key !== 'layers' || acts).map(entry),
    ...parametersOf(requireMethod(term.method), term.parameters).map(({ key }): [string, unknown] => [
      key,
      plain(term.parameters[key]),
    ]),
  ]
}

/** The settings' keys beside their terms, without those that go unsaid. */
export function ownEntries(own: Own): readonly [string, unknown][] {
  return OWN_KEYS.filter((key) => own[key] !== UNSAID[key]).map(<K extends OwnKey>(key: K): [string, unknown] => [
    key,
    OWN_RULES[key].written(own[key]),
  ])
}

/** The solver's parameters that are not at their defaults: without them a solver is what its paper's plain form is. */
export function solverEntries({ solver, solverParameters }: Settings): readonly [string, unknown][] {
  return solverById(solver).parameters.flatMap(({ key, default: standard }): [string, unknown][] =>
    solverParameters[key] === standard ? [] : [[key, plain(solverParameters[key])]],
  )
}

/** A complete preset: every key that the settings have, defaults included; of the solver's parameters those that are not. */
export function toPreset(settings: Settings): Record<string, unknown> {
  const { model, method, stack } = settings
  return {
    model,
    method,
    ...Object.fromEntries([...ownEntries(settings), ...solverEntries(settings), ...termEntries(settings)]),
    stack: stack.map((term) => ({ method: term.method, ...Object.fromEntries(termEntries(term)) })),
  }
}

/** Same settings? By value. */
export function sameSettings(a: Settings, b: Settings): boolean {
  return JSON.stringify(toPreset(a)) === JSON.stringify(toPreset(b))
}
