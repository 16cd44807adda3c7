/** Settings in words, as the page, papers and figures say them. Pure. */
import { formatSigma, plain, scaleText } from '../core/format'
import { isGuided, methodById } from '../guidance'
import { networkById } from '../guidance/networks'
import type { Parameter } from '../guidance/types'
import type { ModelInfo } from '../model/types'
import { solverById } from '../sampling/solver-registry'
import type { ParameterValue, Settings, Term } from './types'

/** The class that is asked for. */
export function className(label: number | null, model: ModelInfo): string {
  return label === null ? 'any class' : (model.conditioning.classes[label]?.name ?? `class ${label}`)
}

export function methodName({ method }: Pick<Term, 'method'>): string {
  return methodById(method)?.name ?? method
}

/** A method with its scale: `PAG, s 0.50`. */
export function termWords(term: Pick<Term, 'method' | 'scale'>): string {
  return isGuided(term) ? `${methodName(term)}, s ${scaleText(term.scale)}` : 'no guidance'
}

export function layersWords({ layers }: Term, model: ModelInfo): string {
  const all = model.layers.length
  if (layers === 'all') return `all ${all} attention layers`
  return layers.length === 0 ? 'no attention layer' : `${layers.length} of ${all} attention layers`
}

/** The first image of a seed goes without its number. */
export const seedWords = ({ seed, image }: Settings) => `seed ${seed}${image === 0 ? '' : `, image ${image}`}`
export const stepsWords = ({ steps, solver }: Settings) => `${steps} ${solverById(solver).name} steps`

export const emaWords = (ema: number | null) => (ema === null ? 'weights as stored' : `average σ_rel ${plain(ema)}`)

export const layerName = (index: number, model: ModelInfo) =>
  model.layers.find((layer) => layer.index === index)?.name ?? `layer ${index}`

/** A parameter's value as its control says it. */
export function valueWords(parameter: Parameter, value: ParameterValue, model: ModelInfo): string {
  switch (parameter.kind) {
    case 'number':
      if (parameter.heads) return value === -1 ? parameter.heads.all : String(value)
      return `${plain(Number(value))}${parameter.unit && value !== Infinity ? ` ${parameter.unit}` : ''}`
    case 'choice':
      return parameter.choices.find((choice) => choice.value === value)?.label ?? String(value)
    case 'flag':
      return value === true ? 'on' : 'off'
    case 'network':
      return networkById(String(value), model)?.name ?? String(value)
    case 'layer':
      return layerName(Number(value), model)
    case 'ema':
      return emaWords(typeof value === 'number' ? value : null)
    default:
      return parameter satisfies never
  }
}

export function windowWords({ window: [low, high] }: Term): string {
  return low === 0 && high === Infinity ? 'at every σ' : `${formatSigma(low)} < σ ≤ ${formatSigma(high)}`
}

/** One line of what was asked for. `subject`: what is drawn, where it is not the one class. */
export function caption(settings: Settings, model: ModelInfo, subject = className(settings.class, model)): string {
  const method = methodById(settings.method)
  const parts = [
    termWords(settings),
    ...settings.stack.map((term) => `+ ${termWords(term)}`),
    ...(method?.kind === 'negative' && method.layers ? [layersWords(settings, model)] : []),
    subject,
    seedWords(settings),
    stepsWords(settings),
  ]
  return parts.join(' · ')
}
