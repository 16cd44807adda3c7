/** All pairs of a round once more, small: what was chosen and what was what. */
import { encodeLink } from '../../../settings'
import { Link } from '../../kit/Link'
import type { GameProps } from './props'
import { PAIRS, type Side, SIDES, settingsOfPair } from './pairs'
import { Raster } from '../../stage/Raster'
import { type Shown, shownOf } from './state'

interface SmallProps extends Pick<GameProps, 'state'> {
  readonly shown: Shown
  readonly answer: Side
  readonly number: number
}

function Small({ state: { subject, round }, shown: { pair, render, sample }, answer, number }: SmallProps) {
  const { model, settings } = subject
  const found = answer === pair.render
  return (
    <li>
      <div className="grid grid-cols-2 gap-1.5">
        {SIDES.map((side) => (
          <div key={side} className={pair.render === side ? 'outline-2 outline-offset-1 outline-ink' : ''}>
            <Raster image={pair.render === side ? render : sample} size={model.image} />
          </div>
        ))}
      </div>
      <p className="mt-1.5 flex items-baseline gap-1.5 text-hint text-muted">
        <span className="font-medium text-ink">{found ? '✓ Found' : '✗ Fooled'}</span>
        <span className="sr-only">{`pair ${number}; the render is the ${pair.render} one.`}</span>
        <span className="ml-auto">
          <Link href={`#${encodeLink(settingsOfPair(settings, pair, round, model), model)}`}>
            Open sample<span className="sr-only">{` of pair ${number} in the playground`}</span>
          </Link>
        </span>
      </p>
    </li>
  )
}

export function Pairs({ state }: Pick<GameProps, 'state'>) {
  const round = state.rounds[state.round]
  return (
    <section aria-labelledby="pairs" className="mt-8">
      <h2 id="pairs" className="text-center font-medium">
        The ten pairs; the renders are outlined
      </h2>
      <ol className="mt-3 grid grid-cols-2 gap-x-5 gap-y-4 sm:grid-cols-4 lg:grid-cols-5" data-part="pairs">
        {Array.from({ length: PAIRS }, (_, index) => {
          const shown = shownOf(state, round, index)
          const answer = round.answers[index]
          return shown && answer !== undefined ? (
            <Small key={index} state={state} shown={shown} answer={answer} number={index + 1} />
          ) : null
        })}
      </ol>
    </section>
  )
}
