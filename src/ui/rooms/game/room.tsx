/** The game "which is the render?": ten pairs of a held-out render and a sample drawn here, and what the score means. */
import { useEffect, useState, useSyncExternalStore } from 'react'
import type { ModelInfo } from '../../../model/types'
import { openPort } from '../../app/engine-port'
import { useOwned } from '../../kit/use-owned'
import type { RoomProps } from '../rooms'
import { useRoomSeen } from '../shown'
import { createGame, type Game } from './game'
import { GameView } from './GameView'

/** A seed that nobody chose. */
const fresh = () => crypto.getRandomValues(new Uint32Array(1))[0]!

export default function GameRoom({ owns }: RoomProps) {
  const [port] = useState(openPort)
  const game = useOwned(() => createGame({ port, window, owns, fresh }))
  return game && <Playing game={game} models={port.models} />
}

function Playing({ game, models }: { readonly game: Game; readonly models: readonly ModelInfo[] }) {
  const shown = useRoomSeen()
  useEffect(() => game.show(shown), [game, shown])
  const state = useSyncExternalStore(game.store.subscribe, game.store.getState)
  return <GameView game={game} state={state} models={models} />
}
