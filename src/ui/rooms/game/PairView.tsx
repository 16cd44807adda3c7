/** One pair: two pictures of equal size, of which a person chooses one and is told at once what both are. */
import { useEffect, useRef } from 'react'
import { loadedShare, statusText } from '../../bar/engine-status'
import { fetchingText } from '../../engine/fetching'
import { Hint } from '../../kit/Hint'
import { Key } from '../../kit/Key'
import { Progress } from '../../kit/Progress'
import type { GameProps } from './props'
import { Marks } from './Marks'
import { PAIRS, type Side, SIDES } from './pairs'
import { Raster } from '../../stage/Raster'
import { Told } from './Told'
import type { GameState, Shown, Stage } from './state'
import { duration, verdict } from './words'

export type PairStage = Exclude<Stage, { kind: 'over' }>

const NAME: Record<Side, string> = { left: 'Left', right: 'Right' }

/** What a person waits for. */
function waitingText({ engine, renders, fetching, milliseconds }: GameState): string {
  if (engine.kind !== 'ready') return statusText(engine)
  if (fetching) return fetchingText(fetching)
  if (renders.kind !== 'ready') return 'Fetching the renders'
  return milliseconds === null ? 'Drawing the first picture' : `Drawing; a picture takes ${duration(milliseconds)} here`
}

interface PlaceProps {
  readonly side: Side
  readonly stage: PairStage
  readonly state: GameState
  readonly onChoose: (side: Side) => void
}

/** The render and the sample are drawn alike: the same bytes, the same filter, the same place on the page. */
const imageOf = ({ pair, render, sample }: Shown, side: Side) => (pair.render === side ? render : sample)

/** What a picture was, under it. */
function captionOf(stage: PairStage, side: Side): string {
  if (stage.kind !== 'told') return NAME[side]
  return stage.shown.pair.render === side ? 'The render' : 'Drawn by the network'
}

function Place({ side, stage, state, onChoose }: PlaceProps) {
  const shown = stage.kind === 'waiting' ? null : stage.shown
  const isRender = stage.kind === 'told' && stage.shown.pair.render === side
  const chosen = stage.kind === 'told' && stage.answer === side
  return (
    <figure className="min-w-0" data-part={`place-${side}`}>
      <div
        className={`relative overflow-hidden rounded-[3px] outline-offset-2 ${isRender ? 'outline-2 outline-ink' : ''}`}
      >
        <Raster image={shown && imageOf(shown, side)} size={state.subject.model.image} />
        {stage.kind === 'asking' && (
          <button
            type="button"
            data-part={`choose-${side}`}
            className="absolute inset-0 rounded-[3px] hover:outline-2 hover:outline-edge"
            aria-label={`The ${side} picture is the render`}
            onClick={() => onChoose(side)}
          />
        )}
      </div>
      <figcaption className="mt-2 text-center text-label">
        <span className="sr-only">{`${NAME[side]} picture: `}</span>
        <span className={isRender ? 'font-medium' : 'text-muted'}>{captionOf(stage, side)}</span>{' '}
        {chosen && <span className="text-muted">· your choice</span>}
        {stage.kind === 'asking' && (
          <span className="max-sm:hidden" aria-hidden>
            <Key>{side === 'left' ? '←' : '→'}</Key>
          </span>
        )}
      </figcaption>
    </figure>
  )
}

/** What is asked, or what is waited for. */
function Question({ state, waiting }: { readonly state: GameState; readonly waiting: boolean }) {
  const { engine, at, round, subject } = state
  return (
    <div className="mx-auto mt-3 max-w-prose text-center">
      <p data-part="question" className={waiting ? 'num text-muted' : 'text-sentence font-medium'}>
        {waiting ? waitingText(state) : 'Choose the render.'}
      </p>
      {waiting && engine.kind === 'loading' && (
        <Progress
          className="mx-auto mt-2 max-w-60 bg-line"
          label="Loading the model"
          done={loadedShare(engine.phase)}
          total={1}
        />
      )}
      {at === 0 && round === 'guided' && subject.sent?.guided !== undefined && (
        <Hint className="mt-1">{`Whoever sent you this link found ${subject.sent.guided} of ${PAIRS}.`}</Hint>
      )}
    </div>
  )
}

/** What is read aloud: not how far a download is, which changes all the time. */
function announcement(stage: PairStage, at: number): string {
  switch (stage.kind) {
    case 'waiting':
      return ''
    case 'asking':
      return `Pair ${at + 1} of ${PAIRS}: is the left or the right picture the render?`
    case 'told':
      return verdict(stage.answer, stage.shown.pair.render)
    default:
      return stage satisfies never
  }
}

const LEAD: Record<GameState['round'], string> = {
  guided:
    'One picture is a render, made by the program that the network learned from. The network has just drawn the other one in your browser, with guidance.',
  unguided: 'The same once more, but now the network draws without guidance.',
}

export function PairView({ game, state, stage }: GameProps & { readonly stage: PairStage }) {
  const pair = useRef<HTMLElement>(null)
  const { at, round } = state
  // The button that led here is gone; the keyboard goes on from the pair.
  useEffect(() => {
    if (at > 0 || round === 'unguided') pair.current?.focus({ preventScroll: true })
  }, [at, round])
  return (
    <>
      <p className="mx-auto mt-1 max-w-[36rem] text-center text-label text-balance text-muted">{LEAD[round]}</p>
      <Marks state={state} />
      <p role="status" className="sr-only" data-part="announcement">
        {announcement(stage, at)}
      </p>
      <section
        ref={pair}
        tabIndex={-1}
        aria-label={`Pair ${at + 1} of ${PAIRS}`}
        className="mx-auto mt-4 w-full max-w-[max(16rem,calc(2*(100dvh-26rem)+1.5rem))] outline-none focus-visible:outline-none"
      >
        <div className="grid grid-cols-2 gap-2 sm:gap-6">
          {SIDES.map((side) => (
            <Place key={side} side={side} stage={stage} state={state} onChoose={game.choose} />
          ))}
        </div>
        <div className="min-h-36">
          {stage.kind === 'told' ? (
            <Told game={game} state={state} stage={stage} />
          ) : (
            <Question state={state} waiting={stage.kind === 'waiting'} />
          )}
        </div>
      </section>
    </>
  )
}
