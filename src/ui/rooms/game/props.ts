/** What every part of the game's page is given. */
import type { Game } from './game'
import type { GameState } from './state'

export interface GameProps {
  readonly game: Game
  readonly state: GameState
}
