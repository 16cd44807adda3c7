/** What the chosen method did to the quality of many images, where that was measured; a click takes the settings that were. */
import { useEffect, useMemo } from 'react'
import { cardAddress } from '../../model/served'
import { sameSettings } from '../../settings'
import { usePage, useSession, useWanted } from '../app/store'
import { fixed } from '../../core/format'
import { Link } from '../kit/Link'
import { type Line, type MeasuredTable, measuredTable } from './measured'

const count = (images: number) => images.toLocaleString('en')

function Caption({ table: { counts, steps, controlled } }: { readonly table: MeasuredTable }) {
  const model = usePage((state) => state.model)
  const [only, ...others] = counts
  return (
    <caption className="pt-2 pb-1 text-left text-muted">
      How good many images are: {model.judge?.metric ?? 'Fréchet distance'}, lower is better.{' '}
      {only !== undefined && others.length === 0
        ? `${count(only)} images each, `
        : 'It falls with their number: compare equal ones. '}
      {steps} Euler steps where nothing else is said, classes in turn.{' '}
      {controlled && 'Most methods ask for twice the evaluations, so longer sampling without guidance is shown, too. '}
      More in the <Link href={cardAddress(model.id)}>model card</Link>.
    </caption>
  )
}

function Row({ line, counted }: { readonly line: Line; readonly counted: boolean }) {
  const session = useSession()
  const settings = useWanted((settings) => settings)
  const { name, wanted, images, frechet, verdict } = line
  return (
    <tr className="border-t border-line align-top">
      <th scope="row" className="py-1 pr-2 text-left font-normal">
        {wanted ? (
          <button
            type="button"
            aria-pressed={sameSettings(wanted, settings)}
            title="Take these settings"
            className="link rounded-sm text-left aria-pressed:font-medium aria-pressed:no-underline"
            onClick={() => session.change(wanted)}
          >
            {name}
          </button>
        ) : (
          name
        )}
      </th>
      <td className="py-1 pr-2 text-right whitespace-nowrap" translate="no">
        {fixed(frechet.value)}
        {frechet.margin !== null && ` ± ${fixed(frechet.margin)}`}
      </td>
      <td className="py-1 text-right whitespace-nowrap text-muted">
        {verdict}
        {counted && <span className="block">{count(images)} images</span>}
      </td>
    </tr>
  )
}

export function Measured() {
  const session = useSession()
  useEffect(() => void session.loadPublished(), [session])
  const published = usePage((state) => state.method.published)
  const settings = useWanted((settings) => settings)
  const model = usePage((state) => state.model)
  const table = useMemo(() => measuredTable(published, settings, model), [published, settings, model])
  if (!table) return null
  return (
    <table data-part="measured" className="num w-full border-t border-line text-hint">
      <Caption table={table} />
      <tbody>
        {table.lines.map((line) => (
          <Row key={`${line.name} ${line.images}`} line={line} counted={table.counts.length > 1} />
        ))}
      </tbody>
    </table>
  )
}
