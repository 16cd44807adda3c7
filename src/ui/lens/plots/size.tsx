/** How large each difference is, in every number that is about its size. */
import { Hint } from '../../kit/Hint'
import { methodById } from '../../../guidance/index'
import { appliedOf, numbers, termsOf, valueOf, valueText } from '../../../numbers'
import { differenceSize } from '../../../numbers/numbers/difference-size'
import { usePage } from '../../app/store'
import { nameOf } from '../parts'
import type { Plot, PlotProps } from '../plot'

const SHOWN = numbers.filter(({ plot, beside }) => plot === 'size' && !beside)

function Applied({ sample }: Pick<PlotProps, 'sample'>) {
  const { image } = usePage((state) => state.model)
  return (
    <tr data-part="applied">
      <th scope="row" className="text-left">
        applied, D − D⁺
      </th>
      {SHOWN.map((number) => {
        const applied = appliedOf(number)
        return (
          <td key={number.id} translate="no">
            {applied && valueText(applied, valueOf(applied, sample, image))}
          </td>
        )
      })}
    </tr>
  )
}

function Sizes({ sample, settings }: PlotProps) {
  const { image } = usePage((state) => state.model)
  // A rule does not push s times the difference.
  const scales = [settings, ...settings.stack].map(({ method, scale }) =>
    methodById(method)?.kind === 'combiner' ? null : scale,
  )
  return (
    <>
      <table className="num text-hint [&_td]:pl-3 [&_td]:text-right [&_th]:font-normal">
        <thead className="text-muted">
          <tr>
            <th scope="col">
              <span className="sr-only">difference</span>
            </th>
            {SHOWN.map(({ id, short }) => (
              <th key={id} scope="col" className="pl-3 text-right">
                {short}
              </th>
            ))}
            <th scope="col" className="pl-3 text-right">
              × s
            </th>
          </tr>
        </thead>
        <tbody>
          {termsOf(sample).map((_, at) => {
            const size = valueOf(differenceSize, sample, image, at)
            const scale = scales[at] ?? null
            return (
              <tr key={at}>
                <th scope="row" className="text-left">
                  {nameOf(settings, at)}
                </th>
                {SHOWN.map((number) => (
                  <td key={number.id} translate="no">
                    {valueText(number, valueOf(number, sample, image, at))}
                  </td>
                ))}
                <td translate="no">
                  {valueText(differenceSize, size === null || scale === null ? null : size * scale)}
                </td>
              </tr>
            )
          })}
          <Applied sample={sample} />
        </tbody>
      </table>
      <Hint className="mt-1.5">
        The outlined picture is this difference: blue where it adds, orange where it takes away.
      </Hint>
    </>
  )
}

export const size: Plot = {
  id: 'size',
  label: 'size',
  place: 1,
  about: 'difference',
  needs: ['negative'],
  View: Sizes,
}
