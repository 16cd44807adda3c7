/** What the chosen method did to the quality of many images, where that was measured; a click takes the settings that were. */
import { asMeasured, type Published } from '../../evaluation/published'
import { methodById } from '../../guidance'
import { sameSettings } from '../../settings/codec'
import { fixed } from '../format'
import { networkById } from '../parameters'
import { usePage, useSession } from '../store'

const estimateText = ({ value, margin }: Published['frechet']) => `${fixed(value)}${margin === null ? '' : ` ± ${fixed(margin)}`}`

/** Whether guidance helped, as far as the interval tells. */
function verdict(against: Published['against']): string {
  if (against === null) return ''
  const { value, margin } = against
  if (margin === null || Math.abs(value) <= margin) return 'not told apart'
  return value < 0 ? `${fixed(-value)} better` : `${fixed(value)} worse`
}

export function Measured() {
  const session = useSession()
  const published = usePage((state) => state.published)
  const settings = usePage((state) => state.settings)
  const model = usePage((state) => state.model)
  const guided = published.filter((row) => row.settings.method === settings.method)
  const baseOf = ({ settings: { network, class: label } }: Published) => `${networkById(network, model)?.name ?? network}${label === null ? ', no class' : ''}`
  const bases = new Set(guided.map(baseOf))
  const plain = published.filter((row) => row.settings.method === 'none' && bases.has(baseOf(row)))
  const rows = settings.method === 'none' ? plain : [...plain, ...guided]
  if (guided.length === 0) return null
  const counts = [...new Set(rows.map(({ images }) => images.toLocaleString('en')))]
  const method = methodById(settings.method)?.name ?? ''
  // The method is the title of the card.
  const nameOf = (row: Published) =>
    row.settings.method !== 'none'
      ? `${row.name.replace(`${method}, `, '')}, s\u00a0${fixed(row.settings.scale)}`
      : settings.method === 'none' || bases.size > 1
        ? `${settings.method === 'none' ? '' : 'None: '}${baseOf(row)}`
        : 'No guidance'
  return (
    <table className="num w-full border-t border-line text-xs">
      <caption className="pt-2 pb-1 text-left text-muted">
        How good many images are: FD-avatars, lower is better. {counts.join(' or ')} images each, {rows[0]!.settings.steps} steps, classes in turn; more in the{' '}
        <a className="underline decoration-line underline-offset-2 hover:decoration-ink" href={`models/${model.id}/README.md`} target="_blank" rel="noreferrer">
          model card
        </a>
        .
      </caption>
      <tbody>
        {rows.map((row) => {
          const wanted = asMeasured(row, settings)
          const current = sameSettings(wanted, settings)
          return (
            <tr key={`${row.name} ${baseOf(row)}`} className="border-t border-line align-baseline">
              <th scope="row" className="py-1 pr-2 text-left font-normal">
                <button
                  type="button"
                  aria-pressed={current}
                  title="Take these settings"
                  className="rounded-sm text-left underline decoration-line underline-offset-2 hover:decoration-ink aria-pressed:font-medium aria-pressed:no-underline"
                  onClick={() => session.change(wanted)}
                >
                  {nameOf(row)}
                </button>
              </th>
              <td className="py-1 pr-2 text-right whitespace-nowrap">{estimateText(row.frechet)}</td>
              <td className="py-1 text-right whitespace-nowrap text-muted">{verdict(row.against)}</td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
