/** A run and its settings in words: the class, the layers, the line under an exported picture, and the pictures retold. Pure. */
import { isGuided, methodById } from '../../guidance/index'
import type { ModelInfo } from '../../model/types'
import { solverById } from '../../sampling/solver-registry'
import type { Settings } from '../../settings/types'
import { percent, plain } from '../kit/format'
import { relativeDistance } from '../stage/pixels'
import type { Run } from './run'

function layersPhrase(settings: Settings, model: ModelInfo): string {
  const count = settings.layers === 'all' ? model.layers.length : settings.layers.length
  if (settings.layers === 'all') return `all ${count} attention layers`
  if (count === 0) return 'no attention layer'
  return `${count} of ${model.layers.length} attention layers`
}

/** The class that is asked for. */
export function className(label: number | null, model: ModelInfo): string {
  return label === null ? 'any class' : (model.conditioning.classes[label]?.name ?? `class ${label}`)
}

/** One line under exported pictures. `subject`: what is drawn, where it is not the one class. */
export function caption(settings: Settings, model: ModelInfo, subject = className(settings.class, model)): string {
  const method = methodById(settings.method)
  const parts = [
    method && isGuided(settings) ? `${method.name}, s = ${plain(settings.scale)}` : 'no guidance',
    ...settings.stack.map((term) => `+ ${methodById(term.method)?.name ?? term.method}, s = ${plain(term.scale)}`),
    ...(method?.kind === 'negative' && method.layers ? [layersPhrase(settings, model)] : []),
    subject,
    `seed ${settings.seed}`,
    `${settings.steps} ${solverById(settings.solver).name} steps`,
  ]
  return parts.join(' · ')
}

/** What the finished images show, for those who do not see them. */
export function describe(run: Run, model: ModelInfo): string {
  const { settings } = run
  const method = methodById(settings.method)
  const count = settings.samples === 1 ? 'One image' : `${settings.samples} images`
  const subject = `${count} of ${settings.class === null ? '' : 'class '}${className(settings.class, model)}, seed ${settings.seed}.`
  if (!method || !isGuided(settings)) return `${subject} No guidance: the guided image equals the positive.`
  const stacked = settings.stack
    .map((term) => ` Added: ${methodById(term.method)?.title ?? term.method}, scale s = ${plain(term.scale)}.`)
    .join('')
  const how = `${method.title}${method.kind === 'negative' && method.layers ? ` on ${layersPhrase(settings, model)}` : ''}, scale s = ${plain(settings.scale)}.${stacked}`
  if (!run.final || run.pass === 'preview') return `${subject} ${how} Being sampled.`
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const guided = mean(run.final.map(({ guided, positive }) => (positive ? relativeDistance(guided, positive) : 0)))
  const negatives = run.final.flatMap(({ negative, positive }) =>
    negative && positive ? [relativeDistance(negative, positive)] : [],
  )
  const negative = negatives.length > 0 ? ` The negative differs from the positive by ${percent(mean(negatives))}.` : ''
  return `${subject} ${how} The guided image differs from the positive by ${percent(guided)} (root mean square).${negative}`
}
