/** The table of results: a row for each judged point, sorted by its heads, chosen by its boxes. */
import type { Estimate } from '../../../../../evaluation/metrics'
import { METRICS, type MetricName } from '../../../../../evaluation/paired'
import { encodeLink } from '../../../../../settings'
import { fixed } from '../../../../../core/format'
import { imageOf } from '../../judged/point'
import type { Order, Row, Sort } from './rows'

const HEADS: Readonly<Record<Sort, string>> = {
  words: 'settings',
  images: 'images',
  frechet: 'Fréchet distance',
  precision: 'precision',
  recall: 'recall',
  agreement: 'class agreement',
  clarity: 'clear details',
  shift: 'shift of details',
  seed: 'seed',
  made: 'made',
}

/** A number with its margin; a margin that is not known says so. */
export function estimateText(name: MetricName, { value, margin }: Estimate, sign = false): string {
  const share = name !== 'frechet'
  const text = (number: number) => (share ? fixed(100 * number, 1) : fixed(number, 2))
  return `${sign && value > 0 ? '+' : ''}${text(value)} ± ${margin === null ? '?' : text(margin)}${share ? ' %' : ''}`
}

interface HeadProps {
  readonly by: Sort
  readonly order: Order
  readonly onOrder: (order: Order) => void
}

function Head({ by, order, onOrder }: HeadProps) {
  const sorted = order.by === by
  return (
    <th
      scope="col"
      aria-sort={sorted ? (order.down ? 'descending' : 'ascending') : 'none'}
      className={`pb-1 font-normal whitespace-nowrap ${by === 'words' ? 'text-left' : 'pl-5 text-right'}`}
    >
      <button
        type="button"
        data-part={`results-sort-${by}`}
        className={sorted ? 'text-ink' : 'hover:text-ink'}
        onClick={() => onOrder({ by, down: sorted && !order.down })}
      >
        {HEADS[by]}
        <span aria-hidden className="inline-block w-3 text-left">
          {sorted ? (order.down ? ' ↓' : ' ↑') : ''}
        </span>
      </button>
    </th>
  )
}

interface LineProps {
  readonly row: Row
  readonly chosen: boolean
  readonly onChoose: (chosen: boolean) => void
}

const madeText = (made: string) => made.replace('T', ' ').slice(0, 16)

function Line({ row, chosen, onChoose }: LineProps) {
  const { result, words, model, settings } = row
  const link = model && settings ? `#${encodeLink(imageOf({ settings, model }, 0), model)}` : null
  return (
    <tr className="border-t border-line" data-key={row.key}>
      <td className="py-1 pr-3">
        <input
          type="checkbox"
          className="block size-4 accent-positive"
          aria-label={`Choose ${words}`}
          checked={chosen}
          onChange={(event) => onChoose(event.target.checked)}
        />
      </td>
      <th scope="row" className="min-w-64 py-1 text-left font-normal" translate="no">
        {link ? (
          <a className="link" href={link}>
            {words}
          </a>
        ) : (
          words
        )}
      </th>
      <td className="pl-5 text-right" translate="no">
        {result.images}
      </td>
      {METRICS.map((name) => {
        const estimate = result.metrics[name]
        return (
          <td key={name} className="pl-5 text-right whitespace-nowrap" translate="no">
            {estimate ? estimateText(name, estimate) : '–'}
          </td>
        )
      })}
      <td className="pl-5 text-right" translate="no">
        {result.seed}
      </td>
      <td className="pl-5 text-right whitespace-nowrap text-muted" translate="no">
        {madeText(result.made)}
        {result.by === 'cli' && ', command line'}
      </td>
    </tr>
  )
}

interface TableProps {
  readonly rows: readonly Row[]
  readonly order: Order
  readonly chosen: readonly string[]
  readonly onOrder: (order: Order) => void
  readonly onChoose: (chosen: readonly string[]) => void
}

export function Table({ rows, order, chosen, onOrder, onChoose }: TableProps) {
  const keys = rows.map(({ key }) => key)
  const all = keys.length > 0 && keys.every((key) => chosen.includes(key))
  return (
    <div className="relative overflow-x-auto" role="group" aria-label="Results" tabIndex={0}>
      <table data-part="results-table" className="num w-full text-hint">
        <caption className="sr-only">Judged points, with 95 % intervals</caption>
        <thead>
          <tr className="text-muted">
            <th scope="col" className="pr-3 pb-1">
              <input
                type="checkbox"
                className="block size-4 accent-positive"
                aria-label="Choose all rows"
                checked={all}
                onChange={() => onChoose(all ? [] : keys)}
              />
            </th>
            {(['words', 'images', ...METRICS, 'seed', 'made'] as const).map((by) => (
              <Head key={by} {...{ by, order, onOrder }} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Line
              key={row.key}
              row={row}
              chosen={chosen.includes(row.key)}
              onChoose={(own) => onChoose(own ? [...chosen, row.key] : chosen.filter((key) => key !== row.key))}
            />
          ))}
        </tbody>
      </table>
    </div>
  )
}
