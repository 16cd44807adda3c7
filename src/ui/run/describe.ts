/** A run and its settings in sentences: the line under pictures, and the pictures retold. Pure. */
import { isGuided, methodById } from '../../guidance/index'
import type { ModelInfo } from '../../model/types'
import type { Settings } from '../../settings/types'
import { percent, plain } from '../../core/format'
import { relativeDistance } from '../stage/pixels'
import type { Run } from './run'
import { className, layersWords, seedWords, stepsWords, termWords } from '../../settings/words'

/** What a preview is. */
export const quick = ({ steps }: Run): string => `quick preview in ${steps} steps`

/** What pictures of these settings are, in parts; of a run that has not ended, how far it is. */
export function legend(settings: Settings, run: Run | null, model: ModelInfo): readonly string[] {
  const terms = [settings, ...settings.stack].map(termWords).join(' + ')
  const parts = [terms, className(settings.class, model), seedWords(settings)]
  if (run?.pass === 'preview') return [...parts, quick(run)]
  const way = stepsWords(settings)
  return [...parts, !run || run.final ? way : `${run.records.length} of ${way}`]
}

/** What the finished images show, for those who do not see them. */
export function describe(run: Run, model: ModelInfo): string {
  const { settings } = run
  const method = methodById(settings.method)
  const count = settings.samples === 1 ? 'One image' : `${settings.samples} images`
  const subject = `${count} of ${settings.class === null ? '' : 'class '}${className(settings.class, model)}, ${seedWords(settings)}.`
  if (!method || !isGuided(settings)) return `${subject} No guidance: the guided image equals the positive.`
  const stacked = settings.stack
    .map((term) => ` Added: ${methodById(term.method)?.title ?? term.method}, scale s = ${plain(term.scale)}.`)
    .join('')
  const how = `${method.title}${method.kind === 'negative' && method.layers ? ` on ${layersWords(settings, model)}` : ''}, scale s = ${plain(settings.scale)}${settings.scale < 0 ? ', towards the negative' : ''}.${stacked}`
  if (!run.final || run.pass === 'preview') return `${subject} ${how} Being sampled.`
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const changes = run.final.flatMap(({ guided, positive }) => (positive ? [relativeDistance(guided, positive)] : []))
  const negatives = run.final.flatMap(({ negative, positive }) =>
    negative && positive ? [relativeDistance(negative, positive)] : [],
  )
  const negative = negatives.length > 0 ? ` The negative differs from the positive by ${percent(mean(negatives))}.` : ''
  if (changes.length === 0) return `${subject} ${how}`
  return `${subject} ${how} The guided image differs from the positive by ${percent(mean(changes))} (root mean square).${negative}`
}
