/** Serves a room to the page around. There is one desk: it remembers where that page spoke from, whatever room is shown. */
import type { Play } from '../rooms/play/play'
import { createAddressPort } from './address-port'
import { type Desk, openDesk } from './desk'
import { createPlayPort } from './play-port'

let desk: Desk | null = null

export function serve(of: Play | string, signal: AbortSignal): void {
  if (signal.aborted) return
  desk ??= openDesk(window)
  const detach = desk.attach(typeof of === 'string' ? createAddressPort(of, window) : createPlayPort(of, window))
  signal.addEventListener('abort', detach)
}
