/** Network, condition, perturbation, noise level and input of both sides; what is alike stands in grey. */
import { useMemo } from 'react'
import { describePair } from '../../guidance/describe'
import type { Settings } from '../../settings/types'
import { usePage } from '../app/store'
import { Words } from '../kit/Tex'

export function PairTable({ settings }: { readonly settings: Settings }) {
  const model = usePage((state) => state.model)
  const rows = useMemo(() => describePair(settings, model), [settings, model])
  return (
    <table data-part="pair" className="w-full table-fixed border-t border-line text-hint">
      <caption className="pb-1 text-left text-muted">Which choice each side makes</caption>
      <thead>
        <tr className="text-left">
          <th scope="col" className="w-[4.75rem] py-1 font-normal text-muted">
            <span className="sr-only">aspect</span>
          </th>
          <th scope="col" className="py-1 pr-2 font-medium text-positive">
            positive
          </th>
          <th scope="col" className="py-1 font-medium text-negative">
            negative
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ aspect, positive, negative, differs }) => (
          <tr key={aspect} className="border-t border-line align-top">
            <th scope="row" className="py-1 pr-2 text-left font-normal text-muted">
              {aspect}
            </th>
            <td className={`py-1 pr-2 break-words ${differs ? '' : 'text-muted'}`}>
              <Words>{positive}</Words>
            </td>
            <td className={`py-1 break-words ${differs ? 'font-medium text-negative' : 'text-muted'}`}>
              {differs ? <Words>{negative}</Words> : 'the same'}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
