/** Results: everything that was judged, kept in the browser; to be filtered, sorted, compared and taken home. */
import { useState } from 'react'
import { Hint } from '../../../../kit/Hint'
import type { Lab } from '../../lab'
import type { TabProps } from '../../tab'
import { useLab } from '../../use-lab'
import { Comparison } from './Comparison'
import { Files } from './Files'
import { filtered, orderOf, orderText, sorted, type Order, type Row } from './rows'
import { Table } from './Table'
import { useRows } from './use-rows'

const TAB = 'results'

/** Filter and order are in the address, so that a link shows the same. */
function useShown(lab: Lab, rows: readonly Row[]) {
  const said = useLab(lab, (state) => state.said[TAB]) ?? {}
  const filter = said.filter ?? ''
  const order = orderOf(said.sort)
  const say = (next: { readonly filter: string; readonly order: Order }) =>
    lab.write(TAB, { ...(next.filter && { filter: next.filter }), sort: orderText(next.order) })
  return {
    filter,
    order,
    shown: sorted(filtered(rows, filter), order),
    onFilter: (text: string) => say({ filter: text, order }),
    onOrder: (next: Order) => say({ filter, order: next }),
  }
}

function Nothing({ lab }: { readonly lab: Lab }) {
  return (
    <Hint>
      Nothing was judged yet.{' '}
      <a className="link" href={lab.hash('curves')}>
        Draw a curve
      </a>
      , or bring a file of results: each row is kept in this browser.
    </Hint>
  )
}

interface ForgetProps {
  readonly lab: Lab
  readonly rows: readonly Row[]
  readonly onForgotten: () => Promise<void>
}

/** Asks before it forgets what took an hour to draw. */
function Forget({ lab, rows, onForgotten }: ForgetProps) {
  const [asking, setAsking] = useState(false)
  const count = `${rows.length} ${rows.length === 1 ? 'row' : 'rows'}`
  if (!asking) {
    return (
      <button type="button" className="link text-label" data-part="results-forget" onClick={() => setAsking(true)}>
        Forget
      </button>
    )
  }
  const forget = async () => {
    setAsking(false)
    await lab.storage.remove(
      'results',
      rows.map(({ key }) => key),
    )
    await onForgotten()
  }
  return (
    <span className="flex gap-3 text-label" role="group" aria-label="Forget rows">
      <button type="button" className="link text-alert" data-part="results-forget-now" onClick={() => void forget()}>
        Forget {count}
      </button>
      <button type="button" className="link" onClick={() => setAsking(false)}>
        Keep
      </button>
    </span>
  )
}

export default function ResultsTab({ lab }: TabProps) {
  const [rows, read] = useRows(lab)
  const [wished, setChosen] = useState<readonly string[]>([])
  const { filter, order, shown, onFilter, onOrder } = useShown(lab, rows ?? [])
  const chosen = wished.flatMap((key) => shown.find((row) => row.key === key) ?? [])
  if (rows === null) return <p className="late text-muted">Reading what is kept.</p>
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <input
          type="search"
          data-part="results-filter"
          aria-label="Filter the rows"
          placeholder="Filter: pag 500"
          className="field w-64 max-w-full"
          value={filter}
          onChange={(event) => onFilter(event.target.value)}
        />
        <p role="status" className="num text-label text-muted" data-part="results-count">
          {shown.length === rows.length ? `${rows.length} rows` : `${shown.length} of ${rows.length} rows`}
          {chosen.length > 0 && `, ${chosen.length} chosen`}
        </p>
        {chosen.length > 0 && <Forget lab={lab} rows={chosen} onForgotten={read} />}
      </div>
      <Files
        lab={lab}
        rows={chosen.length > 0 ? chosen : shown}
        what={chosen.length > 0 ? 'the chosen' : 'these'}
        onTaken={read}
      />
      {chosen.length > 1 && <Comparison lab={lab} rows={chosen} />}
      {chosen.length === 1 && <Hint>Choose another row to compare it with this one.</Hint>}
      {rows.length === 0 ? (
        <Nothing lab={lab} />
      ) : (
        <Table
          rows={shown}
          order={order}
          chosen={chosen.map(({ key }) => key)}
          onOrder={onOrder}
          onChoose={setChosen}
        />
      )}
      {!lab.storage.lasting() && (
        <Hint>This browser keeps nothing for the page: save what you want to have tomorrow.</Hint>
      )}
    </div>
  )
}
