/** All settings in words, in lines: of paper and figures, so that the first view need not load it. */
import { plain } from '../core/format'
import { methodById, negativeMethodOf, parametersOf } from '../guidance'
import { networkById } from '../guidance/networks'
import type { ModelInfo } from '../model/types'
import { solverById } from '../sampling/solver-registry'
import type { Settings, Term } from './types'
import {
  className,
  emaWords,
  layerName,
  layersWords,
  seedWords,
  stepsWords,
  termWords,
  valueWords,
  windowWords,
} from './words'

/** What belongs together, such as all that concerns the steps. */
export interface SettingsLine {
  readonly name: string
  readonly words: readonly string[]
}

function layersNamed(term: Term, model: ModelInfo): string {
  const { layers } = term
  return layers === 'all' || layers.length === 0
    ? layersWords(term, model)
    : layers.map((index) => layerName(index, model)).join(', ')
}

function ofTerm(term: Term, model: ModelInfo): readonly string[] {
  const method = methodById(term.method)
  return [
    termWords(term),
    ...(negativeMethodOf(term)?.layers ? [layersNamed(term, model)] : []),
    ...(method ? parametersOf(method, term.parameters) : []).map(
      (parameter) => `${parameter.label} ${valueWords(parameter, term.parameters[parameter.key] ?? 0, model)}`,
    ),
    windowWords(term),
  ]
}

/** All settings, in the words of the controls. */
export function settingsLines(settings: Settings, model: ModelInfo): readonly SettingsLine[] {
  const { network, ema, samples, solver, solverParameters, rescale, stack } = settings
  // At their defaults a solver is what its paper's plain form is.
  const ofSolver = solverById(solver)
    .parameters.filter(({ key, default: standard }) => solverParameters[key] !== standard)
    .map(({ key, label }) => `${label} ${plain(solverParameters[key] ?? 0)}`)
  return [
    { name: 'Model', words: [model.name, networkById(network, model)?.name ?? network, emaWords(ema)] },
    {
      name: 'Pictures',
      words: [className(settings.class, model), samples === 1 ? 'one image' : `${samples} images`, seedWords(settings)],
    },
    { name: 'Steps', words: [stepsWords(settings), ...ofSolver] },
    { name: 'Guidance', words: [...ofTerm(settings, model), ...(rescale === 0 ? [] : [`φ ${plain(rescale)}`])] },
    ...stack.map((term) => ({ name: 'Added', words: ofTerm(term, model) })),
  ]
}
