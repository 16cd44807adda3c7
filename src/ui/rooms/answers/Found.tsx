/** Who found what: for each goal how many, and at which settings, each of which opens. */
import type { Goal } from '../../../lesson'
import type { Said } from '../../../lesson'
import { linkParts } from '../../../settings'
import { plain } from '../../../core/format'
import { Line } from '../../lesson/Markdown'
import { Link } from '../../kit/Link'

interface FoundProps {
  readonly goals: readonly Goal[]
  readonly found: readonly (readonly Said<string>[])[]
  readonly sheets: number
  /** What the step's address said; null where it said nothing. */
  readonly preset: string | null
  readonly named: boolean
}

interface Place {
  readonly link: string
  readonly words: string
  readonly by: readonly string[]
}

const numeric = (text: string) => (text !== '' && Number.isFinite(Number(text)) ? Number(text) : null)

/** A number without the digits that a drag leaves. */
const shortPart = (value: string) => {
  const number = numeric(value)
  if (number === null) return value === 'inf' ? '∞' : value
  return plain(Number(number.toPrecision(3)))
}

const shortValue = (key: string, value: string) =>
  value
    .split('_')
    .map(shortPart)
    .join(key === 'window' ? ' to ' : ', ')

/** What was changed from the step's own settings, in the words of addresses. */
function wordsOf(link: string, preset: string | null): string {
  const before = linkParts(preset ?? '')
  const changed = Object.entries(linkParts(link)).filter(
    ([key, value]) => key !== 'v' && key !== 'weights' && before[key] !== value,
  )
  return changed.length === 0
    ? 'as it was'
    : changed.map(([key, value]) => `${key} ${shortValue(key, value)}`).join('; ')
}

/** Sheets that found the same are one, the commonest first. */
function placesOf(found: readonly Said<string>[], preset: string | null): readonly Place[] {
  const places = new Map<string, Place>()
  for (const { by, value } of found) {
    const words = wordsOf(value, preset)
    const before = places.get(words)
    places.set(words, { link: before?.link ?? value, words, by: [...(before?.by ?? []), by] })
  }
  return [...places.values()].sort((a, b) => b.by.length - a.by.length)
}

export function Found({ goals, found, sheets, preset, named }: FoundProps) {
  return (
    <ul data-part="answer-found" className="num flex flex-col gap-3 text-label">
      {goals.map((goal, i) => (
        <li key={i} data-count={found[i]?.length ?? 0}>
          <p className="flex items-baseline justify-between gap-3 border-b border-line pb-1">
            <span className="font-medium">
              <Line>{goal.say}</Line>
            </span>
            <span className="shrink-0 text-muted">
              found by {found[i]?.length ?? 0} of {sheets}
            </span>
          </p>
          <ul className="mt-1.5 flex flex-wrap gap-x-4 gap-y-1">
            {placesOf(found[i] ?? [], preset).map(({ link, words, by }) => (
              <li key={words}>
                <Link href={`#${link.replace(/^#/, '')}`}>{words}</Link>
                <span className="text-muted">
                  {named ? ` ${by.join(', ')}` : by.length > 1 ? ` × ${by.length}` : ''}
                </span>
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  )
}
