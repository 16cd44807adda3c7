/** What the game knows at any time, and what a person sees of it. Pure. */
import type { EngineFailure } from '../../../core/failure'
import type { Renders } from '../../../storage/renders'
import type { EngineStatus, Fetching } from '../../engine/slice'
import type { Scores, Subject } from './address'
import { type Deck, type Pair, PAIRS, pairsOf, ROUNDS, type RoundId, scoreOf, type Side } from './pairs'

export type RendersState =
  /** The family has none. */
  | { readonly kind: 'none' }
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly renders: Renders }
  | { readonly kind: 'failed'; readonly failure: EngineFailure }

/** What a person has answered, and what has been drawn, in the order of the pairs. */
export interface Round {
  readonly pairs: readonly Pair[]
  readonly answers: readonly Side[]
  readonly samples: readonly Float32Array[]
}

export interface GameState {
  readonly subject: Subject
  readonly rounds: Readonly<Record<RoundId, Round>>
  readonly round: RoundId
  /** The pair that is looked at; `PAIRS` once the round is over. */
  readonly at: number
  readonly renders: RendersState
  readonly engine: EngineStatus
  readonly fetching: Fetching | null
  /** Why the next sample could not be drawn. */
  readonly failure: EngineFailure | null
  /** What the last sample took. */
  readonly milliseconds: number | null
  /** Said for a moment, such as that a link was copied. */
  readonly message: string | null
}

export const deckOf = ({ model }: Subject): Deck => ({
  classes: model.conditioning.classes.length,
  rows: model.renders?.rows ?? 1,
})

/** A game that begins; the engine goes on as it is. */
export function beginning(subject: Subject): Pick<GameState, 'subject' | 'rounds' | 'round' | 'at' | 'failure'> {
  const round = (id: RoundId): Round => ({
    pairs: pairsOf(subject.game, id, deckOf(subject)),
    answers: [],
    samples: [],
  })
  return {
    subject,
    rounds: { guided: round('guided'), unguided: round('unguided') },
    round: 'guided',
    at: 0,
    failure: null,
  }
}

/** Whether pictures of the round are still to be drawn or fetched; a family that can't be played needs none. */
export const needsEngine = ({ subject, renders, rounds, round }: GameState): boolean =>
  subject.model.renders !== null && (renders.kind !== 'ready' || rounds[round].samples.length < PAIRS)

/** A pair with its pictures. */
export interface Shown {
  readonly pair: Pair
  readonly render: Float32Array
  readonly sample: Float32Array
}

export type Stage =
  /** Pictures of the pair are still to come. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'asking'; readonly shown: Shown }
  | { readonly kind: 'told'; readonly shown: Shown; readonly answer: Side }
  | { readonly kind: 'over' }

/** A pair of the round, once both of its pictures are there. */
export function shownOf({ renders }: GameState, { pairs, samples }: Round, index: number): Shown | null {
  const pair = pairs[index]
  const sample = samples[index]
  if (!pair || !sample || renders.kind !== 'ready') return null
  const render = renders.renders[pair.label]?.[pair.row]
  return render ? { pair, render, sample } : null
}

export function stageOf(state: GameState): Stage {
  if (state.at >= PAIRS) return { kind: 'over' }
  const round = state.rounds[state.round]
  const shown = shownOf(state, round, state.at)
  if (!shown) return { kind: 'waiting' }
  const answer = round.answers[state.at]
  return answer === undefined ? { kind: 'asking', shown } : { kind: 'told', shown, answer }
}

/** Of the rounds that were played to their end. */
export function scoresOf({ rounds }: GameState): Scores {
  const ended = ROUNDS.filter((id) => rounds[id].answers.length === PAIRS)
  return Object.fromEntries(ended.map((id) => [id, scoreOf(rounds[id].pairs, rounds[id].answers)]))
}
