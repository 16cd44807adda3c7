/** How often each score comes by guessing, with the person's own scores among them. */
import { chanceOf } from './chance'
import { PAIRS, ROUNDS, type RoundId } from './pairs'

const HEIGHT = 64
const WITH: Record<RoundId, string> = { guided: 'with guidance', unguided: 'without' }

interface GuessingProps {
  readonly scores: Readonly<Record<RoundId, number | undefined>>
}

/** Which bars are marked, and what they are of where both rounds were played. */
function legend(scores: GuessingProps['scores']): string {
  const own = ROUNDS.flatMap((round) => (scores[round] === undefined ? [] : [`${scores[round]} ${WITH[round]}`]))
  return own.length > 1 ? `Marked: ${own.join(', ')}.` : 'Yours is marked.'
}

export function Guessing({ scores }: GuessingProps) {
  const chances = Array.from({ length: PAIRS + 1 }, (_, score) => chanceOf(score, PAIRS))
  const most = Math.max(...chances)
  const isOwn = (score: number) => ROUNDS.some((round) => scores[round] === score)
  return (
    <figure className="mx-auto mt-5 w-full max-w-[26rem]">
      <div className="grid grid-cols-11 items-end gap-1 border-b border-line" style={{ height: HEIGHT }} aria-hidden>
        {chances.map((chance, score) => (
          <div
            // Scores keep their places.
            key={score}
            className={isOwn(score) ? 'bg-ink' : 'bg-line'}
            style={{ height: Math.max(2, (HEIGHT * chance) / most) }}
          />
        ))}
      </div>
      <div className="num grid grid-cols-11 gap-1 pt-1 text-center text-tiny text-muted" aria-hidden translate="no">
        {chances.map((_, score) => (
          <span key={score} className={isOwn(score) ? 'font-medium text-ink' : ''}>
            {score}
          </span>
        ))}
      </div>
      <figcaption className="mt-1 text-center text-hint text-balance text-muted">
        {`How often each score comes by guessing. ${legend(scores)}`}
      </figcaption>
    </figure>
  )
}
