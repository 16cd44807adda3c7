/** What a pair was: whether the choice was right, what gives the sample away, and whose drawings these are. */
import { useEffect, useRef } from 'react'
import { encodeLink } from '../../../settings'
import { Hint } from '../../kit/Hint'
import { Link } from '../../kit/Link'
import { caption } from '../../../settings/words'
import { Credits } from './Credits'
import type { GameProps } from './props'
import { PAIRS, settingsOfPair } from './pairs'
import type { Stage } from './state'
import { verdict } from './words'

export function Told({ game, state, stage }: GameProps & { readonly stage: Extract<Stage, { kind: 'told' }> }) {
  const next = useRef<HTMLButtonElement>(null)
  const { model, settings } = state.subject
  const { pair } = stage.shown
  const drawn = settingsOfPair(settings, pair, state.round, model)
  useEffect(() => next.current?.focus({ preventScroll: true }), [])
  return (
    <div className="mx-auto mt-3 max-w-prose text-center">
      <p data-part="verdict" data-found={stage.answer === pair.render} className="text-sentence font-medium">
        {verdict(stage.answer, pair.render)}
      </p>
      <button ref={next} type="button" className="button mt-2" data-part="next" onClick={game.next}>
        {state.at + 1 < PAIRS ? 'Next pair' : 'See the score'}
      </button>
      {model.renders?.look && <p className="mt-3 text-label text-balance text-muted">{model.renders.look}</p>}
      <Hint className="mt-2 text-balance">
        {caption(drawn, model)} · <Link href={`#${encodeLink(drawn, model)}`}>open it in the playground</Link>
      </Hint>
      <Credits model={model} labels={[pair.label]} className="mt-1" />
    </div>
  )
}
