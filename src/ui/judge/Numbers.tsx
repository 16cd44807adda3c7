/** How good many images are, in numbers with their intervals. */
import type { Estimate } from '../../evaluation/metrics'
import { isGuided } from '../../guidance/index'
import { fixed } from '../../core/format'
import { FIRST } from './evaluate'
import { useMetric } from './metric'
import type { Evaluation } from './slice'

const plainNumber = (value: number) => fixed(value)
const share = (value: number) => `${fixed(100 * value, 1)}`

/** `estimate`: null where no class was asked for, undefined before there are numbers. */
function Cell({
  estimate,
  text,
}: {
  readonly estimate: Estimate | null | undefined
  readonly text: (value: number) => string
}) {
  if (estimate === undefined) return <td className="pl-5 text-right text-muted">–</td>
  if (!estimate) return <td className="pl-5 text-right text-muted">no class asked</td>
  return (
    <td className="pl-5 text-right whitespace-nowrap" translate="no">
      {text(estimate.value)}
      {estimate.margin !== null && <span className="text-muted"> ± {text(estimate.margin)}</span>}
    </td>
  )
}

export function Numbers({ metrics, settings }: Pick<Evaluation, 'metrics' | 'settings'>) {
  const metric = useMetric()
  const positive = metrics?.positive
  const guided = metrics?.guided
  const rows = [
    [metric, '', positive?.frechet, guided?.frechet, plainNumber],
    ['Class agreement', '%', positive?.agreement, guided?.agreement, share],
    ['Precision', '%', positive?.precision, guided?.precision, share],
    ['Recall', '%', positive?.recall, guided?.recall, share],
    // Of a judge that tells of hair, eyes and other details, and where a class was asked for.
    ...(positive?.clarity && positive.shift
      ? ([
          ['Clear details', '%', positive.clarity, guided?.clarity, share],
          ['Shift of details', '%', positive.shift, guided?.shift, share],
        ] as const)
      : []),
  ] as const
  return (
    <div className="relative overflow-x-auto">
      <table data-part="judge-numbers" className="num text-label">
        <caption className="pb-1 text-left text-hint text-muted">
          {positive
            ? `${positive.samples} images each${positive.frechet.margin === null ? '' : ', with 95 % intervals'}`
            : `The first numbers come with ${FIRST} images`}
        </caption>
        <thead>
          <tr>
            <th scope="col">
              <span className="sr-only">measure</span>
            </th>
            <th scope="col" className="pl-5 text-right font-medium text-positive">
              positive alone
            </th>
            <th scope="col" className="pl-5 text-right font-medium">
              {isGuided(settings) ? 'guided' : 'not guided'}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, unit, plus, pushed, text]) => (
            <tr key={name}>
              <th scope="row" className="text-left font-normal">
                {name} {unit && <span className="text-muted">{unit}</span>}
              </th>
              <Cell estimate={plus} text={text} />
              <Cell estimate={pushed} text={text} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
