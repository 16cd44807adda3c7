/** The numbers of an evaluation as a person reads them. */
import type { Estimate, Metrics } from '../../evaluation/metrics'

/** The numbers as lines of text; `metric` is the name of the Fréchet distance. */
export function report({ samples, frechet, agreement, precision, recall }: Metrics, metric: string): string {
  const percent = ({ value, margin }: Estimate) =>
    `${(100 * value).toFixed(2)} %${margin === null ? '' : ` ± ${(100 * margin).toFixed(2)}`}`
  const lines = [
    `images           ${samples}`,
    `${metric.padEnd(16)} ${frechet.value.toFixed(4)}${frechet.margin === null ? '' : ` ± ${frechet.margin.toFixed(4)}`}`,
    `class agreement  ${agreement === null ? 'no class was asked for' : percent(agreement)}`,
    `precision        ${percent(precision)}`,
    `recall           ${percent(recall)}`,
  ]
  return lines.join('\n')
}
