/** Settings that can't run although each of them is in range: why, and what to do. */
import { methodById, refusal } from '../guidance'
import { needsAverages, needsClassless, needsCrops, needsNull } from '../guidance/networks'
import { predictionsOf, withTerm } from '../guidance/pair'
import type { ModelInfo } from '../model/types'
import { solverById, solvers } from '../sampling/solver-registry'
import type { Settings } from './types'

/** A setting that can't be served beside the others. */
export interface SettingsFault {
  /** Where: a key, or a term. */
  readonly at: string
  /** Why not and what to do, in a sentence. */
  readonly why: string
}

/** Why the first term's method can't run under the chosen solver, in a sentence that says what to do; null where it can. */
function solverRefusal({ method: id, solver }: Settings): string | null {
  const method = methodById(id)
  const chosen = solverById(solver)
  if (method?.kind !== 'combiner' || !method.linearStep || chosen.linearStep) return null
  const able = solvers.filter(({ linearStep }) => linearStep).map((one) => one.id)
  return `${method.name} ${method.linearStep}, which ${chosen.name} does not take. Set solver to ${able.join(' or ')}.`
}

/** Why the stack can't run beside a positive that looks at crops, which its negatives then look at, too; null where it can. */
function cropsRefusal(settings: Settings, model: ModelInfo): string | null {
  if (settings.stack.length === 0) return null
  const beside = predictionsOf(settings, model).filter(({ input }) => input.kind === 'windows')
  const unable = beside.find(({ network }) => needsCrops(network.id, model, 'network') !== null)
  return unable
    ? `The positive looks at crops, and so would ${unable.network.id}, whose shape has no graph for them. Set positiveInput to same, or remove the added negative.`
    : null
}

/** Why a contrast can't be pulled back, of images that have none; null where it can. */
function rescaleRefusal({ rescale }: Settings, { image }: ModelInfo): string | null {
  if (rescale === 0 || image.height * image.width > 1) return null
  return 'A single point has no contrast that could be pulled back. Set rescale to 0.'
}

/** Why the settings can't run although each of them is in range; empty where they can. */
export function settingsFaults(settings: Settings, model: ModelInfo): readonly SettingsFault[] {
  const { network, ema, method, stack } = settings
  const found: readonly (readonly [string, string | null])[] = [
    [
      'class',
      settings.class === null ? needsNull(network, model, 'network') : needsClassless(network, model, 'network'),
    ],
    ['ema', needsAverages(network, ema, model, 'ema')],
    ['rescale', rescaleRefusal(settings, model)],
    [`method ${method}`, refusal(settings, model) ?? solverRefusal(settings)],
    ...stack.map(
      (term, index) => [`stack, ${index + 1}, ${term.method}`, refusal(withTerm(settings, term), model)] as const,
    ),
  ]
  const faults = found.flatMap(([at, why]) => (why === null ? [] : [{ at, why }]))
  if (faults.length > 0) return faults
  const crops = cropsRefusal(settings, model)
  return crops === null ? [] : [{ at: 'stack', why: crops }]
}

/** The first of them in one sentence that begins with the setting, or null. */
export function settingsRefusal(settings: Settings, model: ModelInfo): string | null {
  const [first] = settingsFaults(settings, model)
  return first ? `${first.at}: ${first.why}` : null
}
