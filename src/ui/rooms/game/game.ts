/** Plays the game: reads its address, has the samples drawn while a person thinks, and takes the answers. Free of DOM. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { BackendChoice } from '../../../worker/protocol'
import type { EnginePort } from '../../app/engine-port'
import { createAddress } from '../../app/address'
import type { LinkWindow } from '../../app/link'
import { createEngineHolder } from '../../engine/apart'
import { LOADING } from '../../engine/slice'
import { readAddress, type Subject, writeAddress } from './address'
import { PAIRS, type Side } from './pairs'
import { beginning, type GameState, needsEngine, scoresOf, stageOf } from './state'
import { createHearing, createSupply, type Patch, type SupplyParts } from './supply'

const MESSAGE_MILLISECONDS = 4000

export interface Game {
  readonly store: Pick<StoreApi<GameState>, 'getState' | 'getInitialState' | 'subscribe'>
  /** Whether the game is looked at: while it is not, nothing is drawn and no engine is held. */
  show(shown: boolean): void
  /** Names the side of the render; nothing happens unless that is asked. */
  choose(side: Side): void
  /** Goes to the next pair, or to the end of the round. */
  next(): void
  /** The second round, of samples without guidance. */
  goOn(): void
  /** Other pairs, under the same settings. */
  playAgain(): void
  /** Does again what failed. */
  retry(choice?: BackendChoice): void
  /** An address that replays these pairs, and tells the scores. */
  link(): string
  say(message: string): void
  dispose(): void
}

export interface GameParts extends SupplyParts {
  readonly port: Pick<EnginePort, 'models' | 'connect' | 'rendersOf'>
  readonly window: LinkWindow & SupplyParts['window']
  readonly owns: (hash: string) => boolean
  /** A seed that nobody chose. */
  readonly fresh: () => number
}

function createCommands(
  { window }: GameParts,
  get: () => GameState,
  patch: Patch,
  begin: () => void,
): Pick<Game, 'choose' | 'next' | 'goOn' | 'link' | 'say'> {
  let timer = 0
  return {
    choose: (side) => {
      const { rounds, round } = get()
      if (stageOf(get()).kind !== 'asking') return
      patch({ rounds: { ...rounds, [round]: { ...rounds[round], answers: [...rounds[round].answers, side] } } })
    },
    next: () => {
      if (stageOf(get()).kind === 'told') patch({ at: get().at + 1 })
    },
    goOn: () => {
      if (get().round !== 'guided' || get().at < PAIRS) return
      patch({ round: 'unguided', at: 0 })
      begin()
    },
    link: () => `${window.location.href.replace(/#.*$/, '')}${writeAddress(get().subject, scoresOf(get()))}`,
    say: (message) => {
      window.clearTimeout(timer)
      patch({ message })
      timer = window.setTimeout(() => patch({ message: null }), MESSAGE_MILLISECONDS)
    },
  }
}

/** Opens the game that the address names whenever it is another one, and names in the address what it left to chance. */
function followAddress(
  { window, owns }: GameParts,
  read: () => Subject,
  current: () => Subject,
  open: (subject: Subject) => void,
) {
  const address = createAddress(window)
  const name = (subject: Subject) => address.replace(writeAddress(subject, subject.sent ?? {}), null)
  const onHistory = () => {
    address.forget()
    if (!owns(window.location.hash)) return
    const subject = read()
    name(subject)
    if (writeAddress(subject) !== writeAddress(current())) open(subject)
  }
  // Who goes back before the game has arrived is at another address by now; the game's own is named once it is gone to.
  if (owns(window.location.hash)) name(current())
  window.addEventListener('popstate', onHistory)
  return {
    goTo: (subject: Subject) => {
      address.push(writeAddress(subject), null)
      open(subject)
    },
    dispose: () => {
      address.forget()
      window.removeEventListener('popstate', onHistory)
    },
  }
}

export function createGame(parts: GameParts): Game {
  const { port, window, fresh } = parts
  const read = (): Subject => readAddress(window.location.hash, port.models, fresh)
  const first = read()
  const store = createStore<GameState>(() => ({
    ...beginning(first),
    renders: { kind: 'loading' },
    engine: LOADING,
    fetching: null,
    milliseconds: null,
    message: null,
  }))
  const { getState: get, setState: patch } = store
  const supply = createSupply(parts, patch, get)
  const engines = createEngineHolder(port, createHearing(patch, get, supply.ready))
  let shown = false
  const begin = () => {
    if (!shown) return
    const { model } = get().subject
    if (!model.renders) patch({ renders: { kind: 'none' } })
    else if (needsEngine(get())) supply.begin(engines.of(model.id).engine)
  }

  function open(subject: Subject) {
    const other = subject.model !== get().subject.model
    patch({ ...beginning(subject), ...(other && { renders: { kind: 'loading' }, engine: LOADING }) })
    begin()
  }
  const address = followAddress(parts, read, () => get().subject, open)
  const stop = () => {
    supply.stop()
    engines.drop()
    patch({ engine: LOADING, fetching: null })
  }

  return {
    ...createCommands(parts, get, patch, begin),
    store,
    show: (next) => {
      shown = next
      if (shown) begin()
      else stop()
    },
    playAgain: () => {
      address.goTo({ ...get().subject, game: fresh(), sent: null, notes: [] })
    },
    retry: (choice = 'auto') => {
      const { engine, isNew } = engines.of(get().subject.model.id, choice)
      if (!isNew && get().engine.kind === 'failed') {
        patch({ engine: LOADING })
        engine.start(get().subject.model.id, choice)
      }
      supply.begin(engine)
    },
    dispose: () => {
      address.dispose()
      stop()
    },
  }
}
