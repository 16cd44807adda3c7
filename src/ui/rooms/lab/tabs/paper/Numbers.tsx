/** The measured rows as a table, each with its difference from the first on the same seeds. */
import { fixed, signed } from '../../../../../core/format'
import type { Estimate } from '../../../../../evaluation/metrics'
import { type PaperRow, type PaperState, toldOf } from './desk'

/** So many digits that the interval shows. */
const digitsOf = (size: number) => Math.min(6, Math.max(2, 2 - Math.floor(Math.log10(size || 1))))

function text({ value, margin }: Estimate, write: typeof fixed): string {
  const digits = digitsOf(margin ?? Math.abs(value))
  return `${write(value, digits)} ± ${margin === null ? '?' : fixed(margin, digits)}`
}

interface NumbersProps {
  readonly state: PaperState
  readonly linkOf: (row: PaperRow) => string
  readonly onSave: (row: PaperRow) => void
}

function Row({ row, names, props }: { row: PaperRow; names: readonly string[]; props: NumbersProps }) {
  const { state, linkOf, onSave } = props
  const told = toldOf(row, state.rows[0])
  const cell = (key: string, value: string) => (
    <td key={key} className="pl-5 text-right whitespace-nowrap">
      {value}
    </td>
  )
  return (
    <tr className="border-t border-line">
      <th scope="row" className="py-1 text-left font-normal">
        <a className="link" href={linkOf(row)}>
          {row.scale}
        </a>
      </th>
      {cell('images', `${row.have} of ${state.wanted}`)}
      {names.flatMap((name) => {
        const one = told.find((each) => each.name === name)
        return [
          cell(name, one?.estimate ? text(one.estimate, fixed) : '–'),
          cell(`${name} against`, one?.against ? text(one.against, signed) : '–'),
        ]
      })}
      <td className="pl-5 text-right whitespace-nowrap">
        {row.have > 1 && (
          <button
            type="button"
            className="link text-hint"
            aria-label={`Save the images of s = ${row.scale} as a reference`}
            onClick={() => onSave(row)}
          >
            Save as reference
          </button>
        )}
      </td>
    </tr>
  )
}

export function Numbers(props: NumbersProps) {
  const { rows, opened } = props.state
  const [first] = rows
  if (!first) return null
  const names = [...new Set(rows.flatMap((row) => Object.keys(row.metrics ?? {})))]
  const heads = ['images', ...names.flatMap((name) => [name, `${name} against s = ${first.scale}`])]
  return (
    <div className="relative overflow-x-auto" role="group" aria-label="Measured scales" tabIndex={0}>
      <table data-part="paper-numbers" className="num text-label">
        <caption className="sr-only">Metrics at each guidance scale, with 95 % intervals</caption>
        <thead>
          <tr className="text-hint text-muted">
            <th scope="col" className="pb-1 text-left font-normal">
              scale s
            </th>
            {heads.map((head) => (
              <th key={head} scope="col" className="pb-1 pl-5 text-right font-normal whitespace-nowrap">
                {head}
              </th>
            ))}
            <th scope="col" className="pb-1 pl-5">
              <span className="sr-only">save</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.point.key} row={row} names={names} props={props} />
          ))}
        </tbody>
      </table>
      {opened && (
        <p className="mt-2 max-w-2xl text-hint text-muted">
          As {opened.protocol.source} computes it, KID over all pictures. Intervals of 95 %, from 100 images on; a
          Fréchet distance falls with the number of images, so compare equal numbers only.
        </p>
      )}
    </div>
  )
}
