/** The game "which is the render?": ten pairs of a held-out render and a sample drawn here, and what the score means. */
import { useEffect, useState, useSyncExternalStore } from 'react'
import { openPort } from '../../app/engine-port'
import type { RoomProps } from '../rooms'
import { useRoomSeen } from '../shown'
import { createGame } from './game'
import { GameView } from './GameView'

/** A seed that nobody chose. */
const fresh = () => crypto.getRandomValues(new Uint32Array(1))[0]!

export default function GameRoom({ owns }: RoomProps) {
  const [port] = useState(openPort)
  const [game] = useState(() => createGame({ port, window, owns, fresh }))
  const shown = useRoomSeen()
  useEffect(() => () => game.dispose(), [game])
  useEffect(() => game.show(shown), [game, shown])
  return (
    <GameView
      game={game}
      state={useSyncExternalStore(game.store.subscribe, game.store.getState)}
      models={port.models}
    />
  )
}
