/** How often each score comes by guessing, with the person's own scores among them. */
import { chanceOf } from './chance'
import { PAIRS, ROUNDS, type RoundId } from './pairs'

const HEIGHT = 64
const MARK: Record<RoundId, string> = { guided: 'with guidance', unguided: 'without' }

interface GuessingProps {
  readonly scores: Readonly<Record<RoundId, number | undefined>>
}

export function Guessing({ scores }: GuessingProps) {
  const chances = Array.from({ length: PAIRS + 1 }, (_, score) => chanceOf(score, PAIRS))
  const most = Math.max(...chances)
  const both = ROUNDS.every((round) => scores[round] !== undefined)
  return (
    <figure className="mx-auto mt-5 w-full max-w-[26rem]">
      <div className="grid grid-cols-11 items-end gap-1 border-b border-line" style={{ height: HEIGHT }} aria-hidden>
        {chances.map((chance, score) => {
          const own = ROUNDS.some((round) => scores[round] === score)
          return (
            <div
              // Scores keep their places.
              key={score}
              className={own ? 'bg-ink' : 'bg-line'}
              style={{ height: Math.max(2, (HEIGHT * chance) / most) }}
            />
          )
        })}
      </div>
      <div className="num grid grid-cols-11 gap-1 pt-1 text-center text-tiny text-muted" aria-hidden>
        {chances.map((_, score) => {
          const own = ROUNDS.filter((round) => scores[round] === score)
          return (
            <span key={score} className={`whitespace-nowrap ${own.length > 0 ? 'font-medium text-ink' : ''}`}>
              {score}
              {both &&
                own.map((round) => (
                  <span key={round} className="relative left-1/2 block w-0">
                    <span className="absolute -translate-x-1/2">{MARK[round]}</span>
                  </span>
                ))}
            </span>
          )
        })}
      </div>
      <figcaption className={`text-center text-hint text-muted ${both ? 'mt-6' : 'mt-1'}`}>
        How often each score comes by guessing; {both ? 'the marked ones are yours.' : 'the marked one is yours.'}
      </figcaption>
    </figure>
  )
}
