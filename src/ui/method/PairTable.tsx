/**
 * Network, condition, perturbation, noise level and input of both sides; what is alike stands in grey. Where a method pushes
 * inside the network no negative is evaluated, and what makes the guided prediction stands beside the positive.
 */
import { useMemo } from 'react'
import { describePair } from '../../guidance/describe'
import { folds } from '../../guidance/index'
import type { Settings } from '../../settings/types'
import { usePage } from '../app/store'
import { Words } from '../kit/Tex'

export function PairTable({ settings }: { readonly settings: Settings }) {
  const model = usePage((state) => state.model)
  const rows = useMemo(() => describePair(settings, model), [settings, model])
  const folded = folds(settings)
  const tone = folded ? '' : 'text-negative'
  return (
    <table data-part="pair" className="w-full table-fixed border-t border-line text-hint">
      <caption className="pb-1 text-left text-muted">
        {folded ? 'What the one evaluation is asked' : 'Which choice each side makes'}
      </caption>
      <thead>
        <tr className="text-left">
          <th scope="col" className="w-[4.75rem] py-1 font-normal text-muted">
            <span className="sr-only">aspect</span>
          </th>
          <th scope="col" className="py-1 pr-2 font-medium text-positive">
            positive
          </th>
          <th scope="col" className={`py-1 font-medium ${tone}`}>
            {folded ? 'guided' : 'negative'}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ aspect, positive, other, differs }) => (
          <tr key={aspect} className="border-t border-line align-top">
            <th scope="row" className="py-1 pr-2 text-left font-normal text-muted">
              {aspect}
            </th>
            <td className={`py-1 pr-2 break-words ${differs ? '' : 'text-muted'}`}>
              <Words>{positive}</Words>
            </td>
            <td className={`py-1 break-words ${differs ? `font-medium ${tone}` : 'text-muted'}`}>
              {differs ? <Words>{other}</Words> : 'the same'}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
