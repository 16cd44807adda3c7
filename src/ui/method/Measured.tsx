/** What the chosen method did to the quality of many images, where that was measured; a click takes the settings that were. */
import { useEffect } from 'react'
import { asMeasured, type Published } from '../../evaluation/published'
import { isGuided, methodById } from '../../guidance/index'
import { sameSettings } from '../../settings'
import type { Settings } from '../../settings/types'
import { fixed } from '../kit/format'
import { networkById } from '../controls/parameters'
import { usePage, useSession } from '../app/store'

interface Line {
  readonly name: string
  /** What a click takes; null where that was not measured by itself. */
  readonly wanted: Settings | null
  readonly frechet: Published['frechet']
  readonly images: number
  readonly verdict: string
}

const estimateText = ({ value, margin }: Published['frechet']) =>
  `${fixed(value)}${margin === null ? '' : ` ± ${fixed(margin)}`}`

/** Whether guidance helped, as far as the interval tells. */
function verdict(against: Published['against']): string {
  if (against === null) return ''
  const { value, margin } = against
  if (margin === null || Math.abs(value) <= margin) return 'not told apart'
  return value < 0 ? `${fixed(-value)} better` : `${fixed(value)} worse`
}

export function Measured() {
  const session = useSession()
  const published = usePage((state) => state.method.published)
  useEffect(() => void session.loadPublished(), [session])
  const settings = usePage((state) => state.settings)
  const model = usePage((state) => state.model)
  const rows = published.filter((row) => row.settings.method === settings.method)
  if (rows.length === 0) return null
  const baseOf = ({ settings: { network, class: label } }: Published) =>
    `${networkById(network, model)?.name ?? network}${label === null ? ', no class' : ''}`
  const bases = new Set(rows.map(baseOf))
  const counts = [...new Set(rows.map(({ images }) => images))]
  const method = methodById(settings.method)?.name ?? ''
  // The method is the title of the card.
  const titled = (name: string) =>
    name
      .replace(`${method}, `, '')
      .replace(/^[a-z]/, (letter) => letter.toUpperCase()) // σ stays small
      .replaceAll(' = ', '\u00a0=\u00a0')

  const lineOf = (row: Published, name: string): Line => ({
    name,
    wanted: asMeasured(row, settings),
    frechet: row.frechet,
    images: row.images,
    verdict: verdict(row.against),
  })

  // The distance falls with the number of images, so each number has references of its own: no guidance, and what only samples longer.
  const references = new Map<string, readonly Line[]>()
  for (const row of rows) {
    if (!isGuided(settings) || row.against === null) continue
    const plain = published.filter(
      (other) => !isGuided(other.settings) && baseOf(other) === baseOf(row) && other.images === row.images,
    )
    const same = plain.find(({ against }) => against === null)
    const name = bases.size > 1 ? `None: ${baseOf(row)}` : 'No guidance'
    references.set(`${baseOf(row)} ${row.images}`, [
      same
        ? lineOf(same, name)
        : {
            name,
            wanted: null,
            frechet: { value: row.frechet.value - row.against.value, margin: null },
            images: row.images,
            verdict: '',
          },
      ...plain
        .filter(({ against }) => against !== null)
        .map((control) => lineOf(control, control.name.replace('No guidance', name))),
    ])
  }
  const controlled = [...references.values()].some((lines) => lines.length > 1)
  const own = rows.map((row) => {
    const plain = row.against === null ? baseOf(row) : row.name
    return lineOf(row, isGuided(row.settings) ? `${titled(row.name)}, s\u00a0${fixed(row.settings.scale)}` : plain)
  })
  return (
    <table className="num w-full border-t border-line text-xs">
      <caption className="pt-2 pb-1 text-left text-muted">
        How good many images are: {model.judge?.metric ?? 'Fréchet distance'}, lower is better.{' '}
        {counts.length === 1
          ? `${counts[0]!.toLocaleString('en')} images each, `
          : 'It falls with their number: compare equal ones. '}
        {rows[0]!.settings.steps} Euler steps where nothing else is said, classes in turn.{' '}
        {controlled &&
          'Most methods ask for twice the evaluations, so longer sampling without guidance is shown, too. '}
        More in the{' '}
        <a
          className="underline decoration-line underline-offset-2 hover:decoration-ink"
          href={`models/${model.id}/README.txt`}
          target="_blank"
          rel="noreferrer"
        >
          model card
        </a>
        .
      </caption>
      <tbody>
        {[...[...references.values()].flat(), ...own].map((line) => {
          const { name, wanted, images } = line
          return (
            <tr key={`${name} ${images}`} className="border-t border-line align-top">
              <th scope="row" className="py-1 pr-2 text-left font-normal">
                {wanted ? (
                  <button
                    type="button"
                    aria-pressed={sameSettings(wanted, settings)}
                    title="Take these settings"
                    className="rounded-sm text-left underline decoration-line underline-offset-2 hover:decoration-ink aria-pressed:font-medium aria-pressed:no-underline"
                    onClick={() => session.change(wanted)}
                  >
                    {name}
                  </button>
                ) : (
                  name
                )}
              </th>
              <td className="py-1 pr-2 text-right whitespace-nowrap">{estimateText(line.frechet)}</td>
              <td className="py-1 text-right whitespace-nowrap text-muted">
                {line.verdict}
                {counts.length > 1 && <span className="block">{images.toLocaleString('en')} images</span>}
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
