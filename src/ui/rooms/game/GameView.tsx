/** The page of the game: one quiet bar, and under it the pair, the score, or why there is none. */
import { type ReactNode, type RefObject, useEffect, useRef } from 'react'
import { shownFamilies } from '../../../model/families'
import type { ModelInfo } from '../../../model/types'
import { encodeLink, firstSettings } from '../../../settings'
import { statusDot, statusText } from '../../bar/engine-status'
import { Hint } from '../../kit/Hint'
import { useRoomDocument } from '../document'
import { roomAddress } from '../rooms'
import { useRoomSeen } from '../shown'
import { Failures, hasFailed } from './Failures'
import type { Game } from './game'
import { PairView } from './PairView'
import type { GameProps } from './props'
import { Score } from './Score'
import { needsEngine, stageOf } from './state'

const TITLE = 'Which is the render?'

function Bar({ state }: Pick<GameProps, 'state'>) {
  const { subject, engine } = state
  // None is loaded where no picture is to come.
  const told = engine.kind !== 'loading' || needsEngine(state)
  return (
    <header className="flex h-12 items-center gap-4 border-b border-line px-3 sm:px-6">
      <p className="shrink-0 font-semibold tracking-[-0.01em]">
        Guidance<span className="max-sm:hidden"> Playground</span>
      </p>
      <p className="num ml-auto flex min-w-0 items-center gap-1.5 text-label text-muted" data-part="engine">
        {told && (
          <>
            <span className={`size-1.5 shrink-0 rounded-full ${statusDot(engine)}`} aria-hidden />
            <span className="truncate">{statusText(engine)}</span>
          </>
        )}
      </p>
      <a href={`#${encodeLink(subject.settings, subject.model)}`} className="button" data-part="to-play">
        <span>
          Back<span className="max-sm:sr-only"> to the pictures</span>
        </span>
      </a>
    </header>
  )
}

/** The family can't be played; others can. */
function NoRenders({
  state: { subject },
  models,
}: Pick<GameProps, 'state'> & { readonly models: readonly ModelInfo[] }) {
  const others = shownFamilies(models).filter(({ renders }) => renders !== null)
  return (
    <div data-part="no-renders" className="text-center">
      <p>{`${subject.model.name} has no renders to compare with, so this game can’t be played with it.`}</p>
      {others.map((model) => (
        <a
          key={model.id}
          className="button mt-3"
          href={roomAddress('game', encodeLink(firstSettings(model), model))}
        >{`Play with ${model.name}`}</a>
      ))}
    </div>
  )
}

/** The arrow keys choose, wherever the focus is. */
function useArrows({ choose }: Game, shown: boolean) {
  useEffect(() => {
    if (!shown) return undefined
    const onKey = (event: KeyboardEvent) => {
      if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.repeat) return
      if (event.key === 'ArrowLeft') choose('left')
      else if (event.key === 'ArrowRight') choose('right')
      else return
      event.preventDefault()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [choose, shown])
}

/** A game that follows another one begins at the heading: the button that asked for it is gone. */
function useNewGame(game: number, heading: RefObject<HTMLElement | null>) {
  const before = useRef(game)
  useEffect(() => {
    if (before.current !== game) heading.current?.focus({ preventScroll: true })
    before.current = game
  }, [game, heading])
}

function content({ game, state, models }: GameProps & { readonly models: readonly ModelInfo[] }): ReactNode {
  if (state.renders.kind === 'none') return <NoRenders state={state} models={models} />
  const stage = stageOf(state)
  if (stage.kind === 'over') return <Score game={game} state={state} />
  return (
    <>
      {stage.kind === 'waiting' && hasFailed(state) && <Failures game={game} state={state} />}
      <PairView game={game} state={state} stage={stage} />
    </>
  )
}

export function GameView(props: GameProps & { readonly models: readonly ModelInfo[] }) {
  const { game, state } = props
  const shown = useRoomSeen()
  const heading = useRoomDocument(TITLE)
  useArrows(game, shown)
  useNewGame(state.subject.game, heading)
  return (
    <div className="flex min-h-dvh flex-col">
      <Bar state={state} />
      <main
        data-part="game"
        data-stage={stageOf(state).kind}
        className="mx-auto flex w-full max-w-4xl flex-1 flex-col px-3 pt-4 pb-8 sm:px-6 sm:pt-6"
      >
        <h1
          ref={heading}
          tabIndex={-1}
          className="text-center text-lead font-semibold tracking-[-0.01em] outline-none focus-visible:outline-none"
        >
          {TITLE}
        </h1>
        {state.subject.notes.map((note) => (
          <Hint key={note} className="mt-1 text-center">
            {note}
          </Hint>
        ))}
        {content(props)}
      </main>
      <div role="status" className="pointer-events-none fixed inset-x-0 bottom-6 z-40 flex justify-center">
        {state.message && <span className="rounded-md bg-ink px-3 py-1.5 text-label text-bg">{state.message}</span>}
      </div>
    </div>
  )
}
