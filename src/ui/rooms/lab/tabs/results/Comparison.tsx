/** The chosen rows beside the first of them: how much each differs, and how sure that is. */
import { useEffect, useState } from 'react'
import { messageOf } from '../../../../../core/failure'
import { METRICS } from '../../../../../evaluation/paired'
import type { Lab } from '../../lab'
import { Hint } from '../../../../kit/Hint'
import { compare, type Compared } from './compare'
import type { Row } from './rows'
import { estimateText } from './Table'

type Found =
  | { readonly kind: 'asked' }
  | { readonly kind: 'found'; readonly compared: readonly Compared[] }
  | { readonly kind: 'failed'; readonly why: string }

/** Asked anew whenever other rows are chosen. */
function useCompared(lab: Lab, rows: readonly Row[]): Found {
  const name = rows.map(({ key }) => key).join(' ')
  const [found, setFound] = useState<{ readonly of: string; readonly found: Found } | null>(null)
  useEffect(() => {
    let wanted = true
    const meter = async ({ model }: Row) => {
      if (!model) throw new Error('The family of these rows is not here.')
      return (await lab.judge.open(model)).meter
    }
    const told = (next: Found) => {
      if (wanted) setFound({ of: name, found: next })
    }
    compare(rows, { storage: lab.storage, meter }).then(
      (compared) => told({ kind: 'found', compared }),
      (error: unknown) => told({ kind: 'failed', why: messageOf(error) }),
    )
    return () => {
      wanted = false
    }
    // oxlint-disable-next-line react/exhaustive-deps -- The rows are those that the name tells.
  }, [lab, name])
  return found?.of === name ? found.found : { kind: 'asked' }
}

/** Whether the interval of a difference leaves out zero. */
function verdictOf({ differences: { frechet } }: Compared): string {
  if (!frechet) return ''
  if (frechet.margin === null) return 'interval not known'
  if (Math.abs(frechet.value) <= frechet.margin) return 'not told apart'
  return frechet.value < 0 ? 'nearer to real drawings' : 'further from real drawings'
}

function Line({ compared }: { readonly compared: Compared }) {
  const { row, kind, images, differences, note } = compared
  return (
    <tr className="border-t border-line align-top" data-kind={kind}>
      <th scope="row" className="min-w-64 py-1 text-left font-normal" translate="no">
        {row.words}
      </th>
      <td className="py-1 pl-5 text-right" translate="no">
        {images}
      </td>
      {METRICS.map((name) => {
        const estimate = differences[name]
        return (
          <td key={name} className="py-1 pl-5 text-right whitespace-nowrap" translate="no">
            {estimate ? estimateText(name, estimate, true) : '–'}
          </td>
        )
      })}
      <td className="min-w-48 py-1 pl-5 text-muted">
        {verdictOf(compared)}
        {note !== null && <span className="block">Not paired. {note}</span>}
      </td>
    </tr>
  )
}

export function Comparison({ lab, rows }: { readonly lab: Lab; readonly rows: readonly Row[] }) {
  const found = useCompared(lab, rows)
  const [first] = rows
  return (
    <section aria-label="Comparison" data-part="results-comparison" className="border-y border-line py-3">
      <h2 className="text-label font-medium">
        Less than <span translate="no">{first?.words}</span>
      </h2>
      <Hint>
        On the same seeds where their images are kept: what the noise does to both cancels, and the 95 % interval is
        that of the difference.
      </Hint>
      <div role="status">
        {found.kind === 'asked' && <p className="late text-hint text-muted">Comparing.</p>}
        {found.kind === 'failed' && <p className="text-hint text-alert">These could not be compared: {found.why}</p>}
      </div>
      {found.kind === 'found' && (
        <div className="relative mt-1 overflow-x-auto" role="group" aria-label="Differences" tabIndex={0}>
          <table className="num text-hint">
            <thead>
              <tr className="text-muted">
                {['settings', 'images', 'Fréchet distance', 'precision', 'recall', 'class agreement', ''].map(
                  (head, at) => (
                    <th
                      key={head}
                      scope="col"
                      className={`pb-1 font-normal whitespace-nowrap ${at === 0 ? 'text-left' : 'pl-5 text-right'}`}
                    >
                      {head || <span className="sr-only">verdict</span>}
                    </th>
                  ),
                )}
              </tr>
            </thead>
            <tbody>
              {found.compared.map((compared) => (
                <Line key={compared.row.key} compared={compared} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}
