/** The game "which is the render?": ten pairs of a held-out render and a sample drawn here, and what the score means. */
import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import { openPort } from '../../app/engine-port'
import { storedTheme, writeTheme } from '../../app/theme'
import type { RoomProps } from '../rooms'
import { createGame } from './game'
import { GameView } from './GameView'

/** A seed that nobody chose. */
const fresh = () => crypto.getRandomValues(new Uint32Array(1))[0]!

export default function GameRoom({ owns }: RoomProps) {
  const [port] = useState(openPort)
  const [game] = useState(() => createGame({ port, window, owns, fresh }))
  useEffect(() => () => game.dispose(), [game])
  useEffect(() => writeTheme(storedTheme()), [])
  return <GameView game={game} state={useStore(game.store)} models={port.models} />
}
