/** What a figure says: its title, the sentence of guidance, and each picture in words. */
import { percent, plain, scaleText, sign } from '../core/format'
import { relativeDistance } from '../core/image'
import { folds, isGuided, methodById } from '../guidance'
import type { ModelInfo } from '../model/types'
import type { FinalSample, Trajectory } from '../sampling/records'
import type { Settings, Term } from '../settings/types'
import { caption, className, layersWords, methodName, seedWords, stepsWords } from '../settings/words'
import type { Along, Value } from './along'
import { escaped } from './variants'

/** What the figure shows, where nobody gives it a title. */
export function titleOf(settings: Settings, { label, key }: Along, model: ModelInfo): string {
  const subject = key === 'class' ? model.name : className(settings.class, model)
  const how = isGuided(settings) ? (methodById(settings.method)?.title ?? settings.method) : 'No guidance'
  return key === 'method' ? `${subject}, by method` : `${how} on ${subject}, by ${label}`
}

/** From the first value to the last, in one sentence. */
export function rangeSentence({ label, kind }: Along, values: readonly Value[]): string {
  const [first, last] = [values[0]?.words ?? '', values.at(-1)?.words ?? '']
  if (kind === 'numbers') return `${values.length} values of ${label}, from ${first} to ${last}.`
  return `${values.length} choices of ${label}: ${values.map(({ words }) => words).join(', ')}.`
}

const muted = (text: string) => `<i>${text}</i>`

function pushed({ scale }: Pick<Term, 'scale'>, name: string, combiner: string | null): string {
  const by = combiner === null ? '' : ` ${escaped(combiner)}`
  return `${muted(sign(scale))} <b class="n">${scaleText(Math.abs(scale))}</b> ${muted(`·${by} (`)}<b class="positive">positive</b> ${muted('−')} <b class="negative">${escaped(name)}</b>${muted(')')}`
}

/** guided = positive + s · (positive − negative), as markup: the page's own sentence. */
export function sentence(settings: Settings): string {
  const start = `guided ${muted('=')} <b class="positive">positive</b>`
  const method = methodById(settings.method)
  if (!method || method.kind === 'none') return start
  const term = (own: Term, name: string, combiner: string | null) =>
    folds(own) ? `${muted('pushed inside by')} <b class="n">${scaleText(own.scale)}</b>` : pushed(own, name, combiner)
  const first = term(settings, 'negative', method.kind === 'combiner' ? method.name : null)
  return [start, first, ...settings.stack.map((own) => term(own, methodName(own), null))].join(' ')
}

/** How far the guided images are from the positive's, as a share of the range that is seen; null without them. */
export function changeOf(final: readonly FinalSample[]): number | null {
  const distances = final.flatMap(({ positive, guided }) => (positive ? [relativeDistance(guided, positive)] : []))
  return distances.length === 0 ? null : distances.reduce((sum, one) => sum + one, 0) / distances.length
}

/** The value under the slider, with a scale's other name beside it. */
export function valueSentence({ key, label, kind }: Along, { words }: Value, settings: Settings): string {
  const said = kind === 'numbers' ? `${label} = ${words}` : `${label}: ${words}`
  return key === 'scale' ? `${said} (w = ${plain(settings.scale + 1)})` : said
}

const images = ({ samples }: Settings) => (samples === 1 ? '' : `${samples} images of `)

/** A picture for those who do not see it. */
export function altText(role: Trajectory, settings: Settings, final: readonly FinalSample[], model: ModelInfo): string {
  const subject = `${images(settings)}${className(settings.class, model)}, ${seedWords(settings)}, ${stepsWords(settings)}`
  switch (role) {
    case 'positive':
      return `Positive, the network without guidance: ${subject}.`
    case 'negative': {
      const method = methodById(settings.method)
      const layers = method?.kind === 'negative' && method.layers ? ` on ${layersWords(settings, model)}` : ''
      return `Negative, ${methodName(settings)}${layers}: ${subject}.`
    }
    case 'guided': {
      const change = changeOf(final)
      const far = change === null ? '' : ` It differs from the positive by ${percent(change)} (root mean square).`
      return `Guided, ${images(settings)}${caption(settings, model).replaceAll(' · ', ', ')}.${far}`
    }
    default:
      return role satisfies never
  }
}
