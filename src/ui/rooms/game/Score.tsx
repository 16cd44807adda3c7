/** The end of a round: the score, what guessing would give, and the pairs once more. */
import { useEffect, useRef } from 'react'
import { Hint } from '../../kit/Hint'
import { copyLink } from '../../share/copy-link'
import { Credits } from './Credits'
import { Guessing } from './Guessing'
import type { GameProps } from './props'
import { PAIRS, ROUNDS } from './pairs'
import { Pairs } from './Pairs'
import { type GameState, scoresOf } from './state'
import { comparison, interval, meaning } from './words'

/** The score of the person who sent the link, in each round that is over here too. */
function sentText({ subject: { sent } }: GameState, ended: ReturnType<typeof scoresOf>): string | null {
  const told = ROUNDS.flatMap((round) =>
    sent?.[round] !== undefined && ended[round] !== undefined
      ? [`${sent[round]} of ${PAIRS}${round === 'unguided' ? ' without guidance' : ''}`]
      : [],
  )
  return told.length > 0 ? `Whoever sent you this link found ${told.join(', and ')}.` : null
}

function Meaning({ state }: Pick<GameProps, 'state'>) {
  const scores = scoresOf(state)
  const { guided, unguided } = scores
  const score = scores[state.round] ?? 0
  const sent = sentText(state, scores)
  return (
    <div className="mx-auto mt-2 max-w-[38rem] text-center">
      <p data-part="meaning" className="text-balance">
        {meaning(score, PAIRS)}
      </p>
      {guided !== undefined && unguided !== undefined && (
        <p className="mt-1 text-balance" data-part="comparison">
          {comparison(guided, unguided, PAIRS)}
        </p>
      )}
      <Hint className="mt-1">{interval(score, PAIRS)}</Hint>
      {sent !== null && <p className="mt-1 text-label">{sent}</p>}
    </div>
  )
}

export function Score({ game, state }: GameProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus({ preventScroll: true }), [])
  const { guided, unguided } = scoresOf(state)
  const score = scoresOf(state)[state.round] ?? 0
  return (
    <>
      <h2
        ref={heading}
        tabIndex={-1}
        data-part="score"
        className="mt-4 text-center text-score leading-10 font-semibold tracking-[-0.02em] outline-none focus-visible:outline-none"
      >
        {`You found ${score} of ${PAIRS}`}
        {state.round === 'unguided' && <span className="block text-lead font-medium">without guidance</span>}
      </h2>
      <Meaning state={state} />
      <Guessing scores={{ guided, unguided }} />
      <div className="mt-4 flex flex-wrap justify-center gap-2">
        {state.round === 'guided' && (
          <button type="button" className="button" data-part="go-on" onClick={game.goOn}>
            Ten more, without guidance
          </button>
        )}
        <button type="button" className="button" data-part="again" onClick={game.playAgain}>
          Play again
        </button>
        <button type="button" className="button" data-part="share" onClick={() => void copyLink(game)}>
          Copy a link to these pairs
        </button>
      </div>
      <Pairs state={state} />
      <Credits
        model={state.subject.model}
        labels={state.rounds[state.round].pairs.map(({ label }) => label)}
        className="mx-auto mt-6 max-w-prose text-center"
      />
    </>
  )
}
