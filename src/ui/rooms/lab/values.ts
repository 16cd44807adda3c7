/** Values of axes in words. Pure. */
import { axisLabel } from '../../../lab/axis'
import { methods } from '../../../guidance'
import { solvers } from '../../../sampling/solver-registry'
import type { ModelInfo } from '../../../model/types'
import { className, layerName, methodName } from '../../../settings/words'
import { networkById } from '../../../guidance/networks'

const layers = (text: string, model: ModelInfo) =>
  text === 'all'
    ? 'all layers'
    : text
        .split('_')
        .map((part) => (/^\d+$/.test(part) ? layerName(Number(part), model) : part))
        .join(', ')

/** Whether a parameter of some method is of a kind. */
const parameterIs = (key: string, kind: string) =>
  methods.some(({ parameters }) => parameters.some((parameter) => parameter.key === key && parameter.kind === kind))

/** A value as the page says it. `model`: of the settings that are varied. */
export function valueName(key: string, text: string, model: ModelInfo, models: readonly ModelInfo[]): string {
  switch (key) {
    case 'method':
      return methodName({ method: text })
    case 'class':
      return text === 'none' ? className(null, model) : /^\d+$/.test(text) ? className(Number(text), model) : text
    case 'solver':
      return solvers.find(({ id }) => id === text)?.name ?? text
    case 'network':
      return networkById(text, model)?.name ?? text
    case 'model':
      return models.find(({ id }) => id === text)?.name ?? text
    case 'layers':
      return layers(text, model)
    default:
      if (parameterIs(key, 'network')) return networkById(text, model)?.name ?? text
      if (parameterIs(key, 'layer') && /^\d+$/.test(text)) return layerName(Number(text), model)
      if (parameterIs(key, 'flag')) return text === 'true' ? 'on' : 'off'
      return text.replace('inf', '∞').replace('-', '−')
  }
}

/** A value with its setting: `Guidance scale s 0.5`. */
export function valueWords(key: string, text: string, model: ModelInfo, models: readonly ModelInfo[]): string {
  const name = valueName(key, text, model, models)
  return key === 'method' || key === 'model' ? name : `${axisLabel(key)} ${name}`
}
