/** From the pictures to where they become a lesson's step. A lesson that is open is left: its steps hold what can be set. */
import { encodeLink } from '../../settings'
import type { Session } from '../app/session'
import { go } from '../lesson/address'
import { roomAddress } from '../rooms/rooms'

export function make(session: Session): void {
  const { settings, model } = session.store.getState()
  go(roomAddress('make', encodeLink(settings, model)))
}
