/** The numbers of an evaluation as a person reads them. */
import { type Estimate, type Judged, type Metrics, NEIGHBOURS } from '../../evaluation/metrics'
import type { ModelInfo } from '../../model/types'

/** The numbers as lines of text; `metric` is the name of the Fréchet distance. */
export function report(
  { samples, frechet, agreement, precision, recall, clarity, shift }: Metrics,
  metric: string,
): string {
  const percent = ({ value, margin }: Estimate) =>
    `${(100 * value).toFixed(2)} %${margin === null ? '' : ` ± ${(100 * margin).toFixed(2)}`}`
  const lines = [
    `images           ${samples}`,
    `${metric.padEnd(16)} ${frechet.value.toFixed(4)}${frechet.margin === null ? '' : ` ± ${frechet.margin.toFixed(4)}`}`,
    `class agreement  ${agreement === null ? 'no class was asked for' : percent(agreement)}`,
    `precision        ${percent(precision)}`,
    `recall           ${percent(recall)}`,
    ...(clarity ? [`clear details    ${percent(clarity)}`] : []),
    ...(shift ? [`shift of details ${percent(shift)}`] : []),
  ]
  return lines.join('\n')
}

/** What the judge saw of a few images, as lines of text: of too few for numbers of a set. */
export function seenReport(seen: readonly Omit<Judged, 'features'>[], { conditioning }: ModelInfo): string {
  const named = (label: number | null) => (label === null ? 'any class' : (conditioning.classes[label]?.name ?? label))
  const lines = seen.map(
    (image) => `image ${image.index}: asked for ${named(image.asked)}, the judge sees ${named(image.seen)}`,
  )
  return [...lines, `A distance, precision and recall need at least ${NEIGHBOURS + 1} images.`].join('\n')
}
